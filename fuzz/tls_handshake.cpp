// Fuzz target tls_handshake: fragments joined into messages, and every codec of harness/wire. The
// first octet is 'A' (a stream of messages, each of which is then read as what its type says) or
// chooses a codec of kCodecs; the second seeds the cuts; the rest is what is read.
#include "fuzz/pieces.h"
#include "fuzz/target.h"
#include "harness/wire/certificate.h"
#include "harness/wire/handshake.h"
#include "harness/wire/hello.h"
#include "harness/wire/key_exchange.h"
#include "harness/wire/session.h"

#include <algorithm>
#include <iterator>

namespace assay::fuzz {
namespace {

/// RFC 8446 §3: there is one way to write a value, so what could be read is written as it came.
template <typename Message>
Decoded<Message> examine_codec(View octets) {
  auto decoded = decode<Message>(octets);
  require(decoded.failed_field.empty() == static_cast<bool>(decoded),
          "there is a message, or a field that failed");
  if (decoded) require(equal(encode(*decoded), octets), "what is read is written as it came");
  return decoded;
}

template <typename Message>
void codec(View octets) {
  static_cast<void>(examine_codec<Message>(octets));
}

/// Anonymous kinds end behind their parameters, which only the suite tells.
template <typename Params>
void anonymous_codec(View octets) {
  Decoder decoder(octets);
  ServerKeyExchange<Params> message;
  message.anonymous = true;
  fields(decoder, message);
  decoder.end();
  if (decoder.ok()) require(equal(encode(message), octets), "anonymous ones, too");
}

void psks(View octets) {
  const auto offered = examine_codec<OfferedPsks>(octets);
  if (!offered) return;
  Encoder encoder;
  encoder.list("binders", 2, offered->binders);
  require(encoder.take().size() == size_of_binders(offered->binders), "binders have their size");
}

/// Extensions as a list that is searched and changed.
void examine_extensions(std::vector<Extension> list) {
  const auto repeated = repeated_extension(list);
  std::vector<std::uint16_t> types;
  for (const Extension& each : list) {
    const Extension* found = find_extension(list, each.extension_type);
    require(found != nullptr && found <= &each, "an extension that is there is found");
    types.push_back(each.extension_type);
  }
  std::ranges::sort(types);
  const bool twice = std::ranges::adjacent_find(types) != types.end();
  require(repeated.has_value() == twice, "an extension that comes twice is seen");
  if (list.empty()) return;
  const std::uint16_t type = list.front().extension_type;
  set_extension(list, type, {1, 2, 3});
  require(find_extension(list, type)->extension_data == Bytes{1, 2, 3}, "it is changed in place");
  require(list.size() == types.size(), "and nothing is added");
  remove_extension(list, type);
  require(find_extension(list, type) == nullptr, "it is gone when it is removed");
}

void client_hello(View octets) {
  const auto hello = examine_codec<ClientHello>(octets);
  if (!hello) return;
  examine_extensions(hello->extensions);
  require(!hello->without_extensions || hello->extensions.empty(), "none where there is no list");
  require(hello->versions().size() <= octets.size(), "versions are bounded");
  for (const std::uint16_t suite : hello->cipher_suites) {
    require(hello->offers_suite(suite), "a suite that is offered is seen");
  }
}

void server_hello(View octets) {
  const auto hello = examine_codec<ServerHello>(octets);
  if (!hello) return;
  examine_extensions(hello->extensions);
  static_cast<void>(hello->version());
  Bytes random = hello->random;
  require(!hello->is_hello_retry_request() || equal(random, hello_retry_random()), "a retry");
  for (const auto mark : {DowngradeMark::to_tls12, DowngradeMark::below_tls12}) {
    mark_downgrade(random, mark);
    require(downgrade_mark(random) == mark, "a mark that is set is read");
  }
}

template <typename Message>
void with_extensions(View octets) {
  if (const auto message = examine_codec<Message>(octets)) examine_extensions(message->extensions);
}

void key_update(View octets) {
  const auto update = examine_codec<KeyUpdate>(octets);
  require(static_cast<bool>(update) == (octets.size() == 1), "a KeyUpdate is one octet");
}

constexpr void (*kCodecs[])(View) = {
    client_hello,
    server_hello,
    with_extensions<EncryptedExtensions>,
    codec<Certificate13>,
    codec<Certificate12>,
    codec<CertificateEntry>,
    codec<CertificateData>,
    with_extensions<CertificateRequest13>,
    codec<CertificateRequest12>,
    codec<CertificateVerify>,
    codec<CertificateStatus>,
    codec<ServerKeyExchange<EcdhParams>>,
    codec<ServerKeyExchange<DhParams>>,
    anonymous_codec<EcdhParams>,
    anonymous_codec<DhParams>,
    codec<EcdhParams>,
    codec<DhParams>,
    codec<EcdhPublic>,
    codec<LongPublic>,
    with_extensions<NewSessionTicket13>,
    codec<NewSessionTicket12>,
    codec<MaxEarlyData>,
    key_update,
    codec<Extension>,
    codec<NumberList>,
    codec<VersionList>,
    codec<OctetList>,
    codec<Number16>,
    codec<KeyShareEntry>,
    codec<KeyShareList>,
    codec<Cookie>,
    codec<ServerNameList>,
    codec<ServerName>,
    codec<ProtocolNameList>,
    codec<PskIdentity>,
    psks,
    codec<RenegotiationInfo>,
    codec<AuthorityName>,
    codec<CertificateAuthorities>,
};

/// A message as all that its type can be, whatever the version.
void examine_message(const HandshakeMessage& message) {
  const View body = message.body;
  switch (message.type) {
    case HandshakeType::client_hello:
      return client_hello(body);
    case HandshakeType::server_hello:
      return server_hello(body);
    case HandshakeType::encrypted_extensions:
      return with_extensions<EncryptedExtensions>(body);
    case HandshakeType::certificate:
      codec<Certificate12>(body);
      return codec<Certificate13>(body);
    case HandshakeType::certificate_request:
      codec<CertificateRequest12>(body);
      return with_extensions<CertificateRequest13>(body);
    case HandshakeType::certificate_verify:
      return codec<CertificateVerify>(body);
    case HandshakeType::certificate_status:
      return codec<CertificateStatus>(body);
    case HandshakeType::server_key_exchange:
      codec<ServerKeyExchange<DhParams>>(body);
      return codec<ServerKeyExchange<EcdhParams>>(body);
    case HandshakeType::client_key_exchange:
      codec<LongPublic>(body);
      return codec<EcdhPublic>(body);
    case HandshakeType::new_session_ticket:
      codec<NewSessionTicket12>(body);
      return with_extensions<NewSessionTicket13>(body);
    case HandshakeType::key_update:
      return key_update(body);
    default:
      return;
  }
}

struct Stream {
  std::vector<Bytes> messages;
  bool too_large = false;
  bool empty = true;
  bool operator==(const Stream&) const = default;
};

Stream join(const std::vector<View>& parts) {
  HandshakeAssembler assembler;
  Stream stream;
  std::size_t waiting = 0;
  for (const View part : parts) {
    assembler.feed(part);
    waiting += part.size();
    while (const auto message = assembler.next()) {
      stream.messages.push_back(compose_handshake(message->type, message->body));
      waiting -= stream.messages.back().size();
    }
    // RFC 8446 §4: a length has three octets; nobody waits for as many.
    require(assembler.too_large() || waiting < HandshakeAssembler::kMaxMessage + 4,
            "what waits for its rest is shorter than a message may be");
    require(assembler.too_large() || assembler.empty() == (waiting == 0), "what waits is told");
  }
  stream.too_large = assembler.too_large();
  stream.empty = assembler.empty();
  return stream;
}

void examine_stream(View octets, std::uint8_t seed) {
  const Stream whole = join({octets});
  require(join(pieces(octets, seed)) == whole, "messages do not depend on the cuts");
  std::size_t at = 0;
  for (const Bytes& message : whole.messages) {
    require(equal(octets.subspan(at, message.size()), message),
            "a message is put together as it was taken apart");
    at += message.size();
    examine_message({static_cast<HandshakeType>(message[0]), bytes_of(View(message).subspan(4))});
  }
}

void examine(std::uint8_t what, std::uint8_t seed, View octets) {
  if (what == 'A') return examine_stream(octets, seed);
  kCodecs[what % std::size(kCodecs)](octets);
}

}  // namespace
}  // namespace assay::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return -1;
  assay::fuzz::examine(data[0], data[1], assay::View(data + 2, size - 2));
  return 0;
}
