// RFC 7627: the master secret that is bound to its handshake.
#include "suites/resumption.h"
#include "suites/suites.h"

#include <fmt/format.h>

namespace assay::suites {
namespace {

constexpr Ending kWithout{"without_extended_master_secret"};

Task<Ending> negotiated(Probe& probe) {
  const Tried tried = co_await try_engine(probe, probe.engine_offer());
  const auto hello = server_hello(tried.exchange);
  if (tried.ending == ending::carried_on) {
    co_return hello->extended_master_secret() ? ending::carried_on : kWithout;
  }
  if (!hello || !hello->extended_master_secret()) co_return tried.ending;
  // It was agreed on and did not work: without it, does it?
  engine::Config plain = probe.engine_offer();
  plain.extended_master_secret = false;
  const Tried control = co_await try_engine(probe, std::move(plain));
  if (control.ending == ending::carried_on) co_return tried.ending;
  co_return probe.inconclusive(
      fmt::format("the handshake without it ends as well, in {}", control.ending.slug));
}

Task<Ending> resume_dropped(Probe& probe) {
  Sessions given(probe, probe.engine_offer());
  const bool ready = co_await given.prepare();
  if (!ready) co_return given.ending();
  const auto session = co_await given.next();
  if (!session) co_return probe.lost();
  if (!session->extended_master_secret) {
    co_return probe.inapplicable("the ServerHello has no extended_master_secret");
  }
  engine::Config offer = probe.engine_offer();
  offer.sessions = {*session};
  offer.extended_master_secret = false;
  offer.tolerated = {Sin::resumed_without_extended_master_secret};
  const Tried tried = co_await try_engine(probe, std::move(offer));
  co_return ending_with_session(tried);
}

constexpr Scope kScope{.version = VersionScope::tls12, .layer = Layer::tls};

constexpr Check kChecks[] = {
    {.id = "negotiation.ems.negotiated",
     .title = "The extended master secret is agreed on, and it is what keys are made of",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 7627 §5.1", "RFC 7627 §5.2", "RFC 9325 §3.5"},
     .scope = kScope,
     .run = negotiated,
     .steps = "A ClientHello of TLS 1.2 with extended_master_secret.",
     .accepts = {ending::carried_on},
     .weak = {kWithout},
     .breakers = {{"echoes_extended_master_secret_alone", kBadRecordMac}},
     .liberties = {{"serves_by_engine", ending::carried_on},
                   {"no_extended_master_secret", kWithout}}},
    {.id = "negotiation.ems.resume_dropped",
     .title = "A session with extended_master_secret is not resumed by a hello without it",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 7627 §5.3"},
     .scope = kScope,
     .run = resume_dropped,
     .steps = "A session with extended_master_secret, resumed once as a control. Then it comes in "
              "a ClientHello without the extension.",
     .accepts = {kHandshakeFailure, ending::another_alert, ending::closed_without_alert},
     .weak = {kFullHandshake},
     .breakers = {{"resumes_without_extended_master_secret", kResumed}},
     .liberties = {{"serves_by_engine", kHandshakeFailure},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> ems() { return kChecks; }

}  // namespace assay::suites
