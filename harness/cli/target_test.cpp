#include "harness/cli/target.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Target, takes_protocol_access_port_and_role_from_the_scheme) {
  const auto plain = parse_target("smtp://mail.test");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->access, Access::upgrade);
  EXPECT_EQ(plain->address.port, 25);
  EXPECT_EQ(plain->role, ServerRole::public_mx);
  EXPECT_EQ(plain->sni, "mail.test");
  const auto implicit = parse_target("smtps://mail.test:4650/");
  ASSERT_TRUE(implicit);
  EXPECT_EQ(implicit->access, Access::implicit);
  EXPECT_EQ(implicit->url, "smtps://mail.test:4650");
}

TEST(Target, sends_no_name_for_an_address_literal_but_wants_it_proved) {
  const auto literal = parse_target("submission://[::1]:2587");
  ASSERT_TRUE(literal);
  EXPECT_EQ(literal->address.host, "::1");
  EXPECT_EQ(literal->sni, "");
  EXPECT_EQ(literal->reference_name, "::1");
  EXPECT_EQ(parse_target("smtp://127.0.0.1?name=mail.test")->sni, "mail.test");
}

TEST(Target, knows_the_protocols_of_readers_and_directories_too) {
  const auto pop3 = parse_target("pop3://mail.test");
  ASSERT_TRUE(pop3);
  EXPECT_EQ(pop3->protocol, Protocol::pop3);
  EXPECT_EQ(pop3->address.port, 110);
  EXPECT_EQ(pop3->role, ServerRole::mailbox);
  const auto nntps = parse_target("news.test:563");
  ASSERT_TRUE(nntps);
  EXPECT_EQ(nntps->protocol, Protocol::nntp);
  EXPECT_EQ(nntps->access, Access::implicit);
  const auto ldap = parse_target("ldap://directory.test");
  ASSERT_TRUE(ldap);
  EXPECT_EQ(ldap->protocol, Protocol::ldap);
  EXPECT_EQ(ldap->address.port, 389);
  EXPECT_EQ(ldap->role, ServerRole::directory);
  EXPECT_EQ(parse_target("directory.test:636")->url, "ldaps://directory.test:636");
  EXPECT_NE(parse_target("pop4://mail.test").error().find("did you mean pop3"), std::string::npos);
}

TEST(Target, finds_the_protocol_of_a_bare_port) {
  EXPECT_EQ(parse_target("mail.test:587")->url, "submission://mail.test:587");
  EXPECT_FALSE(parse_target("mail.test:12345"));
  EXPECT_FALSE(parse_target("mail.test"));
}

TEST(Target, refuses_a_password_without_repeating_it) {
  const auto refused = parse_target("smtp://alice:hunter2@mail.test");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().find("hunter2"), std::string::npos);
  EXPECT_NE(refused.error().find("--account"), std::string::npos);
}

TEST(Target, says_what_is_wrong) {
  for (const std::string_view bad :
       {"stmp://h", "smtp://", "smtp://h:0", "smtp://h:65536", "smtp://h:x", "smtp://::1",
        "smtp://[::1", "smtp://h?x=1", "smtp://h?sni="}) {
    EXPECT_FALSE(parse_target(bad)) << bad;
  }
  EXPECT_NE(parse_target("stmp://h").error().find("smtp://"), std::string::npos);
}

TEST(Target, endpoints_of_one_host_are_one_subject) {
  const Endpoint endpoints[] = {*parse_target("smtp://a"), *parse_target("smtp://b"),
                                *parse_target("smtps://a")};
  const auto subjects = group_by_host(endpoints);
  ASSERT_EQ(subjects.size(), 2U);
  EXPECT_EQ(subjects[0].endpoints.size(), 2U);
}

}  // namespace
}  // namespace assay
