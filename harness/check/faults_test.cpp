#include "harness/check/faults.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

void slow_upgrade(SessionHooks& hooks) { hooks.upgrade_pause = Milliseconds(7); }
void slower_upgrade(SessionHooks& hooks) { hooks.upgrade_pause *= 3; }
void counts_greetings(SessionHooks& hooks) {
  hooks.on_greeting = [count = 0](Bytes& greeting, const SessionState&) mutable {
    greeting.push_back(static_cast<std::uint8_t>('0' + ++count));
  };
}

std::string greeted_by(SessionHooks& hooks) {
  Bytes greeting;
  hooks.on_greeting(greeting, SessionState{});
  return std::string(text_of(greeting));
}

TEST(Faults, none_of_them_leave_an_honest_session) {
  const SessionHooks hooks = hooks_of({}, 0);
  EXPECT_EQ(hooks.upgrade_pause, Milliseconds(0));
  EXPECT_FALSE(hooks.on_bytes || hooks.on_greeting || hooks.on_command || hooks.on_reply ||
               hooks.on_upgrade_request || hooks.on_tail || hooks.on_upgrade || hooks.on_hello ||
               hooks.on_handshake_failed || hooks.on_output || hooks.on_end_of_input ||
               hooks.on_close);
}

TEST(Faults, of_a_session_are_applied_in_order) {
  Faults faults;
  faults.session = {slow_upgrade, slower_upgrade};
  EXPECT_EQ(hooks_of(faults, 0).upgrade_pause, Milliseconds(21));
}

TEST(Faults, that_count_count_for_each_session_anew) {
  Faults faults;
  faults.session = {counts_greetings};
  SessionHooks first = hooks_of(faults, 0);
  SessionHooks second = hooks_of(faults, 0);
  EXPECT_EQ(greeted_by(first), "1");
  EXPECT_EQ(greeted_by(first), "2");
  EXPECT_EQ(greeted_by(second), "1");
}

}  // namespace
}  // namespace assay
