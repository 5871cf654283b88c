#include "clients/sent_commands.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(SentCommands, answers_are_for_the_commands_in_their_order_however_these_were_sent) {
  SentCommands sent;
  EXPECT_EQ(sent.awaited(), "");
  sent.answered();  // a greeting
  sent.note(view_of("STLS\r\nCA"));
  EXPECT_EQ(sent.awaited(), "STLS");
  sent.answered();
  EXPECT_EQ(sent.awaited(), "");
  sent.note(view_of("PA\r\n"));
  EXPECT_EQ(sent.awaited(), "CAPA");
}

TEST(SentCommands, what_was_sent_before_tls_is_forgotten) {
  SentCommands sent;
  sent.note(view_of("STLS\r\nCAPA\r\nCA"));
  sent.forget();
  EXPECT_EQ(sent.awaited(), "");
  sent.note(view_of("PA\r\n"));
  EXPECT_EQ(sent.awaited(), "PA");
}

}  // namespace
}  // namespace assay
