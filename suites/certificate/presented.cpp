#include "suites/certificate/presented.h"

namespace assay::suites {

ChainVerdict judge_chain(const Probe& probe, const Agreement& agreed) {
  Presented presented;
  presented.chain = agreed.peer_chain;
  presented.staple = agreed.stapled_ocsp;
  if (!probe.endpoint().reference_name.empty())
    presented.reference_names = {probe.endpoint().reference_name};
  presented.now = std::chrono::system_clock::now();
  return ChainJudge(probe.subject().anchors).judge(presented);
}

std::optional<ChainVerdict> judge_presented(Probe& probe) {
  const Agreement* best = probe.facts().best();
  if (best == nullptr) {
    probe.inconclusive("no handshake was seen: " + probe.facts().trouble);
    return std::nullopt;
  }
  ChainVerdict verdict = judge_chain(probe, *best);
  if (!verdict.leaf_readable()) {
    probe.inconclusive("the certificate cannot be read: " + verdict.parse.reason);
    return std::nullopt;
  }
  probe.note("presented: " + verdict.leaf_subject);
  return verdict;
}

}  // namespace assay::suites
