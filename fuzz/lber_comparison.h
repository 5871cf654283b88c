// Our BER against that of liblber (OpenLDAP), element by element: what is taken, what it says, how
// it is written. Used by ldap_ber; where liblber is not installed, lber_absent.cpp stands in and
// compares nothing.
#pragma once

#include "harness/base/bytes.h"
#include "harness/protocol/ber.h"
#include "harness/protocol/ldap.h"

namespace assay::fuzz {

/// `octets` as elements, one behind and one within another. The two readers agree on each, or part
/// over a difference that is known; what both read to the end both write alike.
void compare_elements(View octets);

/// The front of a stream is a message, or none yet, or none at all, for both.
void compare_front(View octets);

/// What we read as an LDAPMessage has the same id and operation for liblber.
void compare_envelope(View octets, std::int32_t id, LdapOp op);

}  // namespace assay::fuzz
