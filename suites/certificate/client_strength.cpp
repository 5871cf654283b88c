// RFC 8446 §4.4.2.4, RFC 9325 §4.5: digests and keys that a verifying client does not build upon.
// With which alert it says so is not judged here.
#include "suites/certificate/refusing.h"

namespace assay::suites {
namespace {

/// The same client takes TLS 1.2 and an RSA key of 2048 bits: only the key's length is left to
/// refuse.
Task<Ending> refuses_short_key(Probe& probe) {
  std::vector<std::string_view> control = {"rsa512_leaf", "rsa_leaf"};
  const Encounter longer = co_await meet_with(probe, Setup{}, std::move(control));
  if (!longer.worked_inside())
    co_return probe.inconclusive("no work by TLS 1.2 with an RSA key: " + longer.end.said);
  const Encounter met = co_await meet(probe);
  co_return ending_with_impostor(probe, met);
}

constexpr Check with_control(Check row) {
  row.run = refuses_short_key;
  row.steps =
      "By TLS 1.2 the client is sent to a server with an RSA key of 2048 bits, where it must do "
      "its "
      "work, then to one with 512 bits: a command inside TLS is one too many.";
  return row;
}

constexpr Check kChecks[] = {
    refusing({.id = "certificate.sig.md5",
              .title = "A certificate that is signed with MD5 is refused",
              .levels = {.all = Level::must},
              .sources = {"RFC 8446 §4.4.2.4", "RFC 6151 §2"},
              .shows = {"md5_leaf"}},
             "takes_what_is_weak"),
    refusing({.id = "certificate.sig.sha1",
              .title = "A certificate that is signed with SHA-1 is refused",
              .levels = {.all = Level::should},
              .sources = {"RFC 8446 §4.4.2.4", "RFC 9325 §4.5"},
              .shows = {"sha1_leaf", "sha1_leaf_by_rsa", "sha1_intermediate"}},
             "takes_what_is_weak"),
    refusing({.id = "certificate.sig.rsa_1024",
              .title = "A chain with an RSA key of 1024 bits is refused",
              .levels = {.all = Level::bcp},
              .sources = {"RFC 9325 §4.5"},
              .shows = {"rsa1024_leaf", "rsa1024_intermediate"}},
             "takes_what_is_weak"),
    with_control(refusing({.id = "certificate.sig.rsa_512",
                           .title = "A certificate for an RSA key of 512 bits is refused",
                           .levels = {.all = Level::bcp},
                           .severity = Severity::error,
                           .sources = {"RFC 9325 §4.5"},
                           .shows = {"rsa512_leaf"}},
                          "takes_what_is_weak")),
    refusing({.id = "certificate.sig.algorithm_mismatch",
              .title = "A certificate that names two algorithms for its signature is refused",
              .levels = {.all = Level::bcp},
              .severity = Severity::error,
              .sources = {"RFC 5280 §4.1.1.2"},
              .shows = {"two_algorithms"}},
             "overlooks_signatures"),
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> client_strength() { return kChecks; }

}  // namespace assay::suites
