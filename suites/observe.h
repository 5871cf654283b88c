// What several topics do alike: an offer that must be refused, what came until the end, half a
// message.
#pragma once

#include "clients/dialogue.h"
#include "clients/smtp.h"
#include "harness/check/encounter.h"

namespace assay::suites {

/// Offers a handshake that should be refused: the alert, closed_without_alert, hang, or accepted.
/// Nothing where TLS could not begin: probe.lost().
Task<std::optional<Ending>> answer_to_offer(Probe& probe, OracleConfig offer);

/// What a connection still brought until its end or the deadline.
struct Remainder {
  bool answered = false;  // application octets came
  bool close_notify = false;
  bool ended = false;
  EndOfInput how = EndOfInput::finished;
  std::optional<Alert> alert;
};
Task<Remainder> read_remainder(SecureLink& link, Deadline deadline);

/// Half a message inside TLS, then FIN without close_notify; a whole message shows that the sink
/// works. The account has a sink.
Task<Ending> half_a_message(Probe& probe);

/// Mail with `nonce`, as soon as a further good mail has arrived; nothing (and the probe says why)
/// when it did not.
Task<std::optional<std::vector<Bytes>>> mail_with(Probe& probe, std::string nonce);

/// A client under test that meets what its row shows: as somebody to work with inside TLS alone, or
/// as somebody to leave: all of it at once, or each by itself.
Task<Ending> meets_honest_server(Probe& probe);
Task<Ending> meets_impostor(Probe& probe);
Task<Ending> meets_each_honest_server(Probe& probe);
Task<Ending> meets_each_impostor(Probe& probe);
/// Each by itself, a part each, by this judge.
Task<Ending> meets_each(Probe& probe, Ending (*judge)(Probe& probe, const Encounter& met));

}  // namespace assay::suites
