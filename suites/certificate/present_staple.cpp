// RFC 7633, RFC 6960, RFC 6066 §8: the OCSP response that a server staples, and the certificate
// that demands one.
#include "suites/certificate/presented.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kStapled{"stapled"};
constexpr Ending kNotStapled{"not_stapled"};
constexpr Ending kNoStaple{"no_staple"};
constexpr Ending kGood{"staple_good"};

Ending ending_of(StapleGrade grade) {
  switch (grade) {
    case StapleGrade::absent:
      return kNoStaple;
    case StapleGrade::good:
      return kGood;
    case StapleGrade::malformed:
    case StapleGrade::times_malformed:
      return {"staple_malformed"};
    case StapleGrade::unsuccessful:
      return {"staple_without_answer"};
    case StapleGrade::issuer_unknown:
      return ending::inconclusive;
    case StapleGrade::foreign:
      return {"staple_for_another_certificate"};
    case StapleGrade::signer_unknown:
    case StapleGrade::signer_unauthorised:
    case StapleGrade::signature_invalid:
      return {"staple_signer_not_authorised"};
    case StapleGrade::not_yet_valid:
    case StapleGrade::stale:
      return {"staple_out_of_time"};
    case StapleGrade::revoked:
      return {"staple_says_revoked"};
    case StapleGrade::unknown_status:
      return {"staple_says_unknown"};
  }
  return ending::inconclusive;
}

Task<Ending> must_staple_honoured(Probe& probe) {
  const auto verdict = judge_presented(probe);
  if (!verdict) co_return ending::inconclusive;
  if (!verdict->must_staple) {
    co_return probe.inapplicable(
        "the certificate has no TLS feature extension that demands a staple (RFC 7633)");
  }
  co_return verdict->staple.grade == StapleGrade::absent ? kNotStapled : kStapled;
}

Task<Ending> staple_valid(Probe& probe) {
  const auto verdict = judge_presented(probe);
  if (!verdict) co_return ending::inconclusive;
  if (!verdict->staple.reason.empty()) probe.explain(verdict->staple.reason);
  co_return ending_of(verdict->staple.grade);
}

constexpr Check kChecks[] = {
    {.id = "certificate.present.must_staple_honoured",
     .title = "A certificate that demands a staple comes with one",
     .levels = {.all = Level::should},
     .severity = Severity::error,
     .roles = {.public_mx = Severity::note},
     .component = Component::configuration,
     .sources = {"RFC 7633 §4.3.2"},
     .needs = {Need::must_staple},
     .setup = {.must_staple = true},
     .control = Control::handshake,
     .run = must_staple_honoured,
     .steps =
         "A handshake with status_request; does the certificate demand a staple, and is there one?",
     .accepts = {kStapled},
     .breakers = {{"no_staple", kNotStapled}},
     .liberties = {{"delegated_staple", kStapled}},
     .by_hand = "openssl s_client -status -connect HOST:465"},
    {.id = "certificate.present.staple_valid",
     .title = "A stapled OCSP response is about this certificate, from its issuer, in its time, "
              "and good",
     .levels = {.all = Level::bcp},
     .severity = Severity::error,
     .roles = {.public_mx = Severity::note},
     .component = Component::configuration,
     .sources = {"RFC 6960 §3.2", "RFC 6960 §4.2.2", "RFC 6066 §8", "RFC 8446 §4.4.2.1"},
     .control = Control::handshake,
     .run = staple_valid,
     .steps = "A handshake with status_request; what is stapled is verified.",
     .accepts = {kNoStaple, kGood},
     .breakers = {{"stale_staple", {"staple_out_of_time"}},
                  {"foreign_staple", {"staple_for_another_certificate"}},
                  {"revoked_staple", {"staple_says_revoked"}},
                  {"unauthorised_staple", {"staple_signer_not_authorised"}}},
     .liberties = {{"good_staple", kGood}, {"delegated_staple", kGood}},
     .by_hand = "openssl s_client -status -connect HOST:465"},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> present_staple() { return kChecks; }

}  // namespace assay::suites
