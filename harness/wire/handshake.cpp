#include "harness/wire/handshake.h"

#include "harness/base/reader.h"

#include <array>

namespace assay {
namespace {

constexpr std::size_t kMessageHeaderSize = 4;

// RFC 8446 §4.1.3: a ServerHello with this random is a HelloRetryRequest.
constexpr std::array<std::uint8_t, 32> kHelloRetryRandom = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

const Extension* find_in(const std::vector<Extension>& extensions, std::uint16_t type) {
  for (const Extension& each : extensions) {
    if (each.extension_type == type) return &each;
  }
  return nullptr;
}

std::vector<Extension> read_extensions(Reader& reader) {
  std::vector<Extension> extensions;
  // RFC 5246 §7.4.1.2: a hello may end without extensions.
  if (reader.empty()) return extensions;
  Reader list(reader.vector(2, "extensions"));
  while (reader.ok() && list.ok() && !list.empty()) {
    Extension each;
    each.extension_type = list.u16("extension_type");
    each.extension_data = bytes_of(list.vector(2, "extension_data"));
    extensions.push_back(std::move(each));
  }
  // A list that breaks off breaks the message: the reader takes the blame over.
  if (!list.ok()) static_cast<void>(reader.octets(npos, list.failed_field()));
  return extensions;
}

template <typename Message>
Decoded<Message> judged(Message message, Reader& reader) {
  // RFC 8446 §6.2: a length that leaves octets over is a decode_error.
  if (reader.ok() && !reader.empty()) static_cast<void>(reader.octets(npos, "end"));
  if (!reader.ok()) return {std::nullopt, reader.failed_field()};
  return {std::move(message), {}};
}

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

const Extension* ClientHello::find(std::uint16_t type) const { return find_in(extensions, type); }

std::vector<std::uint16_t> ClientHello::versions() const {
  const Extension* offered = find(extension::kSupportedVersions);
  if (offered == nullptr) return {legacy_version};
  std::vector<std::uint16_t> versions;
  Reader reader(offered->extension_data);
  Reader list(reader.vector(1, "versions"));
  while (list.rest().size() >= 2) versions.push_back(list.u16("version"));
  return versions;
}

const Extension* ServerHello::find(std::uint16_t type) const { return find_in(extensions, type); }

std::uint16_t ServerHello::version() const {
  const Extension* chosen = find(extension::kSupportedVersions);
  if (chosen == nullptr) return legacy_version;
  Reader reader(chosen->extension_data);
  return reader.u16("selected_version");
}

bool ServerHello::is_hello_retry_request() const { return equal(random, kHelloRetryRandom); }

bool ServerHello::encrypt_then_mac() const { return find(extension::kEncryptThenMac) != nullptr; }

bool ServerHello::extended_master_secret() const {
  return find(extension::kExtendedMasterSecret) != nullptr;
}

Decoded<ClientHello> read_client_hello(View body) {
  Reader reader(body);
  ClientHello hello;
  hello.legacy_version = reader.u16("legacy_version");
  hello.random = bytes_of(reader.octets(32, "random"));
  hello.legacy_session_id = bytes_of(reader.vector(1, "legacy_session_id"));
  Reader suites(reader.vector(2, "cipher_suites"));
  while (suites.ok() && !suites.empty()) hello.cipher_suites.push_back(suites.u16("cipher_suite"));
  if (!suites.ok()) static_cast<void>(reader.octets(npos, "cipher_suites"));
  hello.legacy_compression_methods = bytes_of(reader.vector(1, "legacy_compression_methods"));
  hello.extensions = read_extensions(reader);
  return judged(std::move(hello), reader);
}

Decoded<ServerHello> read_server_hello(View body) {
  Reader reader(body);
  ServerHello hello;
  hello.legacy_version = reader.u16("legacy_version");
  hello.random = bytes_of(reader.octets(32, "random"));
  hello.legacy_session_id_echo = bytes_of(reader.vector(1, "legacy_session_id_echo"));
  hello.cipher_suite = reader.u16("cipher_suite");
  hello.legacy_compression_method = reader.u8("legacy_compression_method");
  hello.extensions = read_extensions(reader);
  return judged(std::move(hello), reader);
}

}  // namespace assay
