// Faults and liberties: named misbehaviours (and legal variants) of a reference peer, as data.
// Three places take them, and honest code offers each to everyone: the TLS end, the session, the
// chain that is served. The tables stand in suites/faults; servers and clients under them do not
// know any name.
#pragma once

#include "harness/channel/deviation.h"
#include "harness/channel/oracle.h"
#include "harness/check/requirement.h"
#include "harness/net/budget.h"
#include "harness/pki/authority.h"
#include "harness/pki/judge.h"
#include "harness/protocol/session_state.h"
#include "harness/protocol/step.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

namespace engine {
struct Config;
}

/// Where the octets of a session are: before the upgrade, between its reply and the handshake's
/// end, inside.
enum class Phase { clear, handshake, secured };

/// An upgrade that has just succeeded.
struct Upgrade {
  const SessionState& before;
  SessionState& after;  // fresh, where nobody changes it
  const Bytes& tail;    // clear octets that came behind the upgrade command
  Bytes& input;         // acted on first inside TLS; empty in an honest server
};

enum class CloseCause { peer_close_notify, peer_fin, service, handshake_failed };
struct CloseManner {
  /// with_peer: close_notify and FIN wait for the peer's FIN.
  enum class Tcp { fin, reset, stay_open, with_peer };
  bool close_notify = true;
  Tcp tcp = Tcp::fin;
  Bytes last_words;  // below TLS, before the end: a line in the clear, an alert of our own making
};

/// Replies as they go out: one write a piece, each after its pause.
struct Piece {
  Bytes octets;
  Milliseconds pause{0};
};

/// What follows a handshake that failed.
enum class AfterFailure { close, back_to_clear };

/// Every member may be empty: the honest session. One set of hooks serves one session, so that a
/// hook may keep state of its own. `input` begins with the unit that is next and holds all that
/// came behind it.
struct SessionHooks {
  std::uint16_t port = 0;  // that the client reached; known when the other members are filled in
  std::function<void(Bytes& octets, Phase phase)> on_bytes;
  std::function<void(Bytes& greeting, const SessionState& state)> on_greeting;
  /// Answers the next unit in the service's place.
  std::function<std::optional<Step>(View input, SessionState& state)> on_command;
  std::function<void(View unit, Step& step, SessionState& state)> on_reply;
  /// Waits so long for octets behind the upgrade command before it looks at them.
  Milliseconds upgrade_pause{0};
  /// Answers the upgrade command in the service's place, knowing what came behind it; that is then
  /// acted on in the clear.
  std::function<std::optional<Step>(const Bytes& tail, const SessionState& state)>
      on_upgrade_request;
  /// What of the clear octets behind the upgrade command is handed to TLS: nothing, in an honest
  /// server.
  std::function<Bytes(const Bytes& tail)> on_tail;
  std::function<void(Upgrade& upgrade)> on_upgrade;
  /// Sees the client's first TLS octets (mostly its ClientHello); an answer ends the session at
  /// once.
  std::function<std::optional<CloseManner>(View first_octets)> on_hello;
  /// `state` is a fresh clear one: what the session goes on with, if it does.
  std::function<AfterFailure(View first_octets, SessionState& state)> on_handshake_failed;
  std::function<std::vector<Piece>(Bytes octets)> on_output;
  /// Octets to act on where the client's end came; none, in an honest server.
  std::function<Bytes(const SessionState& state)> on_end_of_input;
  std::function<CloseManner(CloseCause cause, const SessionState& state)> on_close;
};

/// Why a client cannot work inside TLS as it was told to.
enum class Obstacle { not_listed, refused, handshake_failed, untrusted };
/// What it does about it. ask_anyway is for an upgrade that is not listed.
enum class Resort { leave, ask_anyway, work_in_clear };

/// Octets that came in the clear behind the go-ahead: what TLS is given of them, and what is read
/// as an answer inside it.
struct ClearRest {
  Bytes for_tls;
  Bytes for_session;
};

/// What a client has a rule for. As it is here, with every function null: the honest client, which
/// was told to work inside TLS alone.
struct ClientConduct {
  /// Whether the upgrade is due behind this greeting; always, with an honest client.
  bool (*needs_upgrade)(std::string_view greeting) = nullptr;
  /// Before the upgrade, in the clear; an honest client has nothing to do there.
  bool works_first = false;
  Resort (*resort)(Obstacle obstacle) = nullptr;  // an honest client leaves
  ClearRest (*on_rest)(Bytes rest) = nullptr;     // an honest client gives all of it to TLS
  /// The name that the certificate must prove: the one that the client was given.
  std::string (*reference_name)(const std::string& given, std::string_view greeting) = nullptr;
  /// Whether it looks at the certificate of a server that begins with TLS behind its greeting
  /// alone.
  bool waits_for_greeting = false;
  /// A chain of more certificates is not looked at.
  std::size_t longest_chain = kMaxServedCertificates;
  /// Whether this brings it down; nothing does with an honest client.
  bool (*dies_of)(const ChainVerdict& verdict) = nullptr;
  /// Whether it works with a server that presented this; honest: acceptable() and strong().
  bool (*trusts)(const ChainVerdict& verdict, Access access) = nullptr;
  /// Whether a referral is followed, and the work done there in the clear; an honest client leaves
  /// it.
  bool follows_referral = false;
  /// What is sent of a message that it was given, ended; nothing where it will not send it. Honest:
  /// every line ends with CRLF, and its dots are stuffed.
  std::optional<Bytes> (*text_of_message)(View message) = nullptr;
  bool works_unverified = false;  // before it looks at the certificate
  bool greets_inside = true;      // an honest client says hello again
  bool leaves_at_once = false;    // without a farewell
  bool reports_success = false;   // whatever came of it
};

struct Faults {
  std::string host = "localhost";  // that the server is; known when a fault is applied
  ClientConduct client;
  Deviation tls;
  ChainSpec chain;
  std::vector<void (*)(SessionHooks& hooks)> session;  // called for each session anew
  std::vector<void (*)(Access access, OracleConfig& config)>
      tls_config;  // called for each listener
  /// Called for each listener, or for each handshake of a client; an end with any is our own
  /// engine.
  std::vector<void (*)(engine::Config& config)> engine;
  std::vector<void (*)(Access access, ChainSpec& chain)> listener_chain;
  std::vector<void (*)(ServerBudget& budget)> limits;
};

/// Makes the hooks of one session on that port.
[[nodiscard]] SessionHooks hooks_of(const Faults& faults, std::uint16_t port);

/// The honest configuration that a row needs of our reference server. The default is what `assay
/// serve` runs.
struct Setup {
  bool clear_auth = false;  // AUTH is offered in the clear, too
  bool tls_required = false;
  bool must_staple = false;          // the leaf demands a staple, and one is served
  bool rsa = false;                  // RSA 2048 in place of P-256
  bool several_names = false;        // a second name with a certificate of its own
  bool scram_plus = false;           // SCRAM-SHA-256-PLUS is listed inside TLS
  bool engine = false;               // our own TLS in place of libssl's
  bool heartbeat = false;            // RFC 6520 is agreed to; our own TLS alone has it
  bool client_certificates = false;  // the handshake asks for one, and goes on without
  bool old_suites = false;           // DHE, static RSA and CBC beside ECDHE with AEAD
  bool renegotiation = false;        // TLS 1.2: a client may begin again
  bool operator==(const Setup&) const = default;
  [[nodiscard]] constexpr auto operator<=>(const Setup&) const = default;
};

struct NamedFault {
  enum class Kind { fault, liberty };
  std::string_view name;  // [a-z0-9_]
  Kind kind = Kind::fault;
  Side side = Side::server;  // who shows it
  std::string_view summary;  // one sentence for `assay serve --fault` and `explain`
  void (*apply)(Faults& faults) = nullptr;
};

/// Null where no table has one of that name.
[[nodiscard]] const NamedFault* fault_named(std::span<const NamedFault* const> faults,
                                            std::string_view name);

}  // namespace assay
