#include "harness/engine/handshake_hash.h"

#include "harness/base/reader.h"
#include "harness/wire/handshake.h"

#include <stdexcept>
#include <utility>

namespace assay::engine {

void HandshakeHash::add(View message) {
  last_at_ = messages_.size();
  append(messages_, message);
}

void HandshakeHash::choose(Hash hash) {
  if (digest_ && hash == hash_) return;
  hash_ = hash;
  digest_.emplace(hash);
  digested_ = 0;
}

void HandshakeHash::fold_first_hello() {
  Reader reader(messages_);
  static_cast<void>(reader.u8("msg_type"));
  static_cast<void>(reader.vector(3, "body"));
  const Bytes rest = bytes_of(reader.rest());
  const View hello = View(messages_).first(messages_.size() - rest.size());
  // RFC 8446 §4.4.1: the hash of ClientHello1 stands for it, as a message of its own.
  Bytes folded = compose_handshake(HandshakeType::message_hash, digest(hash_, hello));
  last_at_ = folded.size();
  append(folded, rest);
  messages_ = std::move(folded);
  digest_.emplace(hash_);
  digested_ = 0;
}

Bytes HandshakeHash::value() { return value_of_first(messages_.size()); }

Bytes HandshakeHash::value_before_last() { return value_of_first(last_at_); }

Bytes HandshakeHash::value_of_first(std::size_t size) {
  if (!digest_) throw std::logic_error("a handshake hash before its hash is chosen");
  // What was digested cannot be taken back: a state that is asked out of order starts again.
  if (size < digested_) return digest(hash_, View(messages_).first(size));
  digest_->update(View(messages_).subspan(digested_, size - digested_));
  digested_ = size;
  return digest_->current();
}

}  // namespace assay::engine
