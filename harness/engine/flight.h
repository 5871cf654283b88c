// Flight: what an end is about to say, step by step. A body is asked for when its turn comes,
// behind the steps in front of it, so that a Finished covers what was really sent, whatever a hook
// made of it. Used by the engine's states, which write flights, and by hooks, which rewrite them.
#pragma once

#include "harness/base/bytes.h"
#include "harness/crypto/record_keys.h"
#include "harness/wire/handshake.h"
#include "harness/wire/record.h"

#include <functional>
#include <vector>

namespace assay::engine {

struct Step {
  enum class Kind {
    message,      // a handshake message of `type`
    record,       // a record of `content_type`: ChangeCipherSpec, alert, application data, anything
    change_keys,  // what follows is written with `keys`
    turn,         // nothing is said: `body` is called, for what has to happen between two steps
  };
  Kind kind = Kind::message;
  HandshakeType type = HandshakeType::finished;
  ContentType content_type = ContentType::handshake;
  std::function<Bytes()> body;
  std::function<RecordKeys()> keys;
};
using Flight = std::vector<Step>;

[[nodiscard]] inline Step say(HandshakeType type, std::function<Bytes()> body) {
  return {Step::Kind::message, type, ContentType::handshake, std::move(body), {}};
}
[[nodiscard]] inline Step say_record(ContentType type, Bytes content) {
  return {Step::Kind::record, {}, type, [content = std::move(content)] { return content; }, {}};
}
[[nodiscard]] inline Step change_cipher_spec() {
  return say_record(ContentType::change_cipher_spec, Bytes{1});
}
[[nodiscard]] inline Step change_keys(std::function<RecordKeys()> keys) {
  return {Step::Kind::change_keys, {}, {}, {}, std::move(keys)};
}
[[nodiscard]] inline Step turn(std::function<void()> what) {
  return {Step::Kind::turn, {}, {}, [what = std::move(what)] { return what(), Bytes(); }, {}};
}

/// A record before it is protected.
struct PlainRecord {
  ContentType type = ContentType::handshake;
  Bytes content;
  std::uint16_t version = kRecordVersion;
  std::size_t padding = 0;                // TLS 1.3
  std::optional<std::uint64_t> sequence;  // other than its turn; the turn is used up all the same
  bool unprotected = false;               // goes out in the clear although there are keys
  std::optional<std::uint64_t> explicit_nonce;  // TLS 1.2 with GCM or CCM: other than the sequence
};

}  // namespace assay::engine
