// Encounter: what a client under test did with one of our servers, read from that server's
// transcript: where it worked, what it let out, how its run ended. Rows whose side is the client
// judge by it.
#pragma once

#include "harness/check/client.h"
#include "harness/check/probe.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// What a command is there for: to get ready for TLS (hello, capabilities, the upgrade), to leave,
/// or anything else: logging in, sending, asking.
enum class Errand { preparing, leaving, working };

struct ClientCommand {
  std::string verb;  // "MAIL", "BIND"; printable
  Errand errand = Errand::working;
};
/// The commands that a client said, in order. What has not the form of one is work, too: it is no
/// way to get ready or to leave. A record of TLS behind a command ends them.
[[nodiscard]] std::vector<ClientCommand> commands_of(Protocol protocol, View octets);

/// What one connection of the client carried.
struct Conversation {
  bool tls = false;            // a ClientHello came
  bool staple_wanted = false;  // and asked for a stapled OCSP response; known where it succeeded
  Bytes clear;                 // said in the clear before it
  Bytes clear_again;           // and after it
  Bytes secured;               // said inside TLS
  std::size_t unanswered = 0;  // octets of it that came before the server's first word there
};
/// By connection, in their order. What the evidence budget has cut is not there.
[[nodiscard]] std::vector<Conversation> conversations_of(const Transcript& transcript);

struct Encounter {
  Protocol protocol = Protocol::smtp;
  ClientEnd end;
  std::vector<Conversation> conversations;
  bool cut = false;  // there was more than the evidence budget keeps: nothing is known of that
  Redactor nonces;   // the password, and so whatever gives it away

  [[nodiscard]] bool came() const { return !conversations.empty(); }
  [[nodiscard]] bool began_tls() const;
  /// It asked for a stapled OCSP response. Known where the handshake succeeded.
  [[nodiscard]] bool wants_staple() const;
  /// The password, in whatever form a protocol gives it, outside TLS.
  [[nodiscard]] bool leaked_in_clear() const;
  /// The same inside TLS: a leak where the server was not to be trusted.
  [[nodiscard]] bool leaked_inside() const;
  /// Work outside TLS.
  [[nodiscard]] bool worked_in_clear() const;
  /// A command inside TLS that was not the farewell: the client went on with this server.
  [[nodiscard]] bool went_on_inside() const;
  /// Work inside TLS: more than getting ready.
  [[nodiscard]] bool worked_inside() const;
  /// Commands inside TLS, but the farewell, before the server's first word there; the most on one
  /// connection.
  [[nodiscard]] std::size_t unanswered_inside() const;
};

/// Runs the probe's client once against a server with the row's setup that shows all that the row
/// names. Throws std::logic_error where no table has a fault of that name.
Task<Encounter> meet(Probe& probe);
/// The same against one of these faults, at the probe's endpoint or at its other access.
Task<Encounter> meet_with(Probe& probe, std::string_view fault);
Task<Encounter> meet_with(Probe& probe, std::string_view fault, Access access);
/// The same with another setup than the row's.
Task<Encounter> meet_with(Probe& probe, Setup setup, std::vector<std::string_view> faults);
/// meet() of a client that is sent to the server's address, and not to its name.
Task<Encounter> meet_by_address(Probe& probe);
/// Against one of these faults, under "localhost" whatever name clients are sent to else.
Task<Encounter> meet_as_localhost(Probe& probe, std::string_view fault);
/// A message with `text` behind its headers, as the server of the probe takes it: mail to the
/// account's sink, an article in its group.
[[nodiscard]] std::string message_with(const Probe& probe, std::string_view text);
/// Against the honest server, and the client is given this to send.
Task<Encounter> meet_sending(Probe& probe, std::string message);
/// Against the honest server, with no setup of the row's.
Task<Encounter> meet_honest(Probe& probe);

namespace ending {
// Of a client.
inline constexpr Ending secured_first{"secured_first"};  // worked inside TLS alone
inline constexpr Ending turned_away{"turned_away"};      // no work, and its user was told
inline constexpr Ending turned_away_silently{"turned_away_silently"};  // and reported success
inline constexpr Ending leaked_in_clear{"leaked_in_clear"};
inline constexpr Ending leaked_to_impostor{"leaked_to_impostor"};
inline constexpr Ending went_on_in_clear{"went_on_in_clear"};
inline constexpr Ending trusted_impostor{"trusted_impostor"};
}  // namespace ending

/// Without work, whatever its user was told.
[[nodiscard]] constexpr bool is_turning_away(Ending seen) {
  return seen == ending::turned_away || seen == ending::turned_away_silently;
}

/// What leaves a client without a way to be judged: it did not come, or did not end, or said too
/// much.
[[nodiscard]] std::optional<Ending> unjudged(Probe& probe, const Encounter& met);
/// Of a client that may work inside TLS alone and has met a server that it may trust.
[[nodiscard]] Ending ending_with_honest(Probe& probe, const Encounter& met);
/// Of a client that has met a server whose certificate it must refuse.
[[nodiscard]] Ending ending_with_impostor(Probe& probe, const Encounter& met);

}  // namespace assay
