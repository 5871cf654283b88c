// RFC 5077 §3.1, §5.3, RFC 8446 §4.2.11: a ticket is the server's own word, and nobody else's.
#include "suites/resumption.h"
#include "suites/suites.h"

#include <fmt/format.h>

namespace assay::suites {
namespace {

struct Alteration {
  std::string name;
  Bytes ticket;
};

// RFC 5077 §4 has the ticket say its length: what comes behind it may be no part of it.
constexpr std::string_view kLonger = "one_octet_more";
constexpr Ending kOctetPassedOver{"octet_behind_ticket_passed_over"};

std::vector<Alteration> alterations(const Bytes& ticket) {
  std::vector<Alteration> all;
  // Key name, nonce, ciphertext and tag are of different lengths everywhere: all along, evenly.
  constexpr std::size_t kFlips = 6;
  for (std::size_t i = 0; i < kFlips; ++i) {
    const std::size_t at = i * (ticket.size() - 1) / (kFlips - 1);
    Alteration flipped{fmt::format("bit_of_octet_{}", at), ticket};
    flipped.ticket[at] ^= static_cast<std::uint8_t>(1U << (i % 8));
    all.push_back(std::move(flipped));
  }
  Alteration cut{"one_octet_less", ticket};
  cut.ticket.pop_back();
  Alteration longer{std::string(kLonger), ticket};
  longer.ticket.push_back(0);
  all.push_back(std::move(cut));
  all.push_back(std::move(longer));
  all.push_back({"zeros", Bytes(ticket.size())});
  return all;
}

Task<Ending> tampered(Probe& probe) {
  Sessions given(probe, probe.engine_offer());
  const bool ready = co_await given.prepare();
  if (!ready) co_return given.ending();
  for (std::size_t i = 0;; ++i) {
    auto session = co_await given.next();
    if (!session) co_return probe.lost();
    if (session->ticket.size() < 2) {
      co_return probe.inapplicable("sessions are resumed by their ids, without tickets");
    }
    std::vector<Alteration> all = alterations(session->ticket);
    if (i == all.size()) break;
    session->ticket = std::move(all[i].ticket);
    engine::Config offer = probe.engine_offer();
    offer.sessions = {std::move(*session)};
    const Tried tried = co_await try_engine(probe, std::move(offer));
    const Ending ending = ending_with_session(tried);
    const bool passed_over = ending == kResumed && all[i].name == kLonger;
    probe.part(all[i].name, passed_over ? kOctetPassedOver : ending);
  }
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    {.id = "negotiation.ticket.tampered",
     .title = "A ticket that was altered resumes nothing",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 5077 §3.1", "RFC 5077 §5.3", "RFC 8446 §4.2.11", "RFC 9846 §4.3.11"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = tampered,
     .steps = "A ticket, resumed once as a control. Then it comes with a bit flipped at six places "
              "between its ends, an octet shorter, an octet longer, and as zeros.",
     .accepts = {kFullHandshake},
     .weak = {ending::another_alert, ending::closed_without_alert, kOctetPassedOver},
     .breakers = {{"takes_any_ticket", kResumed}},
     .liberties = {{"serves_by_engine", kFullHandshake}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> ticket() { return kChecks; }

}  // namespace assay::suites
