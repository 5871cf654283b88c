#include "harness/check/selftest.h"

#include "harness/net/together.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

namespace assay {
namespace {

// A reply of ten seconds becomes one of one second: long for loopback, also under sanitizers and on
// a busy machine.
constexpr int kScale = 10;
// Their waits overlap; more would make each other late.
constexpr std::size_t kServersAtOnce = 6;

/// Proofs that can share a peer.
struct PeerKey {
  Side side;
  Setup setup;
  const NamedFault* peer;
  bool operator<(const PeerKey& other) const {
    if (side != other.side) return side < other.side;
    if (setup != other.setup) return setup < other.setup;
    return std::less<>()(peer, other.peer);
  }
};

/// The rows that a fault may turn red: rows of TLS itself look at faults of TLS alone, and what
/// only our own engine does wrong is looked at by them alone. They are many, and so are those.
std::vector<const Check*> checks_near(const NamedFault& fault,
                                      std::span<const Check* const> checks) {
  Faults shown;
  fault.apply(shown);
  const bool in_libssl = !shown.tls_config.empty() || shown.tls.tolerated.any();
  const bool in_engine = !shown.engine.empty();
  const bool above = !shown.session.empty() || !shown.limits.empty();
  std::vector<const Check*> near(checks.begin(), checks.end());
  std::erase_if(near, [&](const Check* check) {
    if (check->scope.layer != Layer::tls) return in_engine && !in_libssl && !above;
    // What libssl itself does otherwise than a row wants is no fault's doing.
    return check->setup.engine ? !in_engine : !in_engine && !in_libssl;
  });
  return near;
}

/// An honest peer shows what its TLS is; a faulty one needs the TLS that can show the fault.
PeerKey key_of(const Proof& proof) {
  Setup setup = proof.check->setup;
  if (proof.peer == nullptr) setup.engine = proof.on_engine;
  return {proof.check->side, setup, proof.peer};
}

bool speaks_of(const Proof& proof, const Case& the_case, Protocol protocol) {
  return proof.check == the_case.check &&
         (proof.protocols.empty() || proof.protocols.contains(protocol)) &&
         (proof.access.empty() || proof.access.contains(the_case.access)) &&
         (!proof.version || proof.version == the_case.version);
}

void examine(Proof& proof) {
  bool judged = false;
  for (const Result& result : proof.results) {
    if (result.outcome == Outcome::inapplicable) continue;
    judged = true;
    if (result.outcome == Outcome::xfail) continue;
    const bool as_declared = proof.expected.slug.empty() ? result.outcome == Outcome::pass
                                                         : result.ending == proof.expected.slug;
    const bool right_colour = proof.kind == ProofKind::proves ? result.outcome == Outcome::fail
                                                              : result.outcome == Outcome::pass ||
                                                                    result.outcome == Outcome::weak;
    if (as_declared && right_colour) continue;
    proof.failures.push_back(fmt::format(
        "{} ended {} ({}) where {} was declared{}{}", result.which.name, result.ending,
        name_of(result.outcome), proof.expected.slug.empty() ? "a pass" : proof.expected.slug,
        result.reason.empty() ? "" : ": ", result.reason));
  }
  // What libssl has not, our own engine shows.
  const bool may_lack = proof.peer == nullptr && !proof.on_engine && proof.check->setup.engine;
  if (!judged && !may_lack)
    proof.failures.push_back(fmt::format("{} has no case that ran", proof.check->id));
}

}  // namespace

std::string_view name_of(ProofKind kind) {
  constexpr std::array<std::string_view, 3> kNames = {"conforms", "proves", "tolerates"};
  return kNames.at(static_cast<std::size_t>(kind));
}

const NamedFault* Catalogue::fault(std::string_view name) const {
  return fault_named(faults, name);
}

RunOptions SelfTest::run_options(Profile profile) {
  RunOptions options;
  options.budget = Budget{}.scaled_down(kScale);
  options.profile = profile;
  options.jobs = 4;  // of each of several servers, all on one thread
  return options;
}

ServerBudget SelfTest::server_budget() { return ServerBudget{}.scaled_down(kScale); }

std::vector<Proof> SelfTest::plan(std::vector<std::string>& broken) const {
  std::vector<Proof> proofs;
  const auto add = [&](ProofKind kind, const Check& check, std::string_view name, const auto& row) {
    const NamedFault* peer = catalogue_.fault(name);
    if (peer == nullptr) {
      broken.push_back(fmt::format("{} names {}, which no table of faults has", check.id, name));
      return;
    }
    proofs.push_back(
        {kind, &check, peer, row.ending, row.access, row.version, row.protocols, false, {}, {}});
  };
  for (const Check* check : catalogue_.checks) {
    proofs.push_back({ProofKind::conforms, check, nullptr, {}, {}, {}, {}, false, {}, {}});
    proofs.push_back({ProofKind::conforms, check, nullptr, {}, {}, {}, {}, true, {}, {}});
    for (const Breaker& breaker : check->breakers)
      add(ProofKind::proves, *check, breaker.fault, breaker);
    for (const Liberty& liberty : check->liberties)
      add(ProofKind::tolerates, *check, liberty.name, liberty);
  }
  return proofs;
}

std::unique_ptr<Staged> SelfTest::staged(Side side, const Setup& setup, const NamedFault* peer) {
  std::vector<const NamedFault*> faults;
  if (peer != nullptr) faults.push_back(peer);
  return side == Side::client ? clients_.client(setup, faults) : stage_.serve(setup, faults);
}

/// Peers whose turn has not come, with the proofs that each is for.
struct SelfTest::Peers {
  std::map<PeerKey, std::vector<Proof*>> waiting;
};

Task<void> SelfTest::run(std::vector<Proof>& proofs) {
  Peers peers;
  for (Proof& proof : proofs) peers.waiting[key_of(proof)].push_back(&proof);
  co_await run_together(runner_.loop(), kServersAtOnce, [&] { return run_peers(peers); });
}

Task<void> SelfTest::run_peers(Peers& peers) {
  while (!peers.waiting.empty()) {
    const auto next = peers.waiting.extract(peers.waiting.begin());
    const std::vector<Proof*>& wanted = next.mapped();
    const auto peer = staged(next.key().side, next.key().setup, next.key().peer);
    std::vector<const Check*> checks;
    for (const Proof* proof : wanted) {
      if (std::ranges::find(checks, proof->check) == checks.end()) checks.push_back(proof->check);
    }
    SubjectRun run = co_await runner_.run(peer->subject(), checks, nullptr);
    const bool honest_libssl =
        next.key().peer == nullptr && next.key().side == Side::server && !next.key().setup.engine;
    if (honest_libssl) apply(catalogue_.libssl, run.results);
    for (const Result& result : run.results) {
      for (Proof* proof : wanted) {
        const Protocol protocol = run.subject.endpoints[result.which.endpoint].protocol;
        if (speaks_of(*proof, result.which, protocol)) proof->results.push_back(result);
      }
    }
    for (Proof* proof : wanted) examine(*proof);
  }
}

std::vector<std::string> SelfTest::unseen_endings(const std::vector<Proof>& proofs) {
  std::map<const Check*, std::set<std::string>> seen;
  for (const Proof& proof : proofs) {
    auto& endings = seen[proof.check];
    for (const Result& result : proof.results) {
      endings.insert(result.ending);
      for (const Part& part : result.parts) endings.insert(part.ending);
    }
  }
  std::vector<std::string> unseen;
  for (const auto& entry : seen) {
    const Check* check = entry.first;
    const auto& endings = entry.second;
    for (const Ending& ending : check->accepts) {
      const bool any_alert = ending == ending::another_alert &&
                             std::ranges::any_of(endings, [&](const std::string& slug) {
                               return is_alert({slug}) && !check->accepts.contains({slug}) &&
                                      !check->weak.contains({slug});
                             });
      if (any_alert || endings.contains(std::string(ending.slug))) continue;
      unseen.push_back(fmt::format("{}: no proof has seen {}", check->id, ending.slug));
    }
  }
  std::ranges::sort(unseen);
  return unseen;
}

std::vector<std::string> SelfTest::unmatched() const {
  return summary_of(catalogue_.libssl).unmatched;
}

struct SelfTest::Matrix {
  std::vector<const NamedFault*> waiting;
  std::map<std::string, std::set<MatrixRow>, std::less<>> rows;  // by fault
};

Task<std::vector<SelfTest::MatrixRow>> SelfTest::fault_matrix(std::vector<MatrixRow> reviewed) {
  std::map<std::string, std::set<MatrixRow>, std::less<>> expected;
  for (MatrixRow& row : reviewed) {
    std::set<MatrixRow>& of_fault = expected[row.fault];
    of_fault.insert(std::move(row));
  }
  Matrix matrix;
  for (const NamedFault* fault : catalogue_.faults) {
    if (fault->kind == NamedFault::Kind::fault) matrix.waiting.push_back(fault);
  }
  co_await run_together(runner_.loop(), kServersAtOnce, [&] { return run_faults(matrix); });
  std::vector<MatrixRow> rows;
  for (auto& [name, seen] : matrix.rows) {
    const bool differs = !reviewed.empty() && seen != expected[name];
    if (differs) co_await run_fault(matrix, *catalogue_.fault(name));
    rows.insert(rows.end(), seen.begin(), seen.end());
  }
  co_return rows;
}

Task<void> SelfTest::run_faults(Matrix& matrix) {
  while (!matrix.waiting.empty()) {
    const NamedFault* fault = matrix.waiting.back();
    matrix.waiting.pop_back();
    co_await run_fault(matrix, *fault);
  }
}

Task<void> SelfTest::run_fault(Matrix& matrix, const NamedFault& fault) {
  const auto peer = staged(fault.side, Setup{}, &fault);
  const std::vector<const Check*> checks = checks_near(fault, catalogue_.checks);
  Subject subject = peer->subject();
  // Rows of TLS alone tell at one endpoint what they tell at all of them.
  const bool tls_alone = std::ranges::all_of(
      checks, [](const Check* check) { return check->scope.layer == Layer::tls; });
  if (tls_alone && !subject.endpoints.empty()) subject.endpoints.resize(1);
  const SubjectRun run = co_await runner_.run(subject, checks, nullptr);
  std::set<MatrixRow> rows;
  for (const Result& result : run.results) {
    if (result.outcome != Outcome::fail && result.outcome != Outcome::weak) continue;
    rows.insert({std::string(fault.name), std::string(result.which.check->id), result.outcome});
  }
  matrix.rows[std::string(fault.name)] = std::move(rows);
}

std::string to_tsv(const std::vector<SelfTest::MatrixRow>& rows) {
  std::string text =
      "# fault\tcheck\toutcome: which checks each fault turns red or weak, with the default "
      "setup\n";
  for (const auto& row : rows)
    text += fmt::format("{}\t{}\t{}\n", row.fault, row.check, name_of(row.outcome));
  return text;
}

std::vector<SelfTest::MatrixRow> from_tsv(std::string_view text) {
  std::vector<SelfTest::MatrixRow> rows;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    const std::size_t first = line.find('\t');
    const std::size_t second = line.find('\t', first + 1);
    const auto outcome =
        second == std::string_view::npos ? std::nullopt : outcome_named(line.substr(second + 1));
    if (!outcome) throw std::runtime_error(fmt::format("fault matrix: cannot read \"{}\"", line));
    rows.push_back({std::string(line.substr(0, first)),
                    std::string(line.substr(first + 1, second - first - 1)), *outcome});
  }
  return rows;
}

}  // namespace assay
