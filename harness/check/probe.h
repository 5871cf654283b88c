// Probe: all that a check's coroutine may touch: the endpoint, connections to it, what is known of
// it, chance, time, and the ways to say more than an ending. One Probe serves one run of one case.
#pragma once

#include "harness/base/entropy.h"
#include "harness/channel/oracle.h"
#include "harness/check/subject.h"
#include "harness/check/verdict.h"
#include "harness/check/witness.h"
#include "harness/net/secure_link.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>

namespace assay {

/// SSL_CTX objects by configuration, so that a handshake does not pay for one.
class OracleContexts {
 public:
  [[nodiscard]] std::shared_ptr<const OracleContext> get(const OracleConfig& config);

 private:
  std::vector<std::shared_ptr<const OracleContext>>
      made_;  // shared with the sessions that use them
};

/// Counters of a run; S1b is made from them.
struct Counters {
  std::size_t connections = 0;
  std::size_t handshakes = 0;
  std::size_t checks = 0;
};

/// What all probes of a run share; it outlives them.
struct RunContext {
  Loop& loop;
  OracleContexts& contexts;
  Counters& counters;
  Budget budget;
  /// Waits for the next connection that the rate limit allows; false when there will be none.
  std::function<Task<bool>()> permit;
  /// One an endpoint, in their order; empty where nobody watches.
  std::span<Witness> witnesses;

  [[nodiscard]] RunContext counted_by(Counters& others) const {
    return {loop, contexts, others, budget, permit, witnesses};
  }
};

namespace engine {
struct Config;
class Engine;
}  // namespace engine

class Probe {
 public:
  Probe(RunContext& run, const Subject& subject, const std::vector<Facts>& facts,
        const Case& the_case, std::uint64_t seed, int patience);

  [[nodiscard]] const Endpoint& endpoint() const { return subject_.endpoints[case_.endpoint]; }
  /// The subject's endpoint of the same protocol and the other access, for rows that compare two.
  [[nodiscard]] const Endpoint* other_endpoint() const;
  [[nodiscard]] const Case& which() const { return case_; }
  [[nodiscard]] const Subject& subject() const { return subject_; }
  [[nodiscard]] const Account& account() const { return subject_.account; }
  [[nodiscard]] const Facts& facts() const { return facts_[case_.endpoint]; }
  [[nodiscard]] const Budget& budget() const { return run_.budget; }
  [[nodiscard]] Loop& loop() const { return run_.loop; }
  [[nodiscard]] Entropy& entropy() { return entropy_; }

  /// The end of this case, whatever it waits for.
  [[nodiscard]] Deadline deadline() const { return deadline_; }
  /// One wait for one answer; three times as long on the second try after a hang.
  [[nodiscard]] Deadline reply_deadline() const {
    return within(at_most(run_.budget.reply * patience_), deadline_);
  }
  [[nodiscard]] Deadline handshake_deadline() const {
    return within(at_most(run_.budget.handshake * patience_), deadline_);
  }
  /// From now on no wait for one answer is longer; nothing: as the budget has it.
  void hurry(std::optional<Milliseconds> longest) { hurry_ = longest; }
  /// How long "nothing came" must last where only silence can tell: 20 times the slowest reaction,
  /// at least 100 ms, at most what a reply may take.
  [[nodiscard]] Milliseconds silence_window() const;
  /// The end of such a window that begins now. It is no part of the case's time: deadline() moves
  /// by as much.
  [[nodiscard]] Deadline open_silence();
  /// For a stimulus of its own that is a run of its own: from now on the whole time of a case.
  Deadline renew_deadline();
  /// Rows with a window of their own ask for it before they wait.
  void extend_deadline(Milliseconds more);

  /// The offer of the case's version (all of TLS 1.2 and 1.3 where it has none).
  [[nodiscard]] OracleConfig tls_offer() const;
  /// A TLS client end for the endpoint, with its SNI.
  [[nodiscard]] std::unique_ptr<Channel> tls_client(const OracleConfig& offer);
  /// The same with another server_name; none where it is empty.
  [[nodiscard]] std::unique_ptr<Channel> tls_client(const OracleConfig& offer,
                                                    std::string_view sni);

  /// The offer of the case's version for our own engine, with the endpoint's SNI and with chance of
  /// this case.
  [[nodiscard]] engine::Config engine_offer();
  [[nodiscard]] std::unique_ptr<engine::Engine> engine_client(engine::Config offer);

  using Wrap = std::function<std::unique_ptr<Link>(std::unique_ptr<Link>)>;
  /// Connects; null when that failed, and why() says why. `wrap` may put a meddler around the link.
  Task<std::unique_ptr<SecureLink>> connect(Wrap wrap = {});
  Task<std::unique_ptr<SecureLink>> connect_to(const Endpoint& endpoint, Wrap wrap = {});

  // What else there is to say.
  void note(std::string_view text) { notes_.emplace_back(text); }
  Ending inapplicable(std::string reason);
  Ending inconclusive(std::string reason);
  /// A step before the stimulus did not succeed: lost() is then the ending of the check.
  bool lose(Ending ending, std::string reason);
  [[nodiscard]] Ending lost() const { return lost_; }
  /// True for an ending that would be a fail but that the spent time may have brought about: it
  /// accuses nobody. A hang is judged by its own second try.
  [[nodiscard]] bool cut_off(Ending ending) const;
  /// One sub-case's ending, inconclusive where it was cut off; worst() is the ending of the case.
  void part(std::string name, Ending ending);
  [[nodiscard]] Ending worst() const;
  void explain(std::string reason) { reason_ = std::move(reason); }

  /// What explain() and its kin said, else what was lost on the last connection.
  [[nodiscard]] const std::string& why() const { return reason_.empty() ? lost_reason_ : reason_; }
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
  [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }
  [[nodiscard]] Transcript& transcript() { return transcript_; }
  /// What an answer took; feeds the silence window.
  void reacted_in(Milliseconds took);
  /// Connections and handshakes that a client under test made.
  void count_visits(std::size_t connections, std::size_t handshakes);
  [[nodiscard]] Milliseconds slowest_reaction() const { return slowest_; }

 private:
  [[nodiscard]] Milliseconds at_most(Milliseconds wait) const {
    return std::min(wait, hurry_.value_or(wait));
  }

  RunContext& run_;
  const Subject& subject_;
  const std::vector<Facts>& facts_;
  const Case& case_;
  Entropy entropy_;
  int patience_;
  Deadline deadline_;
  Transcript transcript_;
  std::string reason_;
  Ending lost_ = ending::inconclusive;
  std::string
      lost_reason_;  // of the current connection: a later one that succeeds is no part of it
  std::vector<std::string> notes_;
  std::vector<Part> parts_;
  std::vector<Ending> part_endings_;
  Milliseconds slowest_{0};
  std::optional<Milliseconds> hurry_;
};

}  // namespace assay
