#include "harness/protocol/ldap_state.h"

#include "harness/protocol/session_state.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(LdapState, is_a_value_of_the_session) {
  SessionState state{.protocol = LdapState{}};
  EXPECT_EQ(state.ldap(), LdapState{});
  state.ldap().bound_dn = "uid=ann";
  const SessionState copy = state;
  state.ldap() = {};
  EXPECT_NE(copy.ldap(), state.ldap());
  EXPECT_EQ(copy.ldap().bound_dn, "uid=ann");
}

}  // namespace
}  // namespace assay
