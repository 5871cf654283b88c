#include "harness/protocol/apop.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

// RFC 1939 §7.
TEST(Apop, digests_timestamp_and_secret_as_the_rfc_shows) {
  EXPECT_EQ(apop_digest("<1896.697170952@dbc.mtview.ca.us>", "tanstaaf"),
            "c4c9334bac560ecc979e58001b3e22fb");
}

TEST(Apop, finds_the_timestamp_of_a_greeting) {
  EXPECT_EQ(apop_timestamp("POP3 server ready <1896.697170952@dbc.mtview.ca.us>"),
            "<1896.697170952@dbc.mtview.ca.us>");
  EXPECT_EQ(apop_timestamp("a < b <1@x> bye"), "<1@x>");
  EXPECT_EQ(apop_timestamp("<<1@x>"), "<1@x>");
}

TEST(Apop, takes_nothing_else_for_a_timestamp) {
  for (const auto* greeting :
       {"", "ready", "<>", "<here>", "<1@x", "<1 2@x>", "1@x>", "<\xc3\xbc@x>", "<1@x\r>"}) {
    EXPECT_EQ(apop_timestamp(greeting), "") << greeting;
  }
}

}  // namespace
}  // namespace assay
