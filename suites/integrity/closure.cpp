// RFC 5321 §4.1.1.4 and §3.8, RFC 8446 §6.1: a message that a broken connection cuts off was never
// sent.
#include "suites/observe.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

// gcc with UBSan takes the address of a function for a constant only where the function is this
// file's own.
Task<Ending> cut_off_by_fin(Probe& probe) { return half_a_message(probe); }

constexpr Check kChecks[] = {
    {.id = "integrity.closure.data_truncated_fin",
     .title = "A message cut off by a FIN without close_notify is not delivered",
     .levels = {.smtp = Level::must},
     .sources = {"RFC 5321 §4.1.1.4", "RFC 5321 §3.8", "RFC 8446 §6.1"},
     .scope = {.protocols = {Protocol::smtp}},
     .needs = {Need::sink},
     .traits = {Trait::writes},
     .run = cut_off_by_fin,
     .steps = "Inside TLS DATA and half a message, then FIN without close_notify. A good message "
              "on another connection "
              "shows that the sink is read; the half one must not be there.",
     .accepts = {ending::not_acted_on},
     .breakers = {{"eof_ends_data", ending::acknowledged}},
     .liberties = {{"split_replies", ending::not_acted_on}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> closure() { return kChecks; }

}  // namespace assay::suites
