#include "harness/check/requirement.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace assay {
namespace {

TEST(EnumSet, holds_what_it_was_given) {
  constexpr EnumSet<Access> kSet{Access::clear, Access::pair};
  static_assert(kSet.contains(Access::pair) && !kSet.contains(Access::upgrade));
  EXPECT_TRUE(EnumSet<Access>{}.empty());
  EXPECT_FALSE(kSet.empty());
  EXPECT_EQ(kSet, (EnumSet<Access>{Access::pair, Access::clear, Access::pair}));
}

TEST(FixedList, keeps_order_and_knows_its_members) {
  constexpr FixedList<int, 3> kList{3, 1};
  static_assert(kList.size() == 2 && kList.contains(1) && !kList.contains(0));
  EXPECT_EQ(std::vector<int>(kList.begin(), kList.end()), (std::vector<int>{3, 1}));
  EXPECT_TRUE((FixedList<int, 3>{}).empty());
}

TEST(FixedList, refuses_more_than_it_holds) {
  EXPECT_THROW((FixedList<int, 2>{1, 2, 3}), std::out_of_range);
}

TEST(Levels, a_protocol_without_its_own_has_that_of_all) {
  constexpr Levels kLevels{.all = Level::bcp, .smtp = Level::must};
  EXPECT_EQ(kLevels.of(Protocol::smtp), Level::must);
  EXPECT_EQ(kLevels.of(Protocol::ldap), Level::bcp);
  EXPECT_EQ(kLevels.of(Protocol::tls), Level::bcp);
  EXPECT_EQ(Levels{}.of(Protocol::smtp), Level::none);
}

TEST(Levels, the_strongest_is_what_a_list_shows) {
  EXPECT_EQ((Levels{.all = Level::may, .nntp = Level::should}).strongest(), Level::should);
  EXPECT_EQ((Levels{.pop3 = Level::must, .ldap = Level::bcp}).strongest(), Level::must);
  EXPECT_EQ(Levels{}.strongest(), Level::none);
}

TEST(Severity, follows_the_level_unless_the_row_says_otherwise) {
  const auto severity = [](Level level, Severity own = Severity::by_level) {
    return severity_for(level, own, {}, ServerRole::submission);
  };
  EXPECT_EQ(severity(Level::must), Severity::error);
  EXPECT_EQ(severity(Level::should), Severity::warning);
  EXPECT_EQ(severity(Level::bcp), Severity::warning);
  EXPECT_EQ(severity(Level::may), Severity::note);
  EXPECT_EQ(severity(Level::info), Severity::note);
  EXPECT_EQ(severity(Level::may, Severity::error), Severity::error);
}

TEST(Severity, of_the_role_goes_before_that_of_the_row) {
  const RoleSeverities opportunistic{.public_mx = Severity::note};
  EXPECT_EQ(severity_for(Level::must, Severity::error, opportunistic, ServerRole::public_mx),
            Severity::note);
  EXPECT_EQ(severity_for(Level::must, Severity::error, opportunistic, ServerRole::mailbox),
            Severity::error);
  EXPECT_EQ(severity_for(Level::must, Severity::by_level, {}, ServerRole::public_mx),
            Severity::error);
}

TEST(Words, of_roles_go_both_ways) {
  for (int i = 0; i <= static_cast<int>(ServerRole::directory); ++i) {
    const auto role = static_cast<ServerRole>(i);
    EXPECT_EQ(role_named(name_of(role)), role);
  }
  EXPECT_FALSE(role_named("mx"));
}

TEST(Words, are_those_of_the_command_line_and_of_case_names) {
  EXPECT_EQ(name_of(Protocol::tls), "tls");
  EXPECT_EQ(name_of(Access::pair), "pair");
  EXPECT_EQ(name_of(Level::info), "info");
  EXPECT_EQ(name_of(Severity::note), "note");
  EXPECT_EQ(name_of(Component::configuration), "configuration");
  EXPECT_EQ(name_of(VersionScope::hello), "hello");
  EXPECT_EQ(name_of(Side::both), "both");
}

TEST(Scheme, is_the_protocol_and_an_s_where_tls_comes_first) {
  EXPECT_EQ(scheme_of(Protocol::pop3, Access::upgrade), "pop3");
  EXPECT_EQ(scheme_of(Protocol::ldap, Access::implicit), "ldaps");
}

}  // namespace
}  // namespace assay
