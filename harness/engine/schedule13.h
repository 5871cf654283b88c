// The key schedule of TLS 1.3 (RFC 8446 §7.1): one secret that advances from early to handshake to
// master, and what is derived from each. Used by both roles; tested with RFC 8448.
#pragma once

#include "harness/crypto/kdf.h"

namespace assay::engine {

class Schedule13 {
 public:
  /// The early secret; without a PSK its place is taken by zeros.
  explicit Schedule13(Hash hash, View psk = {});

  [[nodiscard]] Hash hash() const { return hash_; }
  /// To the handshake secret with what was agreed (zeros: psk_ke), then to the master secret.
  void enter_handshake(View shared_secret);
  void enter_application();

  /// Derive-Secret of the present stage, with the transcript hash that belongs to the label.
  [[nodiscard]] Bytes derive(std::string_view label, View transcript_hash) const;
  /// RFC 8446 §4.2.11.2, of the early stage. `label`: "ext binder" or "res binder".
  [[nodiscard]] Bytes binder_key(std::string_view label) const;

 private:
  void advance(View input);

  Hash hash_;
  Bytes secret_;
};

/// RFC 8446 §4.4.4: verify_data under a traffic secret or a binder key.
[[nodiscard]] Bytes verify_data13(Hash hash, View base_key, View transcript_hash);
/// RFC 8446 §7.2.
[[nodiscard]] Bytes next_traffic_secret(Hash hash, View secret);
/// RFC 8446 §4.6.1: the PSK of a ticket.
[[nodiscard]] Bytes ticket_psk(Hash hash, View resumption_secret, View ticket_nonce);

}  // namespace assay::engine
