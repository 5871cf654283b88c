// RFC 5746: a handshake says which one it follows.
#include "suites/engine_talk.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::suites {
namespace {

constexpr std::uint16_t kEmptyRenegotiationInfoScsv = 0x00ff;  // RFC 5746 §3.3

constexpr Ending kNoInfo{"no_renegotiation_info"};
constexpr Ending kNotEmpty{"renegotiation_info_not_empty"};
constexpr Ending kFollowed{"renegotiation_followed"};
/// Bound to its connection, and yet it signals a first handshake.
constexpr Ending kFollowedWithSuite{"followed_with_signalling_suite"};
constexpr Ending kNotFollowed{"renegotiation_not_followed"};

// --- the first handshake
// --------------------------------------------------------------------------

void signal_by_suite(ClientHello& hello) {
  remove_extension(hello.extensions, extension::kRenegotiationInfo);
  hello.cipher_suites.push_back(kEmptyRenegotiationInfoScsv);
}

/// A handshake that failed behind a right answer, held against one without any signal.
Task<Ending> unless_always(Probe& probe, Ending failed) {
  engine::Config offer = probe.engine_offer();
  offer.emission.hello = [](ClientHello& hello, const engine::Exchange&) {
    remove_extension(hello.extensions, extension::kRenegotiationInfo);
  };
  const Tried control = co_await try_engine(probe, std::move(offer));
  if (control.ending == ending::carried_on) co_return failed;
  co_return probe.inconclusive(
      fmt::format("without any signal the handshake ends in {}", control.ending.slug));
}

Task<Ending> answer_to_signal(Probe& probe, bool by_suite) {
  engine::Config offer = probe.engine_offer();
  if (by_suite) {
    offer.emission.hello = [](ClientHello& hello, const engine::Exchange&) {
      signal_by_suite(hello);
    };
    // RFC 5746 §3.6: the one answer to an extension that was not offered.
    offer.tolerated = {Sin::extension_unasked};
  }
  offer.tolerated.set(Sin::renegotiation_info);
  const Tried tried = co_await try_engine(probe, std::move(offer));
  const auto hello = server_hello(tried.exchange);
  if (!hello) co_return tried.ending;
  const Extension* info = hello->find(extension::kRenegotiationInfo);
  if (info == nullptr) co_return kNoInfo;
  if (info->extension_data != Bytes{0}) co_return kNotEmpty;
  if (tried.ending == ending::carried_on) co_return tried.ending;
  co_return co_await unless_always(probe, tried.ending);
}

Task<Ending> ri_answered(Probe& probe) {
  const Ending by_suite = co_await answer_to_signal(probe, true);
  probe.part("signalling_suite", by_suite);
  const Ending by_extension = co_await answer_to_signal(probe, false);
  probe.part("empty_extension", by_extension);
  co_return probe.worst();
}

Task<Ending> ri_nonempty_initial(Probe& probe) {
  const Tried control = co_await try_engine(probe, probe.engine_offer());
  if (control.ending != ending::carried_on) {
    co_return control.began ? probe.inconclusive(fmt::format(
                                  "an empty renegotiation_info ended in {}", control.ending.slug))
                            : control.ending;
  }
  const Bytes other = probe.entropy().bytes(12);
  engine::Config offer = probe.engine_offer();
  offer.emission.hello = [&other](ClientHello& hello, const engine::Exchange&) {
    set_extension(hello.extensions, extension::kRenegotiationInfo,
                  encode(RenegotiationInfo{other}));
  };
  offer.tolerated = {Sin::renegotiation_info};
  const Tried tried = co_await try_engine(probe, std::move(offer));
  co_return tried.ending;
}

// --- a second one
// ---------------------------------------------------------------------------------

using Change = void (*)(ClientHello& hello);

std::size_t server_hellos(const engine::Exchange& exchange) {
  return static_cast<std::size_t>(
      std::ranges::count(exchange.messages, HandshakeType::server_hello, &engine::Said::type));
}

/// What comes of a second hello: an alert, an end, nothing; or its handshake's end.
Task<Ending> ending_of_second(Probe& probe, SecureLink& link) {
  const Deadline deadline = probe.handshake_deadline();
  for (;;) {
    const Event event = co_await link.next(deadline);
    if (std::holds_alternative<HandshakeDone>(event)) co_return kFollowed;
    if (std::holds_alternative<Received>(event)) continue;
    const auto* warned = std::get_if<AlertReceived>(&event);
    if (warned != nullptr && !warned->alert.fatal) {
      if (warned->alert.description == alert::kNoRenegotiation) co_return kNotFollowed;
      continue;
    }
    co_return ending_of(event);
  }
}

Task<Ending> renegotiate(Probe& probe, Change change) {
  engine::Config offer = probe.engine_offer();
  offer.renegotiation = true;
  if (change != nullptr) {
    offer.emission.hello = [change](ClientHello& hello, const engine::Exchange& exchange) {
      if (!exchange.client_verify_data.empty()) change(hello);
    };
    offer.tolerated = {Sin::extension_unasked, Sin::renegotiation_info};
  }
  const Engaged met = co_await settled(probe, std::move(offer));
  if (!met.secured) co_return probe.lost();
  met.end->wish(engine::Wish::renegotiate);
  const Ending ending = co_await ending_of_second(probe, met.dialogue->link());
  // Whoever answers with a ServerHello has begun to follow.
  co_return server_hellos(met.end->exchange()) > 1 ? kFollowed : ending;
}

void flip_a_bit(ClientHello& hello) {
  const Extension* info = hello.find(extension::kRenegotiationInfo);
  Bytes data = info->extension_data;
  data.back() ^= 1;
  set_extension(hello.extensions, extension::kRenegotiationInfo, std::move(data));
}

void empty_it(ClientHello& hello) {
  set_extension(hello.extensions, extension::kRenegotiationInfo, Bytes{0});
}

void drop_it(ClientHello& hello) {
  remove_extension(hello.extensions, extension::kRenegotiationInfo);
}

void add_signalling_suite(ClientHello& hello) {
  hello.cipher_suites.push_back(kEmptyRenegotiationInfoScsv);
}

Task<Ending> wrong_binding(Probe& probe) {
  const Ending control = co_await renegotiate(probe, nullptr);
  if (control == ending::hang) {
    co_return probe.inconclusive("nothing came of a renegotiation that is right");
  }
  if (control == ending::inconclusive || control == ending::throttled) co_return control;
  if (control != kFollowed) {
    co_return probe.inapplicable(
        fmt::format("a renegotiation that is right ended in {}", control.slug));
  }
  struct Wrong {
    std::string_view name;
    Change change;
  };
  constexpr Wrong kAll[] = {{"bit_flipped", flip_a_bit},
                            {"empty", empty_it},
                            {"absent", drop_it},
                            {"with_signalling_suite", add_signalling_suite}};
  for (const Wrong& each : kAll) {
    Ending ending = co_await renegotiate(probe, each.change);
    if (ending == kFollowed && each.change == add_signalling_suite) ending = kFollowedWithSuite;
    probe.part(std::string(each.name), ending);
  }
  co_return probe.worst();
}

constexpr Scope kScope{.version = VersionScope::tls12, .layer = Layer::tls};

constexpr Check kChecks[] = {
    {.id = "negotiation.reneg.ri_answered",
     .title = "A client that signals RFC 5746 is answered by an empty renegotiation_info",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 5746 §3.6", "RFC 9325 §3.5"},
     .scope = kScope,
     .run = ri_answered,
     .steps = "A ClientHello of TLS 1.2 with the suite 0x00FF and no renegotiation_info; one with "
              "an empty renegotiation_info.",
     .accepts = {ending::carried_on},
     .breakers = {{"omits_renegotiation_info", kNoInfo},
                  {"answers_signalling_suite_alone", kNoInfo}},
     .liberties = {{"serves_by_engine", ending::carried_on}}},
    {.id = "negotiation.reneg.ri_nonempty_initial",
     .title = "A first hello that claims to follow another handshake is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 5746 §3.6"},
     .scope = kScope,
     .run = ri_nonempty_initial,
     .steps = "A first ClientHello of TLS 1.2 whose renegotiation_info has 12 octets; its control "
              "has an empty one.",
     .accepts = {kHandshakeFailure, ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_any_renegotiation_info", ending::carried_on}},
     .liberties = {{"serves_by_engine", kHandshakeFailure},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "negotiation.reneg.wrong_binding",
     .title = "A renegotiation that is not bound to its connection is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 5746 §3.7", "CVE-2009-3555"},
     .scope = kScope,
     .traits = {Trait::intrusive},
     .setup = {.renegotiation = true},
     .run = wrong_binding,
     .steps = "Inside TLS 1.2 a second ClientHello, first a right one as a control. Then, each in "
              "a connection of its own: one bit of its renegotiation_info flipped, an empty one, "
              "none, a right one beside the suite 0x00FF.",
     .accepts = {kHandshakeFailure, ending::another_alert, ending::closed_without_alert},
     // RFC 5746 §3.7 has it aborted; a warning leaves the first connection as it was.
     .weak = {kNotFollowed},
     .breakers = {{"takes_any_renegotiation_info", kFollowed}},
     .liberties = {{"serves_by_engine", kHandshakeFailure},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> reneg() { return kChecks; }

}  // namespace assay::suites
