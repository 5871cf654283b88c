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

TEST(Accounts, who_was_proven_still_acts_as_nobody_else) {
  Accounts accounts;
  accounts.add("ann", {.password = Secret("secret")});
  EXPECT_NE(accounts.admit_proven({"", "ann", {}}), nullptr);
  EXPECT_NE(accounts.admit_proven({"ann", "ann", {}}), nullptr);
  EXPECT_EQ(accounts.admit_proven({"bob", "ann", {}}), nullptr);
  EXPECT_EQ(accounts.admit_proven({"", "bob", {}}), nullptr);
}

TEST(Accounts, salts_are_those_of_the_process_and_of_the_name_known_or_not) {
  Accounts accounts(Secret("one"));
  accounts.add("ann", {.password = Secret("secret")});
  EXPECT_EQ(accounts.scram_salt("ann").octets, accounts.scram_salt("ann").octets);
  EXPECT_NE(accounts.scram_salt("ann").octets, accounts.scram_salt("bob").octets);
  EXPECT_NE(accounts.scram_salt("ann").octets, Accounts(Secret("two")).scram_salt("ann").octets);
  EXPECT_EQ(accounts.scram_salt("bob").octets.size(), 16U);
  EXPECT_GE(accounts.scram_salt("bob").iterations, 4096U);
}

TEST(Accounts, scram_keys_are_derived_once_and_anew_for_another_password) {
  Accounts accounts;
  EXPECT_EQ(accounts.scram_keys("ann"), nullptr);
  accounts.add("ann", {.password = Secret("old")});
  const ScramKeys* const keys = accounts.scram_keys("ann");
  ASSERT_NE(keys, nullptr);
  EXPECT_EQ(accounts.scram_keys("ann"), keys);
  const Secret old = keys->stored;
  accounts.add("ann", {.password = Secret("new")});
  EXPECT_FALSE(accounts.scram_keys("ann")->stored.matches(old.reveal()));
}

}  // namespace
}  // namespace assay
