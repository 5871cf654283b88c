// Tongue: how the protocol of a session says what faults and liberties say, so that each of them is
// one row whatever the protocol: lines in SMTP, POP3 and NNTP, messages in LDAP (ldap_tongue.cpp).
#pragma once

#include "harness/protocol/session_state.h"
#include "harness/protocol/step.h"

#include <cstddef>
#include <string_view>

namespace assay::faults {

enum class Saying {
  go_ahead,  // to a session that says yes whenever it is asked
  // Refusals of the upgrade.
  no_such_command,
  not_now,         // by a code for what passes
  tls_active,      // inside TLS, as the texts want it
  unnamed,         // by a code that no text names for it
  nothing_behind,  // because octets came behind it
  handshake_failed,
  // Answers to a login.
  welcome,
  wrong_password,
  // Other words.
  unknown_command,
  no_greeting,     // positive, and no greeting
  known_user,      // a greeting as to somebody who has logged in
  another_host,    // a greeting in the name of another host; nothing where nobody greets
  next_answer,     // what the client's next command would ask for, behind its upgrade request
  partial_answer,  // the beginning of an answer that spoils the one which comes behind it
};

/// The unit at the front of `input` (a line, a message), in octets; 0 where it is not whole.
[[nodiscard]] std::size_t front_unit(View input, const SessionState& state);
/// What a peer that takes the end of input for the end of a unit adds to it: a line end, zeros.
[[nodiscard]] Bytes missing_end(View unfinished, const SessionState& state);
/// What the session says to the unit at the front of `input`; to no unit where that is empty.
[[nodiscard]] Bytes said(Saying saying, View input, const SessionState& state);
/// Says it in the service's place: consumes the unit.
[[nodiscard]] Step answer_unit(Saying saying, View input, const SessionState& state,
                               Step::Next next = Step::Next::go_on);
/// Takes the unit without a word.
[[nodiscard]] Step pass_over_unit(View input, const SessionState& state,
                                  Step::Next next = Step::Next::go_on);

[[nodiscard]] bool asks_for_upgrade(View input, const SessionState& state);
/// Whether `unit` is the command that lists capabilities.
[[nodiscard]] bool lists_capabilities(View unit, const SessionState& state);
/// Whether it is the command that nobody knows, of which a marker is made.
[[nodiscard]] bool is_unknown_command(View input, const SessionState& state);

/// Whether it is a login, or a step of one that begins it.
[[nodiscard]] bool is_login(View input, const SessionState& state);

/// Adds the upgrade once more to a list of capabilities, or takes it out of it.
void list_upgrade(Step& step, const SessionState& state);
void hide_upgrade(Step& step, const SessionState& state);
/// Adds a mechanism to the list of capabilities.
void list_mechanism(Step& step, const SessionState& state, std::string_view mechanism);
/// The list in the reverse order, and in lower case where case does not matter.
void reverse_capabilities(Step& step, const SessionState& state);

}  // namespace assay::faults
