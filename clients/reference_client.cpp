#include "clients/reference_client.h"

#include "clients/dialogue.h"
#include "harness/engine/engine.h"
#include "harness/pki/judge.h"
#include "harness/protocol/dots.h"

#include <array>

namespace assay {
namespace {

constexpr Check kVisit{.id = "client.visit"};
constexpr int kGoOn = 3;  // RFC 5321 §4.2.1, RFC 3977 §3.2: the first digit of "more is due"
/// Of several labels, so that every row applies. Nobody resolves it: a run has the address, too.
constexpr const char* kHost = "mail.a.b.test";
constexpr int kReferral = 10;  // RFC 4511 §4.1.10; no code of another protocol

/// One run of the client: one connection, or two where the second goes on in the clear.
class Visit {
 public:
  Visit(Loop& loop, OracleContexts& contexts, const ClientConduct& conduct, bool by_engine,
        const Occasion& occasion, Deadline deadline)
      : conduct_(conduct),
        by_engine_(by_engine),
        run_{loop, contexts, counters_, budget_until(deadline), &always},
        probe_(run_, subject_, facts_, case_, 1, 1),
        message_(occasion.message) {
    subject_.endpoints = {occasion.server};
    subject_.account = occasion.account;
    subject_.anchors = occasion.anchors;
    case_.access = occasion.server.access;
  }

  /// True when the work was done as the conduct wants it.
  Task<bool> make() {
    const auto dialogue = co_await connected(probe_);
    if (!dialogue) co_return false;
    if (case_.access == Access::implicit) co_return co_await work_inside(*dialogue);
    const bool greeted = co_await dialogue->greet();
    if (conduct_.needs_upgrade && !conduct_.needs_upgrade(dialogue->banner()))
      co_return co_await work(*dialogue);
    if (conduct_.works_first) co_await dialogue->log_in();
    if (!greeted || dialogue->upgrade_listed() == 0) {
      why_ = "the upgrade is not listed";
      const Resort next = resort(Obstacle::not_listed);
      if (next == Resort::work_in_clear) co_return co_await work(*dialogue);
      if (next == Resort::leave) co_return leave(*dialogue);
    }
    const Answer answer = co_await dialogue->ask_for_upgrade();
    if (!answer.came() || !dialogue->is_go_ahead(answer)) {
      why_ = "the upgrade was refused: " + answer.text;
      const bool referred = answer.code == kReferral;
      if (referred && conduct_.follows_referral) co_return co_await work_on_another();
      if (resort(Obstacle::refused) == Resort::work_in_clear) co_return co_await work(*dialogue);
      co_return leave(*dialogue);
    }
    co_return co_await work_inside(*dialogue);
  }

  [[nodiscard]] bool died() const { return died_; }
  [[nodiscard]] const std::string& why() const { return why_.empty() ? probe_.why() : why_; }

 private:
  static Task<bool> always() { co_return true; }
  static Budget budget_until(Deadline deadline) {
    Budget budget;
    const auto left = std::chrono::duration_cast<Milliseconds>(deadline - Clock::now());
    budget.check = left;
    budget.reply = std::min(budget.reply, left);
    return budget;
  }

  [[nodiscard]] Resort resort(Obstacle obstacle) const {
    return conduct_.resort ? conduct_.resort(obstacle) : Resort::leave;
  }

  Task<bool> work_inside(Dialogue& dialogue) {
    Bytes before = dialogue.take_unused();
    ClearRest rest =
        conduct_.on_rest ? conduct_.on_rest(std::move(before)) : ClearRest{std::move(before), {}};
    const bool secured = co_await dialogue.secure(tls_end(), std::move(rest.for_tls));
    if (!secured) {
      if (resort(Obstacle::handshake_failed) != Resort::work_in_clear) co_return false;
      dialogue.link().back_to_clear();
      co_return co_await work(dialogue);
    }
    if (conduct_.works_unverified) {
      const bool settled = co_await settle(dialogue);
      if (!settled) co_return leave(dialogue);
      const bool logged_in = co_await log_in(dialogue);
      if (!logged_in) co_return leave(dialogue);
    }
    if (conduct_.waits_for_greeting && case_.access == Access::implicit) {
      const bool heard = co_await dialogue.hear_greeting();
      if (!heard) co_return leave(dialogue);
    }
    const ChainVerdict verdict = judge(dialogue);
    if (conduct_.dies_of && conduct_.dies_of(verdict)) co_return die(dialogue);
    const std::string wrong = what_is_wrong(verdict);
    if (!wrong.empty()) {
      why_ = "the server is not to be trusted: " + wrong;
      leave(dialogue);
      if (resort(Obstacle::untrusted) != Resort::work_in_clear) co_return false;
      co_return co_await work_on_another();
    }
    dialogue.feed(rest.for_session);
    if (conduct_.works_unverified) co_return co_await ask(dialogue);
    const bool settled = co_await settle(dialogue);
    if (!settled) co_return leave(dialogue);
    co_return co_await work(dialogue);
  }

  /// Either asks for a staple: it is looked at, and not missed.
  std::unique_ptr<Channel> tls_end() {
    if (by_engine_) {
      engine::Config offer = probe_.engine_offer();
      offer.status_request = true;
      return probe_.engine_client(std::move(offer));
    }
    OracleConfig offer = probe_.tls_offer();
    offer.status_request = true;
    return probe_.tls_client(offer);
  }

  Task<bool> settle(Dialogue& dialogue) {
    if (!conduct_.greets_inside) co_return true;
    co_return co_await dialogue.settle();
  }

  [[nodiscard]] ChainVerdict judge(Dialogue& dialogue) const {
    const Agreement& agreement = *dialogue.link().agreement();
    const std::string& given = subject_.endpoints.front().reference_name;
    Presented presented;
    presented.chain = agreement.peer_chain;
    presented.reference_names = {
        conduct_.reference_name ? conduct_.reference_name(given, dialogue.banner()) : given};
    presented.staple = agreement.stapled_ocsp;
    presented.now = std::chrono::system_clock::now();
    presented.longest = conduct_.longest_chain;
    return ChainJudge(subject_.anchors).judge(presented);
  }

  /// Empty where the server may be trusted.
  [[nodiscard]] std::string what_is_wrong(const ChainVerdict& verdict) const {
    const bool trusted = conduct_.trusts ? conduct_.trusts(verdict, case_.access)
                                         : verdict.acceptable() && verdict.strong();
    if (trusted) return {};
    return !verdict.path.found                        ? verdict.path.reason
           : verdict.name.grade != NameGrade::matched ? verdict.name.reason
           : !verdict.strong()                        ? "a key or a digest that is too weak"
           : !verdict.staple_sound()                  ? "its staple: " + verdict.staple.reason
                                                      : "its time or its purpose";
  }

  /// A connection of its own, in the clear.
  Task<bool> work_on_another() {
    const auto dialogue = co_await connected(probe_);
    if (!dialogue) co_return false;
    co_await dialogue->greet();
    co_return co_await work(*dialogue);
  }

  /// Logs in, asks for one thing, says goodbye.
  Task<bool> work(Dialogue& dialogue) {
    const bool logged_in = co_await log_in(dialogue);
    if (!logged_in) co_return leave(dialogue);
    co_return co_await ask(dialogue);
  }

  Task<bool> log_in(Dialogue& dialogue) {
    const Answer answer = co_await dialogue.log_in();
    if (answer.came() && answer.positive) co_return true;
    why_ = "no login: " + answer.text;
    co_return false;
  }

  /// What an honest client sends of a message: lines that end with CRLF, whatever ended them, and
  /// no octet of zero.
  static Bytes honest_text(View message) {
    Bytes lines;
    for (std::size_t at = 0; at < message.size(); ++at) {
      const std::uint8_t octet = message[at];
      if (octet == '\r' && at + 1 < message.size() && message[at + 1] == '\n') continue;
      if (octet == '\r' || octet == '\n') {
        append(lines, "\r\n");
      } else if (octet != 0) {
        lines.push_back(octet);
      }
    }
    return dot_stuffed(lines);
  }

  /// Hands in the message that it was given, where the protocol takes one.
  Task<bool> hand_in(Dialogue& dialogue) {
    const View message = view_of(message_);
    const std::optional<Bytes> text =
        conduct_.text_of_message ? conduct_.text_of_message(message) : honest_text(message);
    if (!text) {
      why_ = "the message cannot be sent";
      co_return false;
    }
    const Answer begun = co_await dialogue.begin_submission();
    if (!begun.came() || begun.code / 100 != kGoOn) co_return begun.came() && begun.code == 0;
    dialogue.link().send(*text);
    const Answer taken = co_await dialogue.answer();
    co_return taken.came() && taken.positive;
  }

  Task<bool> ask(Dialogue& dialogue) {
    const bool handed_in = co_await hand_in(dialogue);
    if (!handed_in) co_return leave(dialogue);
    Answer asked;
    const std::vector<Bytes> errand = dialogue.errand();
    for (const Bytes& command : errand) {
      asked = co_await dialogue.ask(command);
      if (!asked.came() || !asked.positive) break;
    }
    leave(dialogue);
    if (asked.came() && asked.code == kReferral) {
      why_ = "referred elsewhere";
      if (!conduct_.follows_referral) co_return false;
      co_return co_await work_on_another();
    }
    co_return asked.came() && asked.positive;
  }

  /// Always false: the word for having done nothing.
  bool leave(Dialogue& dialogue) {
    if (conduct_.leaves_at_once) {
      dialogue.link().finish();
    } else {
      dialogue.leave();
    }
    return false;
  }

  /// Always false, too.
  bool die(Dialogue& dialogue) {
    died_ = true;
    why_ = "brought down";
    dialogue.link().abort();
    return false;
  }

  const ClientConduct& conduct_;
  bool by_engine_;
  Subject subject_;
  std::vector<Facts> facts_{1};
  Case case_{&kVisit, 0, Access::upgrade, std::nullopt, "client.visit"};
  Counters counters_;
  RunContext run_;
  Probe probe_;
  const std::string& message_;
  std::string why_;
  bool died_ = false;
};

/// A subject together with what its bench refers to.
class StagedClient final : public Staged {
 public:
  StagedClient(OracleContexts& contexts, WatchedStage& stage, const Account& account,
               std::span<const NamedFault* const> known, const Setup& setup, const Faults& faults)
      : client_(contexts, faults.client, setup.engine),
        subject_(client_subject("the reference client", account, kProtocols, kAccesses)) {
    subject_.client = std::make_shared<const ClientBench>(  // shared by copies of the subject
        ClientBench{client_, stage, known, TlsPolicy::required, true, kHost});
  }
  [[nodiscard]] const Subject& subject() const override { return subject_; }

 private:
  static constexpr std::array kProtocols = {Protocol::smtp, Protocol::pop3, Protocol::nntp,
                                            Protocol::ldap};
  static constexpr std::array kAccesses = {Access::upgrade, Access::implicit};
  ReferenceClient client_;
  Subject subject_;
};

}  // namespace

Task<ClientEnd> ReferenceClient::run(Loop& loop, Occasion occasion, Deadline deadline) {
  Visit visit(loop, contexts_, conduct_, by_engine_, occasion, deadline);
  const bool done = co_await visit.make();
  const bool success = done || conduct_.reports_success;
  ClientEnd end;
  end.how = success        ? ClientEnd::How::succeeded
            : visit.died() ? ClientEnd::How::died
                           : ClientEnd::How::failed;
  end.said = done ? "done" : visit.why();
  co_return end;
}

std::unique_ptr<Staged> LocalClients::client(const Setup& setup,
                                             std::span<const NamedFault* const> faults) {
  Faults wrong;
  for (const NamedFault* fault : faults) fault->apply(wrong);
  return std::make_unique<StagedClient>(contexts_, stage_, account_, faults_, setup, wrong);
}

Subject client_subject(std::string name, const Account& account,
                       std::span<const Protocol> protocols, std::span<const Access> accesses) {
  Subject subject;
  subject.name = std::move(name);
  subject.account = account;
  for (const Protocol protocol : protocols) {
    for (const Access access : accesses) {
      Endpoint endpoint;
      endpoint.protocol = protocol;
      endpoint.access = access;
      endpoint.url = scheme_of(protocol, access) + " client";
      subject.endpoints.push_back(std::move(endpoint));
    }
  }
  return subject;
}

}  // namespace assay
