#include "harness/check/check.h"

#include <array>

namespace assay {
namespace {

constexpr auto kNeeds = std::to_array<std::string_view>({
    "account",
    "bind_dn",
    "sink",
    "auth_tls_only",
    "pipelining",
    "anchors",
    "must_staple",
    "scram_plus",
    "several_names",
    "tls12",
    "aead",
    "policy_required",
    "policy_mta_sts",
    "message_file",
});
static_assert(kNeeds.size() == static_cast<std::size_t>(Need::message_file) + 1);

constexpr auto kTraits =
    std::to_array<std::string_view>({"intrusive", "writes", "exclusive", "slow"});
static_assert(kTraits.size() == static_cast<std::size_t>(Trait::slow) + 1);

}  // namespace

std::string_view name_of(Need need) { return kNeeds.at(static_cast<std::size_t>(need)); }
std::string_view name_of(Trait trait) { return kTraits.at(static_cast<std::size_t>(trait)); }

}  // namespace assay
