// RFC 8446 §4.2.9, §4.2.11: pre-shared keys, as a server's own tickets are.
#include "harness/engine/schedule13.h"
#include "harness/wire/session.h"
#include "suites/resumption.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <functional>

namespace assay::suites {
namespace {

constexpr Ending kOnRightBinder{"resumed_on_right_binder"};
constexpr Ending kWithShare{"resumed_with_share"};
constexpr Ending kWithoutShare{"resumed_without_share"};
constexpr Ending kModeNotOffered{"mode_not_offered"};
constexpr Ending kSecondIdentity{"resumed_by_second_identity"};
constexpr Ending kWrongIndex{"wrong_index"};

/// One hello with PSKs: what is offered, and what is wrong with it.
struct Attempt {
  std::string name;
  std::vector<engine::Session> sessions;
  std::function<void(engine::Config& offer)> change;
};

Task<Tried> attempt(Probe& probe, Attempt what) {
  engine::Config offer = probe.engine_offer();
  offer.sessions = std::move(what.sessions);
  if (what.change) what.change(offer);
  co_return co_await try_engine(probe, std::move(offer));
}

/// A session that the subject never gave.
engine::Session unknown_session(Probe& probe, engine::Session like, std::size_t size) {
  like.ticket = probe.entropy().bytes(size);
  return like;
}

void on_hello_message(engine::Config& offer, std::function<void(Bytes& message)> change) {
  offer.emission.message = [change = std::move(change)](Bytes& message, const engine::Exchange&) {
    if (message[0] == static_cast<std::uint8_t>(HandshakeType::client_hello)) change(message);
  };
}

void flip_last_bit(engine::Config& offer) {
  on_hello_message(offer, [](Bytes& message) { message.back() ^= 1; });
}

/// The list of binders is covered as well, with zeros in it.
void cover_whole_hello(engine::Config& offer) {
  const engine::Session psk = offer.sessions.front();
  on_hello_message(offer, [psk](Bytes& message) {
    const Hash hash = find_suite(psk.suite)->hash;
    const auto at = message.end() - static_cast<std::ptrdiff_t>(size_of(hash));
    std::fill(at, message.end(), std::uint8_t{0});
    const Bytes key = engine::Schedule13(hash, psk.secret).binder_key("res binder");
    const Bytes binder = engine::verify_data13(hash, key, digest(hash, message));
    std::copy(binder.begin(), binder.end(), at);
  });
}

/// RFC 8446 §4.2.11: a binder that does not validate ends the handshake.
Task<Ending> binder_wrong(Probe& probe) {
  Sessions given(probe, probe.engine_offer());
  const bool ready = co_await given.prepare();
  if (!ready) co_return given.ending();
  for (const std::string_view name : {"one_bit", "over_the_whole_hello", "of_another_ticket"}) {
    auto session = co_await given.next();
    if (!session) co_return probe.lost();
    Attempt what{std::string(name), {*session}, {}};
    if (name == "one_bit") what.change = flip_last_bit;
    if (name == "over_the_whole_hello") what.change = cover_whole_hello;
    if (name == "of_another_ticket") {
      if (given.another().secret.size() != session->secret.size()) continue;
      what.sessions.front().secret = given.another().secret;
    }
    const Tried tried = co_await attempt(probe, std::move(what));
    probe.part(std::string(name), ending_with_session(tried));
  }
  co_return probe.worst();
}

std::function<void(engine::Config&)> with_psks(void (*change)(OfferedPsks& psks)) {
  return [change](engine::Config& offer) {
    offer.emission.hello = [change](ClientHello& hello, const engine::Exchange&) {
      const Extension* found = hello.find(extension::kPreSharedKey);
      if (found == nullptr) return;
      auto psks = decode<OfferedPsks>(found->extension_data);
      change(*psks.message);
      set_extension(hello.extensions, extension::kPreSharedKey, encode(*psks.message));
    };
  };
}

std::vector<Attempt> attempts_at_counts(Probe& probe, const engine::Session& good) {
  // The one binder is right for the second identity, and stands where the first one's should.
  const engine::Session first = unknown_session(probe, good, 32);
  return {
      {"none", {good}, with_psks([](OfferedPsks& psks) { psks.binders.clear(); })},
      {"one_fewer", {first, good}, with_psks([](OfferedPsks& psks) { psks.binders.pop_back(); })},
      {"one_more", {good}, with_psks([](OfferedPsks& psks) {
         psks.binders.push_back({Bytes(32, 0x5a)});
       })},
      {"of_31_octets", {good}, with_psks([](OfferedPsks& psks) {
         psks.binders[0].binder.resize(31);
       })},
      {"one_octet_longer", {good}, with_psks([](OfferedPsks& psks) {
         psks.binders[0].binder.push_back(0);
       })},
      {"empty", {good}, with_psks([](OfferedPsks& psks) { psks.binders[0].binder.clear(); })}};
}

Task<Ending> binder_count(Probe& probe) {
  Sessions given(probe, probe.engine_offer());
  const bool ready = co_await given.prepare();
  if (!ready) co_return given.ending();
  for (std::size_t i = 0;; ++i) {
    const auto session = co_await given.next();
    if (!session) co_return probe.lost();
    std::vector<Attempt> all = attempts_at_counts(probe, *session);
    if (i == all.size()) break;
    const std::string name = all[i].name;
    const Tried tried = co_await attempt(probe, std::move(all[i]));
    const Ending ending = ending_with_session(tried);
    const bool on_the_right_one =
        name == "one_more" && ending == kResumed && tried.ending == ending::carried_on;
    probe.part(name, on_the_right_one ? kOnRightBinder : ending);
  }
  co_return probe.worst();
}

Task<Ending> modes_missing(Probe& probe) {
  Sessions given(probe, probe.engine_offer());
  const bool ready = co_await given.prepare();
  if (!ready) co_return given.ending();
  const auto session = co_await given.next();
  if (!session) co_return probe.lost();
  Attempt what{"", {*session}, [](engine::Config& offer) { offer.psk_modes.clear(); }};
  const Tried tried = co_await attempt(probe, std::move(what));
  co_return ending_with_session(tried);
}

/// The mode that was chosen, against those that were offered (psk_ke is 0, psk_dhe_ke 1).
Ending ending_of_mode(const Tried& tried, std::uint8_t offered) {
  const Ending ending = ending_with_session(tried);
  if (ending != kResumed) return ending;
  const bool share = server_hello(tried.exchange)->find(extension::kKeyShare) != nullptr;
  if (offered != (share ? 1 : 0)) return kModeNotOffered;
  if (tried.ending != ending::carried_on) return tried.ending;
  return share ? kWithShare : kWithoutShare;
}

Task<Ending> mode_respected(Probe& probe) {
  Sessions given(probe, probe.engine_offer());
  const bool ready = co_await given.prepare();
  if (!ready) co_return given.ending();
  for (const std::uint8_t mode : {std::uint8_t{1}, std::uint8_t{0}, std::uint8_t{0x7f}}) {
    const auto session = co_await given.next();
    if (!session) co_return probe.lost();
    Attempt what{"", {*session}, [mode](engine::Config& offer) { offer.psk_modes = {mode}; }};
    const Tried tried = co_await attempt(probe, std::move(what));
    probe.part(fmt::format("mode_{:#04x}", mode), ending_of_mode(tried, mode));
  }
  co_return probe.worst();
}

Task<Ending> hash_mismatch(Probe& probe) {
  engine::Config of_sha256 = probe.engine_offer();
  of_sha256.suites = {0x1301, 0x1303};
  Sessions given(probe, std::move(of_sha256));
  const bool ready = co_await given.prepare();
  if (!ready) co_return given.ending();
  const auto of_sha384 = [](engine::Config& offer) { offer.suites = {0x1302}; };
  Attempt without{"", {}, of_sha384};
  const Tried control = co_await attempt(probe, std::move(without));
  if (!control.began) co_return control.ending;
  if (control.ending != ending::carried_on) {
    co_return probe.inapplicable(
        fmt::format("a hello with 0x1302 alone ended in {}", control.ending.slug));
  }
  const auto session = co_await given.next();
  if (!session) co_return probe.lost();
  Attempt with{"", {*session}, of_sha384};
  const Tried tried = co_await attempt(probe, std::move(with));
  co_return ending_with_session(tried);
}

Task<Ending> index(Probe& probe) {
  Sessions given(probe, probe.engine_offer());
  const bool ready = co_await given.prepare();
  if (!ready) co_return given.ending();
  const auto session = co_await given.next();
  if (!session) co_return probe.lost();
  Attempt what{"", {unknown_session(probe, *session, 32), *session}, {}};
  what.sessions.front().secret = probe.entropy().bytes(session->secret.size());
  const Tried tried = co_await attempt(probe, std::move(what));
  if (!took_session(tried.exchange)) co_return ending_with_session(tried);
  const auto hello = server_hello(tried.exchange);
  const auto chosen = decode<Number16>(hello->find(extension::kPreSharedKey)->extension_data);
  if (!chosen || chosen->value != 1) co_return kWrongIndex;
  co_return tried.ending == ending::carried_on ? kSecondIdentity : tried.ending;
}

Task<Ending> unknown_identity(Probe& probe) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{200}, std::size_t{60'000}}) {
    engine::Session session;
    session.suite = 0x1301;
    session.secret = probe.entropy().bytes(32);
    session.lifetime = kMaxTicketLifetime;
    session.received = std::chrono::system_clock::now();
    Attempt what{"", {unknown_session(probe, std::move(session), size)}, {}};
    const Tried tried = co_await attempt(probe, std::move(what));
    if (!tried.began) co_return tried.ending;
    probe.part(fmt::format("of_{}_octets", size), ending_with_session(tried));
  }
  co_return probe.worst();
}

constexpr Scope kScope{.version = VersionScope::tls13, .layer = Layer::tls};

constexpr Check kChecks[] = {
    {.id = "negotiation.psk.binder_wrong",
     .title = "A PSK whose binder does not verify ends the handshake",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.2.11", "RFC 8446 §4.2.11.2", "RFC 9846 §4.3.11",
                 "RFC 9846 §4.3.11.2"},
     .scope = kScope,
     .run = binder_wrong,
     .steps =
         "A ticket, resumed once as a control. Then a ClientHello with it and a binder with "
         "one bit flipped, a binder that covers the whole hello, the binder of another ticket.",
     .accepts = {kDecryptError, kIllegalParameter, ending::another_alert,
                 ending::closed_without_alert},
     .weak = {kFullHandshake},
     .breakers = {{"takes_any_binder", kResumed}},
     .liberties = {{"serves_by_engine", kDecryptError},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "negotiation.psk.binder_count",
     .title = "Binders that do not go with the identities resume nothing",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.2.11", "RFC 9846 §4.3.11"},
     .scope = kScope,
     .run = binder_count,
     .steps =
         "A ticket, resumed once as a control. Then it comes with no binder, with one binder "
         "for two identities, with a second binder, with a binder of 31 octets, with one of an "
         "octet more, with an empty one.",
     .accepts = {kIllegalParameter, kDecodeError, kDecryptError, ending::another_alert,
                 ending::closed_without_alert, kOnRightBinder},
     // RFC 8446 §4.2.11: a binder that is not present ends the handshake.
     .weak = {kFullHandshake},
     .breakers = {{"takes_missing_binders", kResumed}},
     .liberties = {{"serves_by_engine", kIllegalParameter},
                   {"refuses_by_decode_error", kDecodeError},
                   {"refuses_by_decrypt_error", kDecryptError},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "negotiation.psk.modes_missing",
     .title = "A PSK without psk_key_exchange_modes ends the handshake",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.2.9", "RFC 9846 §4.3.9"},
     .scope = kScope,
     .run = modes_missing,
     .steps = "A ticket, resumed once as a control. Then a ClientHello with it and without "
              "psk_key_exchange_modes.",
     .accepts = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_any_mode", kResumed}},
     .liberties = {{"serves_by_engine", kMissingExtension},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "negotiation.psk.mode_respected",
     .title = "A session is resumed in a mode that was offered, or not at all",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.2.9", "RFC 8446 §4.2.11", "RFC 9846 §4.3.9", "RFC 9846 §4.3.11"},
     .scope = kScope,
     .run = mode_respected,
     .steps = "A ticket, resumed once as a control. Then it comes with psk_dhe_ke alone, with "
              "psk_ke alone, with an unknown mode alone.",
     .accepts = {kWithShare, kWithoutShare, kFullHandshake},
     .breakers = {{"takes_any_mode", kModeNotOffered}},
     .liberties = {{"takes_psk_ke", kWithShare}, {"serves_by_engine", kWithShare}}},
    {.id = "negotiation.psk.hash_mismatch",
     .title = "A session is not resumed with a suite of another hash",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.2.11", "RFC 9846 §4.3.11"},
     .scope = kScope,
     .run = hash_mismatch,
     .steps = "A ticket of a suite with SHA-256, resumed once as a control. Then it comes with "
              "0x1302 alone, which has SHA-384 and without a ticket is taken.",
     .accepts = {kFullHandshake},
     // RFC 8446 §4.2.11: where no PSK is acceptable a full handshake is a SHOULD.
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"resumes_with_any_hash", kResumed}},
     .liberties = {{"serves_by_engine", kFullHandshake}}},
    {.id = "negotiation.psk.index",
     .title = "The identity that is chosen is the one that was taken",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.2.11", "RFC 9846 §4.3.11"},
     .scope = kScope,
     .run = index,
     .steps = "A ticket, resumed once as a control. Then it comes behind an identity of chance.",
     .accepts = {kSecondIdentity, kFullHandshake},
     .breakers = {{"chooses_first_identity", kWrongIndex},
                  {"chooses_identity_beyond", kWrongIndex}},
     .liberties = {{"serves_by_engine", kSecondIdentity},
                   {"looks_at_first_identity", kFullHandshake}}},
    {.id = "negotiation.psk.unknown_identity",
     .title = "An identity that is not known leads to a full handshake",
     .levels = {.all = Level::should},
     .component = Component::library,
     .sources = {"RFC 8446 §4.2.11", "RFC 9846 §4.3.11"},
     .scope = kScope,
     .run = unknown_identity,
     .steps = "A ClientHello with an identity of chance, of 1, 200 and 60,000 octets.",
     .accepts = {kFullHandshake},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_any_ticket", kResumed}},
     .liberties = {{"serves_by_engine", kFullHandshake}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> psk() { return kChecks; }

}  // namespace assay::suites
