#include "harness/protocol/pop3_state.h"

#include "harness/protocol/session_state.h"

#include <gtest/gtest.h>

#include <memory>

namespace assay {
namespace {

TEST(Pop3State, is_a_value) {
  SessionState session{.protocol = Pop3State{}};
  session.pop3().maildrop.messages = {{.id = 1, .octets = 120}, {.id = 2, .octets = 200}};
  const Pop3State copy = session.pop3();
  EXPECT_EQ(copy, session.pop3());
  session.pop3().maildrop.messages[1].deleted = true;
  EXPECT_NE(copy, session.pop3());
  EXPECT_FALSE(copy.maildrop.messages[1].deleted);
}

TEST(Pop3State, holds_its_lock_until_the_last_copy_goes) {
  Pop3State state;
  state.maildrop.lock = std::make_shared<int>();
  const std::weak_ptr<const void> held = state.maildrop.lock;
  {
    const Pop3State copy = state;
    state = {};
    EXPECT_FALSE(held.expired());
  }
  EXPECT_TRUE(held.expired());
}

}  // namespace
}  // namespace assay
