// RFC 8446 §4.4.2.4, RFC 9325 §4.5: digests and keys that a verifying client does not build upon.
// With which alert it says so is not judged here.
#include "suites/certificate/refusing.h"

namespace assay::suites {
namespace {

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
