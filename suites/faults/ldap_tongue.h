// The tongue of LDAP: units are messages, and what is said bears the message id and the kind of
// what it answers. Used by tongue.cpp and by the faults that only a directory has.
#pragma once

#include "suites/faults/tongue.h"

namespace assay::faults::ldap_tongue {

[[nodiscard]] std::size_t front_unit(View input);
[[nodiscard]] Bytes missing_end(View unfinished);
[[nodiscard]] Bytes said(Saying saying, View input);
/// The upgrade request, or a search, answered by a referral to that port (RFC 4511 §4.1.10);
/// nothing for any other message.
[[nodiscard]] Step referred(View input, std::uint16_t port, bool to_upgrade);
[[nodiscard]] bool asks_for_upgrade(View input);
[[nodiscard]] bool reads_root_dse(View unit);
[[nodiscard]] bool is_unknown_command(View input);
[[nodiscard]] bool is_bind(View input);

void list_upgrade(Bytes& messages);
void hide_upgrade(Bytes& messages);
void list_mechanism(Bytes& messages, std::string_view mechanism);
void reverse_capabilities(Bytes& messages);

}  // namespace assay::faults::ldap_tongue
