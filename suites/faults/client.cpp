// Faults and liberties of a client: what it takes for a server it may trust, and what it does where
// it cannot have TLS as it was told to.
#include "suites/faults/faults.h"

namespace assay::faults {
namespace {

bool in_time(const ChainVerdict& verdict) { return verdict.out_of_validity() == nullptr; }
bool named(const ChainVerdict& verdict) { return verdict.name.grade == NameGrade::matched; }
bool for_servers(const ChainVerdict& verdict) {
  return verdict.purpose.grade == PurposeGrade::permitted;
}

/// Works in the clear where that stands in its way.
template <Obstacle kObstacle>
Resort in_clear(Obstacle obstacle) {
  return obstacle == kObstacle ? Resort::work_in_clear : Resort::leave;
}

constexpr NamedFault kFaults[] = {
    // Verification.
    {.name = "trusts_everybody",
     .side = Side::client,
     .summary = "No certificate is verified",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict&, Access) { return true; };
         }},
    {.name = "trusts_everybody_after_upgrade",
     .side = Side::client,
     .summary = "No certificate is verified behind the upgrade command",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict& verdict, Access access) {
             return access == Access::upgrade || verdict.acceptable();
           };
         }},
    {.name = "trusts_any_issuer",
     .side = Side::client,
     .summary = "A path to a trust anchor is not asked for",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict& verdict, Access) {
             return named(verdict) && in_time(verdict) && for_servers(verdict);
           };
         }},
    {.name = "ignores_time",
     .side = Side::client,
     .summary = "The time of a certificate is not looked at",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict& verdict, Access) {
             return verdict.path.found && named(verdict) && for_servers(verdict);
           };
         }},
    {.name = "ignores_name",
     .side = Side::client,
     .summary = "The name in a certificate is not compared",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict& verdict, Access) {
             return verdict.trusted();
           };
         }},
    {.name = "ignores_purpose",
     .side = Side::client,
     .summary = "The extended key usage of a certificate is not looked at",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict& verdict, Access) {
             return verdict.path.found && named(verdict) && in_time(verdict);
           };
         }},
    {.name = "takes_name_from_greeting",
     .side = Side::client,
     .summary = "The certificate is to prove the name that the greeting says",
     .apply =
         [](Faults& faults) {
           faults.client.reference_name = [](const std::string& given, std::string_view greeting) {
             return greeting.find("other.test") == std::string_view::npos ? given : "other.test";
           };
         }},
    {.name = "works_before_verifying",
     .side = Side::client,
     .summary = "The certificate is looked at after the login",
     .apply = [](Faults& faults) { faults.client.works_unverified = true; }},
    {.name = "trusts_nobody",
     .side = Side::client,
     .summary = "Every server is refused",
     .apply =
         [](Faults& faults) {
           faults.client.trusts = [](const ChainVerdict&, Access) { return false; };
         }},
    // Falling back.
    {.name = "clear_where_untrusted",
     .side = Side::client,
     .summary =
         "After a certificate that was refused the work is done on a connection in the clear",
     .apply = [](Faults& faults) { faults.client.resort = in_clear<Obstacle::untrusted>; }},
    {.name = "clear_where_not_listed",
     .side = Side::client,
     .summary = "Where the upgrade is not listed the work is done in the clear",
     .apply = [](Faults& faults) { faults.client.resort = in_clear<Obstacle::not_listed>; }},
    {.name = "clear_where_refused",
     .side = Side::client,
     .summary = "Where the upgrade is refused the work is done in the clear",
     .apply = [](Faults& faults) { faults.client.resort = in_clear<Obstacle::refused>; }},
    {.name = "clear_after_failed_handshake",
     .side = Side::client,
     .summary = "After a handshake that failed the work is done in the clear",
     .apply = [](Faults& faults) { faults.client.resort = in_clear<Obstacle::handshake_failed>; }},
    {.name = "works_before_upgrade",
     .side = Side::client,
     .summary = "The login comes first, the upgrade behind it",
     .apply = [](Faults& faults) { faults.client.works_first = true; }},
    {.name = "believes_greeting",
     .side = Side::client,
     .summary = "A greeting as to somebody who has logged in is believed, and no upgrade asked for",
     .apply =
         [](Faults& faults) {
           faults.client.needs_upgrade = [](std::string_view greeting) {
             return greeting.find("logged in") == std::string_view::npos;
           };
         }},
    {.name = "asks_unlisted",
     .kind = NamedFault::Kind::liberty,
     .side = Side::client,
     .summary = "The upgrade is asked for whether it is listed or not",
     .apply =
         [](Faults& faults) {
           faults.client.resort = [](Obstacle obstacle) {
             return obstacle == Obstacle::not_listed ? Resort::ask_anyway : Resort::leave;
           };
         }},
    {.name = "follows_referral_in_clear",
     .side = Side::client,
     .summary = "A referral is followed, and the login repeated there in the clear",
     .apply = [](Faults& faults) { faults.client.follows_referral = true; }},
    // Across the upgrade.
    {.name = "keeps_clear_answers",
     .side = Side::client,
     .summary = "Octets read in the clear behind the go-ahead are taken for answers inside TLS",
     .apply =
         [](Faults& faults) {
           faults.client.on_rest = [](Bytes rest) { return ClearRest{{}, std::move(rest)}; };
         }},
    {.name = "drops_clear_answers",
     .kind = NamedFault::Kind::liberty,
     .side = Side::client,
     .summary = "Octets read in the clear behind the go-ahead are thrown away",
     .apply =
         [](Faults& faults) {
           faults.client.on_rest = [](Bytes rest) {
             rest.clear();
             return ClearRest{std::move(rest), {}};
           };
         }},
    {.name = "no_hello_inside",
     .side = Side::client,
     .summary = "Inside TLS the login comes without a new hello",
     .apply = [](Faults& faults) { faults.client.greets_inside = false; }},
    // Leaving.
    {.name = "leaves_without_farewell",
     .kind = NamedFault::Kind::liberty,
     .side = Side::client,
     .summary = "A server that is not worked with is left without QUIT or unbind",
     .apply = [](Faults& faults) { faults.client.leaves_at_once = true; }},
    {.name = "reports_success",
     .kind = NamedFault::Kind::liberty,
     .side = Side::client,
     .summary = "The user is told of a success that was none",
     .apply = [](Faults& faults) { faults.client.reports_success = true; }},
};

}  // namespace

std::span<const NamedFault> client() { return kFaults; }

}  // namespace assay::faults
