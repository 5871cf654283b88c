#include "harness/protocol/smtp_state.h"

#include "harness/protocol/session_state.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(SmtpState, is_a_value) {
  SmtpState state;
  state.hello = SmtpState::Hello::ehlo;
  state.transaction.recipients.push_back(*parse_mailbox("a@b.test"));
  state.transaction.content = bytes_of("text");
  const SmtpState copy = state;
  EXPECT_EQ(copy, state);
  state.transaction = {};
  EXPECT_NE(copy, state);
  EXPECT_EQ(copy.transaction.recipients.size(), 1U);
}

TEST(SmtpState, is_small_while_a_session_idles) { EXPECT_LE(sizeof(SessionState), 1024U); }

}  // namespace
}  // namespace assay
