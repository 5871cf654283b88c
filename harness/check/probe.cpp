#include "harness/check/probe.h"

#include "harness/engine/engine.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay {

std::shared_ptr<const OracleContext> OracleContexts::get(const OracleConfig& config) {
  for (const auto& context : made_) {
    if (context->config() == config) return context;
  }
  made_.push_back(std::make_shared<const OracleContext>(config));
  return made_.back();
}

Probe::Probe(RunContext& run, const Subject& subject, const std::vector<Facts>& facts,
             const Case& the_case, std::uint64_t seed, int patience)
    : run_(run),
      subject_(subject),
      facts_(facts),
      case_(the_case),
      entropy_(stable_hash(the_case.name, seed)),
      patience_(patience),
      deadline_(Clock::now() + run.budget.check * patience),
      transcript_(run.budget.evidence_check) {}

const Endpoint* Probe::other_endpoint() const {
  for (const Endpoint& other : subject_.endpoints) {
    if (other.protocol == endpoint().protocol && other.access != endpoint().access) return &other;
  }
  return nullptr;
}

Milliseconds Probe::silence_window() const {
  const Milliseconds shortest(100);
  const Milliseconds window = 20 * std::max(facts().reaction, slowest_);
  return std::clamp(window, shortest, std::max(shortest, run_.budget.reply)) * patience_;
}

Deadline Probe::open_silence() {
  const Milliseconds window = silence_window();
  extend_deadline(window);
  return Clock::now() + window;
}

Deadline Probe::renew_deadline() {
  deadline_ = std::max(deadline_, Clock::now() + run_.budget.check * patience_);
  return deadline_;
}

void Probe::extend_deadline(Milliseconds more) { deadline_ += more; }

OracleConfig Probe::tls_offer() const {
  OracleConfig offer;
  if (case_.version) offer.min_version = offer.max_version = *case_.version;
  return offer;
}

std::unique_ptr<Channel> Probe::tls_client(const OracleConfig& offer) {
  return tls_client(offer, endpoint().sni);
}

std::unique_ptr<Channel> Probe::tls_client(const OracleConfig& offer, std::string_view sni) {
  ++run_.counters.handshakes;
  return make_oracle(run_.contexts.get(offer), sni);
}

engine::Config Probe::engine_offer() {
  engine::Config offer;
  if (case_.version) offer.min_version = offer.max_version = *case_.version;
  offer.server_name = endpoint().sni;
  offer.seed = entropy_.next();
  return offer;
}

std::unique_ptr<engine::Engine> Probe::engine_client(engine::Config offer) {
  ++run_.counters.handshakes;
  return engine::make_engine(std::make_shared<const engine::Config>(std::move(offer)));
}

Task<std::unique_ptr<SecureLink>> Probe::connect(Wrap wrap) {
  return connect_to(endpoint(), std::move(wrap));
}

Task<std::unique_ptr<SecureLink>> Probe::connect_to(const Endpoint& to, Wrap wrap) {
  lost_ = ending::inconclusive;
  lost_reason_.clear();
  const auto asked = Clock::now();
  const bool permitted = co_await run_.permit();
  // Waiting for its turn is not the case's doing: its own time stands still.
  extend_deadline(std::chrono::duration_cast<Milliseconds>(Clock::now() - asked));
  if (!permitted) {
    lost_reason_ = "the rate limit left no room for a connection in the subject's time";
    co_return nullptr;
  }
  ++run_.counters.connections;
  Address address = to.address;
  ConnectResult result =
      co_await run_.loop.connect(std::move(address), within(run_.budget.connect, deadline_));
  if (const auto* failure = std::get_if<ConnectFailure>(&result)) {
    lost_reason_ = fmt::format("cannot connect to {}: {}", to.address.text(), failure->reason);
    co_return nullptr;
  }
  auto link = std::move(std::get<std::unique_ptr<Link>>(result));
  if (wrap) link = wrap(std::move(link));
  auto secure = std::make_unique<SecureLink>(std::move(link), Role::client, &transcript_);
  for (std::size_t i = 0; i < run_.witnesses.size(); ++i) {
    if (&subject_.endpoints[i] == &to) secure->watched_by(run_.witnesses[i].watcher(case_.name));
  }
  co_return secure;
}

Ending Probe::inapplicable(std::string reason) {
  reason_ = std::move(reason);
  return ending::inapplicable;
}

Ending Probe::inconclusive(std::string reason) {
  reason_ = std::move(reason);
  return ending::inconclusive;
}

bool Probe::lose(Ending ending, std::string reason) {
  lost_ = ending;
  lost_reason_ = std::move(reason);
  return false;
}

bool Probe::cut_off(Ending ending) const {
  return Clock::now() >= deadline_ && ending != ending::hang &&
         judge_ending(*case_.check, ending) == Outcome::fail;
}

void Probe::part(std::string name, Ending ending) {
  if (cut_off(ending)) ending = inconclusive("the check's time was spent");
  parts_.push_back({std::move(name), std::string(ending.slug), judge_ending(*case_.check, ending)});
  part_endings_.push_back(ending);
}

Ending Probe::worst() const {
  if (parts_.empty()) return ending::inconclusive;
  std::size_t worst = 0;
  for (std::size_t i = 1; i < parts_.size(); ++i) {
    const Outcome both = worse(parts_[worst].outcome, parts_[i].outcome);
    if (both != parts_[worst].outcome) worst = i;
  }
  return part_endings_[worst];
}

void Probe::count_visits(std::size_t connections, std::size_t handshakes) {
  run_.counters.connections += connections;
  run_.counters.handshakes += handshakes;
}

void Probe::reacted_in(Milliseconds took) { slowest_ = std::max(slowest_, took); }

}  // namespace assay
