// Dialogue: an application protocol spoken with the subject over one connection, with control over
// every segment. The steps are the same for all protocols: approach (greeting, capabilities,
// upgrade request), TLS, settle (greeting or hello inside TLS), marker. What differs is what a
// protocol's own class fills in. Used by checks, controls and discovery.
#pragma once

#include "harness/check/probe.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace assay {

/// What came in place of an answer.
enum class Stop { none, closed, reset, alert, refused_by_us, timed_out, malformed };

/// One answer of the protocol, in the terms that all of them share.
struct Answer {
  Stop stop = Stop::none;
  bool positive = false;
  bool throttled = false;  // 421, 454, NNTP 400, LDAP busy
  int code = 0;            // SMTP, NNTP: three digits; LDAP: the result code
  std::string text;        // one printable line: the reply, or what came instead
  std::uint8_t alert = 0;  // where stop is alert
  bool unasked = false;    // the answer to nothing that was asked on this side of TLS

  [[nodiscard]] bool came() const { return stop == Stop::none; }
};

/// How TLS was asked for, and what became of it.
struct UpgradeResult {
  enum class Kind { secured, refused, broken, no_answer, throttled };
  Kind kind = Kind::no_answer;
  Ending ending;             // of a handshake that failed: the alert, closed_without_alert, hang
  Answer answer;             // to the request
  std::vector<Answer> more;  // answers in the clear behind a refusal
};

struct MarkerResult {
  bool answered = false;  // the marker's answers were the next things seen, and only they
  bool unasked = false;   // an answer came that the marker did not ask for
  Answer first;           // what came first, or what nobody asked for
};

/// What octets in the clear begin with.
enum class ClearWord { incomplete, no, yes };

class Dialogue {
 public:
  /// `endpoint` is the probe's own, or the other one of a pair; it outlives the dialogue.
  Dialogue(Probe& probe, const Endpoint& endpoint, std::unique_ptr<SecureLink> link);
  virtual ~Dialogue();
  Dialogue(const Dialogue&) = delete;
  Dialogue& operator=(const Dialogue&) = delete;

  // The steps. Each is false when it did not succeed; probe.lost() then is the ending for a check
  // whose stimulus has not been given yet.

  /// Up to where TLS may begin: nothing on implicit endpoints; greeting, hello and the go-ahead
  /// otherwise.
  Task<bool> approach();
  /// Greeting and hello in the clear, without the upgrade request.
  Task<bool> greet();
  /// The greeting alone, where the server gives one; greet() goes on from there.
  Task<bool> hear_greeting();
  /// The handshake. `client` must be a fresh client end.
  Task<bool> secure(std::unique_ptr<Channel> client);
  /// The same; TLS is given `rest` before what comes.
  Task<bool> secure(std::unique_ptr<Channel> client, Bytes rest);
  /// Greeting (implicit) and hello inside TLS.
  Task<bool> settle();
  /// approach, secure, settle with the probe's own offer.
  Task<bool> open();
  /// The polite end; does not wait for its answer.
  void leave();

  /// The request with `tail` behind it in the same segment, the handshake on a go-ahead.
  Task<UpgradeResult> upgrade_with(Bytes tail);
  /// The request, and `tail` in a segment of its own after `gap`, before the answer is read.
  Task<UpgradeResult> upgrade_then(Bytes tail, Milliseconds gap);
  /// An unknown command and a known one: their answers must be the next two, negative and positive.
  virtual Task<MarkerResult> marker();
  /// Ends the session. False when an answer came before the end that nobody asked for: where
  /// answers may come in any order, one may be behind the marker's.
  virtual Task<bool> owes_nothing();

  /// The event that ended the last handshake().
  [[nodiscard]] const Event& handshake_event() const { return handshake_event_; }
  [[nodiscard]] SecureLink& link() { return *link_; }
  [[nodiscard]] Probe& probe() { return probe_; }
  [[nodiscard]] const Probe& probe() const { return probe_; }
  [[nodiscard]] const std::string& banner() const { return banner_; }
  /// Capability lines as last listed.
  [[nodiscard]] const std::vector<std::string>& capabilities() const { return capabilities_; }

  // What a protocol fills in.

  /// As it stands in the list of capabilities.
  [[nodiscard]] virtual std::string_view upgrade_keyword() const = 0;
  [[nodiscard]] virtual Bytes upgrade_request() = 0;
  /// The request alone, and its answer.
  virtual Task<Answer> ask_for_upgrade();
  /// Whether an answer to the request is the go-ahead.
  [[nodiscard]] virtual bool is_go_ahead(const Answer& answer) const = 0;
  /// Whether a refusal of a second upgrade is one that the texts name for it.
  [[nodiscard]] virtual bool refuses_by_text(const Answer& answer) const = 0;
  /// Whether an answer is a greeting that offers service.
  [[nodiscard]] virtual bool is_greeting(const Answer& answer) const = 0;
  /// Whether the server speaks first.
  [[nodiscard]] virtual bool greets() const = 0;
  /// A harmless command whose answer is positive; canary_split() octets of it are "a partial line".
  [[nodiscard]] virtual Bytes canary() = 0;
  [[nodiscard]] virtual std::size_t canary_split() const = 0;
  /// What somebody who has logged in would ask for, one command after the other, each of one
  /// positive answer.
  [[nodiscard]] virtual std::vector<Bytes> errand() { return {canary()}; }
  /// Asks to hand in a message or an article; its text is due behind an answer of 3xx. Where
  /// the protocol takes none nothing is asked, and the code is 0.
  virtual Task<Answer> begin_submission();
  /// The command whose answer lists capabilities.
  [[nodiscard]] virtual Bytes capability_request() { return canary(); }
  /// Lists capabilities; what came in their place when they did not come.
  virtual Task<std::optional<Answer>> list_capabilities() = 0;
  /// How often the upgrade is among the capabilities last listed.
  [[nodiscard]] virtual std::size_t upgrade_listed() const = 0;
  /// The next whole answer.
  virtual Task<Answer> answer(Deadline deadline) = 0;
  [[nodiscard]] virtual Bytes unknown_command() = 0;
  [[nodiscard]] virtual Bytes goodbye() = 0;
  /// Logs in by the password of the probe's account; the last answer.
  virtual Task<Answer> log_in() = 0;
  /// Reads octets that came below TLS, where no answer was due.
  [[nodiscard]] virtual ClearWord read_clear(View octets) const = 0;

  /// One write; what is in it is awaited from now on.
  void say(View octets);
  /// The next whole answer, in the time that a reply has.
  Task<Answer> answer();
  Task<Answer> ask(Bytes command);

  /// Octets for the protocol's parser.
  virtual void feed(View octets) = 0;
  /// Octets that were fed and belong to no answer yet; the parser is as new.
  [[nodiscard]] virtual Bytes take_unused() = 0;

 protected:
  /// Octets that went out as commands: where the form of an answer follows from its command.
  virtual void sent(View octets);
  /// Feeds more octets; what came instead when there are none.
  Task<Answer> more(Deadline deadline);

  std::vector<std::string> capabilities_;

 private:
  Task<UpgradeResult> finish_upgrade(Answer first, bool with_tail);
  bool lost(const Answer& answer, std::string_view step);

  Probe& probe_;
  const Endpoint& endpoint_;
  std::unique_ptr<SecureLink> link_;
  Event handshake_event_ = TimedOut{};
  std::string banner_;
  bool greeting_heard_ = false;
};

// The dialogue of the probe's protocol on a new connection. Null when that did not succeed:
// probe.lost() has the ending.

/// Connected, nothing read.
Task<std::unique_ptr<Dialogue>> connected(Probe& probe, Probe::Wrap wrap = {});
Task<std::unique_ptr<Dialogue>> connected_to(Probe& probe, const Endpoint& endpoint,
                                             Probe::Wrap wrap = {});
/// greet() has succeeded.
Task<std::unique_ptr<Dialogue>> greeted(Probe& probe);
/// approach() has succeeded: TLS may begin.
Task<std::unique_ptr<Dialogue>> approached(Probe& probe, Probe::Wrap wrap = {});
/// open() has succeeded: commands go inside TLS.
Task<std::unique_ptr<Dialogue>> secured(Probe& probe, Probe::Wrap wrap = {});

/// A dialogue as that of its protocol, for checks that only one has: what the probe's endpoint
/// speaks is known by the row.
template <typename Spoken>
[[nodiscard]] std::unique_ptr<Spoken> speaking(std::unique_ptr<Dialogue> dialogue) {
  return std::unique_ptr<Spoken>(static_cast<Spoken*>(dialogue.release()));
}

/// The ending for a peer that refused during or after a handshake: alert_*, closed_without_alert,
/// hang.
[[nodiscard]] Ending ending_of(const Event& event);
[[nodiscard]] Ending ending_of(const Answer& answer);

}  // namespace assay
