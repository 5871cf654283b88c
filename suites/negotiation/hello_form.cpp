// RFC 8446 §6, RFC 5246 §7.2.2 and §7.4.1.2: a ClientHello that is not to be read as one: octets
// behind it, lengths that do not fit, an end that comes too early.
#include "suites/negotiation/hello_talk.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <map>

namespace assay::suites {
namespace {

/// The message is not all there: nothing comes before the rest has.
constexpr Ending kWaits{"waits_for_the_rest"};

constexpr std::size_t kHeader = 4;  // of a handshake message

/// A number of `size` octets at `at`.
struct Field {
  std::size_t at = 0;
  std::size_t size = 0;
};

std::size_t number_in(View octets, Field field) {
  std::size_t value = 0;
  for (const std::uint8_t octet : octets.subspan(field.at, field.size)) value = value << 8 | octet;
  return value;
}

void put_number(Bytes& octets, Field field, std::size_t value) {
  for (std::size_t i = field.size; i-- > 0; value >>= 8) {
    octets[field.at + i] = static_cast<std::uint8_t>(value);
  }
}

/// Where the lengths of a ClientHello stand, in a message that is right, its header included.
struct Layout {
  Field message{1, 3};
  Field session_id{kHeader + 34, 1};
  Field suites;
  Field compression;
  Field extensions;
  std::map<std::uint16_t, Field> of_extension;  // of what is in it

  explicit Layout(View hello) {
    suites = {behind(hello, session_id), 2};
    compression = {behind(hello, suites), 1};
    extensions = {behind(hello, compression), 2};
    for (std::size_t at = extensions.at + 2; at + 4 <= hello.size();) {
      const Field length{at + 2, 2};
      of_extension[static_cast<std::uint16_t>(number_in(hello, {at, 2}))] = length;
      at = behind(hello, length);
    }
  }
  static std::size_t behind(View hello, Field length) {
    return length.at + length.size + number_in(hello, length);
  }
  /// A length of `size` octets, `in` octets into an extension.
  [[nodiscard]] Field inside(std::uint16_t extension, std::size_t size, std::size_t in = 0) const {
    return {of_extension.at(extension).at + 2 + in, size};
  }
};

/// Changes a right ClientHello message, its header included.
using Spoil = std::function<void(Bytes& message)>;
struct Spoiled {
  std::string name;
  Spoil spoil;
};

engine::Config offer_of(Probe& probe, Spoil spoil) {
  engine::Config offer = probe.engine_offer();
  offer.emission.message = [spoil = std::move(spoil)](Bytes& message, const engine::Exchange&) {
    if (message[0] == static_cast<std::uint8_t>(HandshakeType::client_hello)) spoil(message);
  };
  return offer;
}

void fix_length(Bytes& message) { put_number(message, {1, 3}, message.size() - kHeader); }

/// Each by itself; a subject that hangs once is not asked again.
Task<Ending> try_spoiled(Probe& probe, std::vector<Spoiled> hellos) {
  for (Spoiled& each : hellos) {
    const Tried tried = co_await try_engine(probe, offer_of(probe, std::move(each.spoil)));
    probe.part(std::move(each.name), refusal_of(tried));
    if (tried.ending == ending::hang) break;
  }
  co_return probe.worst();
}

Task<Ending> trailing_data(Probe& probe) {
  const auto trouble = co_await without_control(probe, probe.engine_offer());
  if (trouble) co_return *trouble;
  const auto with = [](std::string name, Bytes tail) {
    return Spoiled{std::move(name), [tail = std::move(tail)](Bytes& message) {
                     append(message, tail);
                     fix_length(message);
                   }};
  };
  std::vector<Spoiled> hellos;
  hellos.push_back(with("one_octet", {0}));
  // An extension of its own, but for the length of the block.
  hellos.push_back(with("an_extension", {0xfe, 0, 0, 0}));
  co_return co_await try_spoiled(probe, std::move(hellos));
}

enum class Change { one_more, one_less, two_less, zero, most };

Spoil altered(Field (*field)(const Layout& layout), Change change) {
  return [field, change](Bytes& message) {
    const Field length = field(Layout(message));
    const std::size_t honest = number_in(message, length);
    put_number(message, length,
               change == Change::one_more   ? honest + 1
               : change == Change::one_less ? honest - 1
               : change == Change::two_less ? honest - 2
               : change == Change::zero     ? 0
                                            : (std::size_t{1} << (8 * length.size)) - 1);
  };
}

/// Every one of them is outside the grammar, whatever stands behind the field.
std::vector<Spoiled> wrong_lengths(TlsVersion version) {
  std::vector<Spoiled> hellos;
  const auto add = [&](std::string name, Field (*field)(const Layout&), Change change) {
    hellos.push_back({std::move(name), altered(field, change)});
  };
  add(
      "message_shorter", [](const Layout& of) { return of.message; }, Change::one_less);
  add(
      "session_id_longer", [](const Layout& of) { return of.session_id; }, Change::one_more);
  add(
      "session_id_255", [](const Layout& of) { return of.session_id; }, Change::most);
  add(
      "suites_shorter", [](const Layout& of) { return of.suites; }, Change::one_less);
  add(
      "suites_0", [](const Layout& of) { return of.suites; }, Change::zero);
  add(
      "compression_255", [](const Layout& of) { return of.compression; }, Change::most);
  add(
      "extensions_longer", [](const Layout& of) { return of.extensions; }, Change::one_more);
  add(
      "extensions_0", [](const Layout& of) { return of.extensions; }, Change::zero);
  add(
      "groups_longer", [](const Layout& of) { return of.inside(extension::kSupportedGroups, 2); },
      Change::one_more);
  add(
      "schemes_shorter",
      [](const Layout& of) { return of.inside(extension::kSignatureAlgorithms, 2); },
      Change::two_less);
  if (version == TlsVersion::tls12) return hellos;
  add(
      "versions_0", [](const Layout& of) { return of.inside(extension::kSupportedVersions, 1); },
      Change::zero);
  add(
      "share_longest", [](const Layout& of) { return of.inside(extension::kKeyShare, 2, 4); },
      Change::most);
  return hellos;
}

/// A message that says it goes on: a server waits for the rest of it, or is tired of it at once.
Task<Ending> longer_message(Probe& probe) {
  const auto dialogue = co_await approached(probe);
  if (!dialogue) co_return probe.lost();
  auto client = probe.engine_client(
      offer_of(probe, altered([](const Layout& of) { return of.message; }, Change::one_more)));
  const engine::Engine* end = client.get();
  dialogue->link().start_tls(std::move(client));
  const Event event = co_await dialogue->link().handshake(probe.open_silence());
  if (server_hello(end->exchange())) co_return kHelloTaken;
  co_return std::holds_alternative<TimedOut>(event) ? kWaits : ending_of(event);
}

Task<Ending> length_mismatch(Probe& probe) {
  const auto trouble = co_await without_control(probe, probe.engine_offer());
  if (trouble) co_return *trouble;
  std::vector<Spoiled> hellos = wrong_lengths(*probe.which().version);
  const Ending seen = co_await try_spoiled(probe, std::move(hellos));
  if (seen == ending::hang) co_return seen;
  const Ending longer = co_await longer_message(probe);
  probe.part("message_longer", longer);
  co_return probe.worst();
}

/// The hello ends where `where` says, and the length of the message says so.
Spoil cut(std::size_t (*where)(const Layout& layout, std::size_t size)) {
  return [where](Bytes& message) {
    message.resize(where(Layout(message), message.size()));
    fix_length(message);
  };
}

// RFC 5246 §7.4.1.2: a hello may end in front of its extensions; no other end is legal.
Task<Ending> truncated(Probe& probe) {
  const auto trouble = co_await without_control(probe, probe.engine_offer());
  if (trouble) co_return *trouble;
  std::vector<Spoiled> hellos;
  const auto add = [&](std::string name, std::size_t (*where)(const Layout&, std::size_t)) {
    hellos.push_back({std::move(name), cut(where)});
  };
  add("empty", [](const Layout&, std::size_t) { return kHeader; });
  add("in_version", [](const Layout&, std::size_t) { return kHeader + 1; });
  add("in_random", [](const Layout&, std::size_t) { return kHeader + 20; });
  add("before_session_id", [](const Layout& of, std::size_t) { return of.session_id.at; });
  add("before_suites", [](const Layout& of, std::size_t) { return of.suites.at; });
  add("in_suites", [](const Layout& of, std::size_t) { return of.suites.at + 5; });
  add("before_compression", [](const Layout& of, std::size_t) { return of.compression.at; });
  add("in_extensions_length", [](const Layout& of, std::size_t) { return of.extensions.at + 1; });
  add("in_extensions",
      [](const Layout& of, std::size_t size) { return (of.extensions.at + size) / 2; });
  add("last_octet", [](const Layout&, std::size_t size) { return size - 1; });
  co_return co_await try_spoiled(probe, std::move(hellos));
}

constexpr Check kChecks[] = {
    {.id = "negotiation.hello.trailing_data",
     .title = "A ClientHello with octets behind its extensions is refused by decode_error",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.1.2", "RFC 8446 §6", "RFC 5246 §7.4.1.2", "RFC 9846 §4.2.2",
                 "RFC 9846 §6"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = trailing_data,
     .steps = "A ClientHello with one octet, with an extension behind the block of its extensions, "
              "within the length of the message.",
     .accepts = {kDecodeError},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_trailing_data", kHelloTaken}},
     .liberties = {{"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "negotiation.hello.length_mismatch",
     .title = "A ClientHello with a length that does not fit is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §6", "RFC 5246 §7.2.2", "RFC 9846 §6"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .traits = {Trait::intrusive},
     .run = length_mismatch,
     .steps = "For each length of a ClientHello (the message, session id, suites, compression "
              "methods, extensions, and what is in groups, schemes, versions, shares): one more, "
              "one less, 0 or the largest. For a message that says it is longer than it is, a "
              "silent window.",
     .accepts = {kDecodeError, kIllegalParameter, ending::another_alert,
                 ending::closed_without_alert, kWaits},
     .breakers = {{"takes_trailing_data", kHelloTaken}, {"takes_what_is_there", kHelloTaken}},
     .liberties = {{"refuses_by_other_alert", kInternalError},
                   {"refuses_by_decode_error", kDecodeError},
                   {"refuses_by_illegal_parameter", kIllegalParameter},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "negotiation.hello.truncated",
     .title = "A ClientHello that ends too early is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §6", "RFC 5246 §7.2.2", "RFC 9846 §6"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .traits = {Trait::intrusive},
     .run = truncated,
     .steps = "A ClientHello that ends after 0, 1, 20 octets, in front of the session id, of the "
              "suites, within them, in front of the compression methods, in the length of the "
              "extensions, within them, one octet too early; the length of the message is right.",
     .accepts = {kDecodeError, kMissingExtension, kHandshakeFailure, ending::another_alert,
                 ending::closed_without_alert},
     .breakers = {{"takes_what_is_there", kHelloTaken}, {"hangs_on_cut_hello", ending::hang}},
     .liberties = {{"refuses_by_other_alert", kInternalError},
                   {"refuses_by_missing_extension", kMissingExtension},
                   {"refuses_by_handshake_failure", kHandshakeFailure},
                   {"refuses_by_close", ending::closed_without_alert}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> hello_form() { return kChecks; }

}  // namespace assay::suites
