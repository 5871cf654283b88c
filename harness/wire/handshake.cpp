#include "harness/wire/handshake.h"

#include "harness/base/reader.h"

namespace assay {
namespace {

constexpr std::size_t kMessageHeaderSize = 4;

}  // namespace

Bytes compose_handshake(HandshakeType type, View body) {
  Bytes message;
  put_u8(message, static_cast<std::uint8_t>(type));
  put_vector(message, 3, body);
  return message;
}

void HandshakeAssembler::feed(View fragment) {
  if (!too_large_) append(buffer_, fragment);
}

std::optional<HandshakeMessage> HandshakeAssembler::next() {
  Reader reader(buffer_);
  HandshakeMessage message;
  message.type = static_cast<HandshakeType>(reader.u8("msg_type"));
  const std::uint32_t length = reader.u24("length");
  if (!reader.ok()) return std::nullopt;
  if (length > kMaxMessage) {
    too_large_ = true;
    Bytes().swap(buffer_);
    return std::nullopt;
  }
  message.body = bytes_of(reader.octets(length, "body"));
  if (!reader.ok()) return std::nullopt;
  drop_front(buffer_, kMessageHeaderSize + length);
  if (buffer_.empty()) Bytes().swap(buffer_);
  return message;
}

}  // namespace assay
