// The tables of named faults and liberties, one a topic. all.cpp in suites lists them once.
#pragma once

#include "harness/check/faults.h"

#include <span>

namespace assay::faults {

std::span<const NamedFault> upgrade();
std::span<const NamedFault> upgrade_failure();
std::span<const NamedFault> directory();
std::span<const NamedFault> wording();
std::span<const NamedFault> authentication();
std::span<const NamedFault> content();
std::span<const NamedFault> ending();
std::span<const NamedFault> retrieval();
std::span<const NamedFault> tls();
std::span<const NamedFault> engine();
std::span<const NamedFault> engine_order();
std::span<const NamedFault> engine_output();
std::span<const NamedFault> engine_records();
std::span<const NamedFault> engine_hello();
std::span<const NamedFault> engine_choice();
std::span<const NamedFault> engine_name();
std::span<const NamedFault> engine_session();
std::span<const NamedFault> engine_exchange();
std::span<const NamedFault> chain();
std::span<const NamedFault> certification();
std::span<const NamedFault> certified_name();
std::span<const NamedFault> path();
std::span<const NamedFault> client_trust();
std::span<const NamedFault> client_name();
std::span<const NamedFault> client_care();
std::span<const NamedFault> client();

/// Adds hooks, made anew for each session.
void in_session(Faults& faults, void (*add)(SessionHooks& hooks));
/// The last word on the server's own certificate, or on the one above it.
void change_leaf(Faults& faults, std::function<void(CertificateSpec&)> change);
void change_intermediate(Faults& faults, std::function<void(CertificateSpec&)> change);
/// Whether this is an SMTP session in that phase.
[[nodiscard]] bool in_phase(const SessionState& state, SmtpState::Phase phase);
/// Whether a unit begins with the command word `verb`, as SMTP reads it.
[[nodiscard]] bool is_command(View unit, std::string_view verb);
/// The lines of a reply, each with its line end.
[[nodiscard]] std::vector<Bytes> reply_lines(View octets);
/// One reply line in the service's place: consumes the first line of `input`.
[[nodiscard]] Step answer_line(View input, std::string_view reply,
                               Step::Next next = Step::Next::go_on);

}  // namespace assay::faults
