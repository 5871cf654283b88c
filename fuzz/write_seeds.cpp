// Writes seeds of the TLS targets: handshakes of every kind that tls_choice.h can ask for, as they
// are on the wire, and as edits of an engine opposite. Run by hand when ends or choices change:
// write_seeds FOLDER, which is fuzz/corpus.
#include "fuzz/edits.h"
#include "fuzz/fixed_chance.h"
#include "fuzz/target.h"
#include "fuzz/tls_play.h"
#include "harness/wire/record.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace assay::fuzz {
namespace {

constexpr std::uint8_t kRaw = 0x00;
constexpr std::uint8_t kOpposite = 0x07;
constexpr std::uint8_t kCompared = 0x08;
constexpr std::uint8_t kLenient = 0x10;

struct Kind {
  std::string_view name;
  std::uint8_t versions_and_suites;
  std::uint8_t handshake;
  std::uint8_t features;
};
constexpr Kind kKinds[] = {
    {"tls12", 0x04, 0x00, 0x00},         {"tls12_cbc", 0x14, 0x00, 0x02},
    {"tls12_etm", 0x18, 0x00, 0x01},     {"tls12_rsa", 0x1c, 0x02, 0x10},
    {"tls12_client", 0x24, 0x0c, 0x00},  {"tls12_resumed", 0x0c, 0x40, 0x00},
    {"tls13", 0x05, 0x00, 0x01},         {"tls13_chacha", 0x4d, 0x00, 0x84},
    {"tls13_retry", 0x05, 0x21, 0x40},   {"tls13_client", 0x25, 0x0c, 0x00},
    {"tls13_resumed", 0x06, 0x40, 0x00}, {"tls13_external", 0x05, 0x80, 0x08},
    {"tls13_early", 0x05, 0xc0, 0x00},   {"either_defaults", 0x42, 0x00, 0x01},
};

/// Layer, operation and how many octets come, then what read_edits() wants.
Bytes edit(Layer layer, unsigned operation, std::uint8_t nth, std::uint8_t at, View octets) {
  const unsigned what = static_cast<unsigned>(layer) * 8 + operation;
  Bytes written = {static_cast<std::uint8_t>(what << 2U | 3U), nth, at,
                   static_cast<std::uint8_t>(octets.size())};
  append(written, octets);
  return written;
}
Bytes edit(Layer layer, Operation operation, std::uint8_t nth, std::uint8_t at, View octets) {
  return edit(layer, static_cast<unsigned>(operation), nth, at, octets);
}
Bytes talk(Talk what, std::uint8_t nth, View octets) {
  return edit(Layer::talk, static_cast<unsigned>(what), nth, 0, octets);
}

/// Data both ways, new keys, and the end.
Bytes conversation() {
  Bytes edits;
  append(edits, talk(Talk::data, 0, view_of("hello")));
  append(edits, talk(Talk::answer_data, 0, view_of("hello yourself")));
  append(edits, talk(Talk::update_keys, 1, {}));
  append(edits, talk(Talk::answer_update_keys, 0, {}));
  append(edits, talk(Talk::data, 0, view_of("again")));
  append(edits, talk(Talk::close, 0, {}));
  return edits;
}

struct Script {
  std::string_view name;
  Bytes edits;
};

/// One edit of each kind, where a handshake is likely to have something to be edited.
std::vector<Script> scripts() {
  const Bytes one = {0x01};
  const Bytes finished = {20, 1, 2, 3};
  const Bytes heartbeat = {24, 1, 0, 1, 0x78};
  return {
      {"talk", conversation()},
      {"flight_drop", edit(Layer::flight, Operation::drop, 2, 0, {})},
      {"flight_twice", edit(Layer::flight, Operation::twice, 1, 0, {})},
      {"flight_swap", edit(Layer::flight, Operation::swap, 3, 0, {})},
      {"flight_insert", edit(Layer::flight, Operation::insert, 2, 0, finished)},
      {"message_flip_start", edit(Layer::message, Operation::flip, 0, 6, one)},
      {"message_flip_end", edit(Layer::message, Operation::flip, 1, 0xff, one)},
      {"message_cut", edit(Layer::message, Operation::cut, 2, 0xfe, {})},
      {"message_extend", edit(Layer::message, Operation::extend, 1, 0, finished)},
      {"record_type", edit(Layer::records, Operation::put, 1, 0, View(heartbeat).first(1))},
      {"record_insert", edit(Layer::records, Operation::insert, 2, 3, heartbeat)},
      {"record_clear", edit(Layer::records, Operation::put, 2, 0, {})},
      {"sealed_flip", edit(Layer::sealed, Operation::flip, 2, 0xff, one)},
      {"sealed_twice", edit(Layer::sealed, Operation::twice, 2, 0, {})},
      {"renegotiate", talk(Talk::update_keys, 2, {})},
      {"say_record", talk(Talk::record, 0, heartbeat)},
      {"say_message", talk(Talk::message, 0, finished)},
  };
}

void write(const std::filesystem::path& folder, std::string_view name, const Bytes& octets) {
  std::filesystem::create_directories(folder);
  std::ofstream file(folder / name, std::ios::binary);
  file.write(text_of(octets).data(), static_cast<std::streamsize>(octets.size()));
  require(static_cast<bool>(file), "a seed is written");
}

Bytes choices(std::uint8_t mode, const Kind& kind) {
  return {mode, 0x03, kind.versions_and_suites, kind.handshake, kind.features, 0};
}

/// A handshake is dear: a third of the seeds has an engine opposite, the others what it said.
void write_handshakes(const std::filesystem::path& folder, const Subject& subject) {
  const auto all = scripts();
  std::size_t next = 0;
  for (const Kind& kind : kKinds) {
    const Script& script = all[next++ % all.size()];
    for (const bool edited : {false, true}) {
      if (edited && next % 2 == 0) continue;
      const std::string name = std::string(kind.name) + (edited ? "_edited" : "");
      Bytes raw = choices(edited ? kRaw | kCompared : kRaw, kind);
      const TlsChoice choice = *read_choice(raw);
      Bytes edits = edited ? script.edits : Bytes();
      append(edits, all.front().edits);
      Bytes heard;
      static_cast<void>(play_opposite(subject, choice, edits, choice.seed, &heard));
      append(raw, heard);
      write(folder, name, raw);
    }
    Bytes opposite = choices(next % 4 == 0 ? kOpposite | kLenient : kOpposite, kind);
    append(opposite, script.edits);
    write(folder, std::string(kind.name) + "_with_" + std::string(script.name), opposite);
  }
}

/// A record_size_limit that nobody asked for, in EncryptedExtensions that are otherwise empty, to
/// an end that tolerates it.
void write_tolerated(const std::filesystem::path& folder) {
  Bytes input = choices(kOpposite, {{}, 0x05, 0x00, 0x00});
  input.back() = static_cast<std::uint8_t>(Sin::extension_unasked) + 1;
  append(input, edit(Layer::message, Operation::flip, 1, 5, Bytes{6}));
  append(input, edit(Layer::message, Operation::extend, 1, 0, Bytes{0, 0x1c, 0, 2, 0, 100}));
  write(folder, "record_size_limit_unasked", input);
}

/// What an end heard in the clear, as the codecs read it.
void write_codecs(const std::filesystem::path& corpus, const Subject& subject,
                  std::string_view name, const Kind& kind) {
  const TlsChoice choice = *read_choice(choices(kRaw, kind));
  Bytes heard;
  static_cast<void>(play_opposite(subject, choice, {}, choice.seed, &heard));
  Bytes stream = {'S', 3};
  append(stream, heard);
  write(corpus / "tls_record", name, stream);
  RecordSplitter splitter;
  splitter.feed(heard);
  Bytes messages = {'A', 3};
  while (const auto record = splitter.next()) {
    if (record->header.type != ContentType::handshake) break;
    append(messages, record->fragment());
  }
  write(corpus / "tls_handshake", name, messages);
}

void write_all(const std::filesystem::path& corpus) {
  const Subject openssl_server{Role::server, Library::openssl};
  const Subject openssl_client{Role::client, Library::openssl};
  write_handshakes(corpus / "engine_client", {Role::client, Library::engine});
  write_tolerated(corpus / "engine_client");
  write_handshakes(corpus / "engine_server", {Role::server, Library::engine});
  write_handshakes(corpus / "tls_client_openssl", openssl_client);
  write_handshakes(corpus / "tls_server_openssl", openssl_server);
  for (const Kind& kind : {kKinds[0], kKinds[4], kKinds[6], kKinds[11]}) {
    write_codecs(corpus, openssl_server, "client_" + std::string(kind.name), kind);
    write_codecs(corpus, openssl_client, "server_" + std::string(kind.name), kind);
  }
}

}  // namespace
}  // namespace assay::fuzz

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: write_seeds FOLDER\n", stderr);
    return 2;
  }
  assay::fuzz::write_all(arguments[1]);
}
