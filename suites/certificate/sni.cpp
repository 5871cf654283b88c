// RFC 6066 §3, RFC 9325 §3.7: the upgrade path reads the server_name as the implicit port does.
#include "clients/dialogue.h"
#include "suites/certificate/presented.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kSameKey{"same_key"};
constexpr Ending kBothCoverName{"both_cover_the_name"};
constexpr Ending kDiffer{"certificates_differ"};

Task<std::optional<Agreement>> shown(Probe& probe, const Endpoint& endpoint, std::string name) {
  const auto dialogue = co_await connected_to(probe, endpoint);
  if (!dialogue) co_return std::nullopt;
  const bool near = co_await dialogue->approach();
  if (!near) co_return std::nullopt;
  const bool secured = co_await dialogue->secure(probe.tls_client(probe.tls_offer(), name));
  if (!secured) co_return std::nullopt;
  co_return dialogue->link().agreement();
}

bool covers(const Agreement& agreed, const std::string& name) {
  Presented presented;
  presented.chain = agreed.peer_chain;
  presented.reference_names = {name};
  presented.now = std::chrono::system_clock::now();
  return ChainJudge({}).judge(presented).name.grade == NameGrade::matched;
}

Task<Ending> compare(Probe& probe, const Endpoint& other, std::string name) {
  const auto upgraded = co_await shown(probe, probe.endpoint(), name);
  if (!upgraded) co_return probe.lost();
  const auto implicit = co_await shown(probe, other, name);
  if (!implicit) co_return probe.lost();
  if (upgraded->peer_chain.empty() || implicit->peer_chain.empty())
    co_return probe.inconclusive("no certificate was served");
  if (public_key_of(upgraded->peer_chain.front()) == public_key_of(implicit->peer_chain.front()))
    co_return kSameKey;
  const std::string& reference = name.empty() ? probe.endpoint().reference_name : name;
  const bool both =
      !reference.empty() && covers(*upgraded, reference) && covers(*implicit, reference);
  co_return both ? kBothCoverName : kDiffer;
}

Task<Ending> same_on_upgrade(Probe& probe) {
  const Endpoint* other = probe.other_endpoint();
  if (other == nullptr)
    co_return probe.inapplicable("needs both accesses: give the URL of the implicit port, too");
  std::vector<std::string> names = probe.account().names;
  names.emplace_back();  // and none at all
  for (const std::string& name : names) {
    const Ending seen = co_await compare(probe, *other, name);
    probe.part(name.empty() ? "no_name" : name, seen);
  }
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    {.id = "certificate.sni.same_on_upgrade",
     .title = "The upgrade port and the implicit port show the same certificate for a name",
     .levels = {.all = Level::bcp},
     .roles = {.public_mx = Severity::note},
     .component = Component::configuration,
     .sources = {"RFC 6066 §3", "RFC 9325 §3.7"},
     .scope = {.protocols = kApplications, .access = {Access::pair}},
     .needs = {Need::several_names},
     .setup = {.several_names = true},
     .control = Control::handshake,
     .run = same_on_upgrade,
     .steps = "For each name of the account, and for none, a handshake on both ports with that "
              "server_name; the keys "
              "shown are compared.",
     .accepts = {kSameKey, kBothCoverName},
     .breakers = {{"upgrade_ignores_name", kDiffer}},
     .liberties = {{"separate_certificates", kBothCoverName}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> sni() { return kChecks; }

}  // namespace assay::suites
