// In the place of lber_comparison.cpp and lber_framing.cpp where liblber is not installed.
#include "fuzz/lber_comparison.h"

namespace assay::fuzz {

void compare_elements(View /*octets*/) {}

void compare_front(View /*octets*/) {}

void compare_envelope(View /*octets*/, std::int32_t /*id*/, LdapOp /*op*/) {}

}  // namespace assay::fuzz
