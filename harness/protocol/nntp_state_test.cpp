#include "harness/protocol/nntp_state.h"

#include "harness/protocol/session_state.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(NntpState, is_a_value) {
  NntpState state;
  state.group = "misc.test";
  state.article = 7;
  state.content = bytes_of("text");
  const NntpState copy = state;
  EXPECT_EQ(copy, state);
  state.article = 8;
  EXPECT_NE(copy, state);
}

TEST(NntpState, is_found_in_the_session) {
  SessionState session{.protocol = NntpState{.user_name = "ann"}};
  EXPECT_EQ(session.nntp().user_name, "ann");
  session.nntp().user_name.clear();
  EXPECT_EQ(session.nntp(), NntpState{});
}

}  // namespace
}  // namespace assay
