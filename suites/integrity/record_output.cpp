// RFC 8446 §5.1, §5.2, RFC 5246 §6.2: what a server itself writes, record by record. The row makes
// one connection, so that there is something to be seen where it runs alone; what counts is every
// connection of the run.
#include "suites/observe.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kWellFormed{"well_formed"};
constexpr Ending kTooLong{"record_too_long"};
constexpr Ending kEmpty{"empty_fragment"};
constexpr Ending kVersion{"other_record_version"};
constexpr Ending kInTheClear{"record_in_the_clear"};

Task<Ending> server_output(Probe& probe) {
  const auto dialogue = co_await secured(probe);
  if (!dialogue) co_return probe.inconclusive(probe.why());
  constexpr int kCommands = 3;
  for (int i = 0; i < kCommands; ++i) {
    const MarkerResult marker = co_await dialogue->marker();
    if (!marker.answered) break;
  }
  dialogue->leave();
  co_return kWellFormed;
}

constexpr Check kChecks[] = {
    {.id = "integrity.record.server_output",
     .title = "Every record that a server writes has the form and the length that it may have",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §5.1", "RFC 8446 §5.2", "RFC 5246 §6.2.1", "RFC 5246 §6.2.3",
                 "RFC 9846 §5.1", "RFC 9846 §5.2"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = server_output,
     .watches = {{Flaw::record_too_long, kTooLong},
                 {Flaw::fragment_empty, kEmpty},
                 {Flaw::record_version, kVersion},
                 {Flaw::record_in_the_clear, kInTheClear}},
     .steps = "From the ServerHello on each record is looked at: its version, its length, whether "
              "it is a handshake, alert or ChangeCipherSpec with nothing in it, and, in TLS 1.3, "
              "whether it is protected. Nothing is sent for it but one handshake and three "
              "commands.",
     .accepts = {kWellFormed},
     .breakers = {{"writes_long_records", kTooLong},
                  {"writes_empty_fragments", kEmpty, {}, TlsVersion::tls12},
                  {"writes_old_record_version", kVersion},
                  {"writes_extensions_in_the_clear", kInTheClear}},
     .liberties = {{"serves_by_engine", kWellFormed},
                   {"writes_full_records", kWellFormed},
                   {"split_replies", kWellFormed}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> record_output() { return kChecks; }

}  // namespace assay::suites
