#include "reference_server/accounts.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Accounts, open_to_the_right_password_alone) {
  Accounts accounts;
  accounts.add("ann", {.password = Secret("secret"), .mailbox = "ann@a.test"});
  ASSERT_NE(accounts.authenticate("ann", "secret"), nullptr);
  EXPECT_EQ(accounts.authenticate("ann", "secret")->mailbox, "ann@a.test");
  EXPECT_EQ(accounts.authenticate("ann", "Secret"), nullptr);
  EXPECT_EQ(accounts.authenticate("ann", ""), nullptr);
  EXPECT_EQ(accounts.authenticate("Ann", "secret"), nullptr);
  EXPECT_EQ(accounts.authenticate("", ""), nullptr);
}

TEST(Accounts, a_second_entry_replaces_the_first) {
  Accounts accounts;
  accounts.add("ann", {.password = Secret("old")});
  accounts.add("ann", {.password = Secret("new")});
  EXPECT_EQ(accounts.authenticate("ann", "old"), nullptr);
  EXPECT_NE(accounts.authenticate("ann", "new"), nullptr);
}

TEST(Accounts, nobody_acts_as_somebody_else) {
  Accounts accounts;
  accounts.add("ann", {.password = Secret("secret")});
  accounts.add("bob", {.password = Secret("other")});
  EXPECT_NE(accounts.admit({"", "ann", Secret("secret")}), nullptr);
  EXPECT_NE(accounts.admit({"ann", "ann", Secret("secret")}), nullptr);
  EXPECT_EQ(accounts.admit({"bob", "ann", Secret("secret")}), nullptr);
  EXPECT_EQ(accounts.admit({"", "ann", Secret("other")}), nullptr);
}

}  // namespace
}  // namespace assay
