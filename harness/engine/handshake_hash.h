// HandshakeHash: the running hash over the messages of a handshake (RFC 8446 §4.4.1, RFC 5246
// §7.4.9). Messages wait until the suite, and so the hash, is known, and the last one until it is
// asked for, so that a Finished can be judged by what stood in front of it. Used by the engine.
#pragma once

#include "harness/crypto/kdf.h"

#include <optional>

namespace assay::engine {

class HandshakeHash {
 public:
  void add(View message);
  void choose(Hash hash);
  /// RFC 8446 §4.4.1: at a HelloRetryRequest the first hello becomes a message_hash. The hash is
  /// chosen.
  void fold_first_hello();
  /// Over what was added so far; std::logic_error before the hash is chosen.
  [[nodiscard]] Bytes value();
  /// The same without the message that was added last.
  [[nodiscard]] Bytes value_before_last();
  /// All that was added: TLS 1.2 signs the messages themselves (RFC 5246 §7.4.8).
  [[nodiscard]] View messages() const { return messages_; }
  [[nodiscard]] View messages_before_last() const { return View(messages_).first(last_at_); }

 private:
  [[nodiscard]] Bytes value_of_first(std::size_t size);

  Bytes messages_;
  std::size_t last_at_ = 0;
  std::optional<RunningDigest> digest_;
  std::size_t digested_ = 0;
  Hash hash_ = Hash::sha256;
};

}  // namespace assay::engine
