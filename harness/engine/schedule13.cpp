#include "harness/engine/schedule13.h"

namespace assay::engine {

Schedule13::Schedule13(Hash hash, View psk) : hash_(hash) {
  const Bytes zeros(size_of(hash));
  secret_ = hkdf_extract(hash, {}, psk.empty() ? View(zeros) : psk);
}

void Schedule13::enter_handshake(View shared_secret) { advance(shared_secret); }

void Schedule13::enter_application() { advance({}); }

void Schedule13::advance(View input) {
  const Bytes zeros(size_of(hash_));
  const Bytes salt = derive("derived", digest(hash_, {}));
  secret_ = hkdf_extract(hash_, salt, input.empty() ? View(zeros) : input);
}

Bytes Schedule13::derive(std::string_view label, View transcript_hash) const {
  return hkdf_expand_label(hash_, secret_, label, transcript_hash, size_of(hash_));
}

Bytes Schedule13::binder_key(std::string_view label) const {
  return derive(label, digest(hash_, {}));
}

Bytes verify_data13(Hash hash, View base_key, View transcript_hash) {
  const Bytes finished_key = hkdf_expand_label(hash, base_key, "finished", {}, size_of(hash));
  return hmac(hash, finished_key, transcript_hash);
}

Bytes next_traffic_secret(Hash hash, View secret) {
  return hkdf_expand_label(hash, secret, "traffic upd", {}, size_of(hash));
}

Bytes ticket_psk(Hash hash, View resumption_secret, View ticket_nonce) {
  return hkdf_expand_label(hash, resumption_secret, "resumption", ticket_nonce, size_of(hash));
}

}  // namespace assay::engine
