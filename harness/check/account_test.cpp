#include "harness/check/account.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sys/stat.h>

namespace assay {
namespace {

std::string error_of(std::string_view text) {
  const auto read = parse_account(text, "acct.toml");
  return read ? std::string() : read.error();
}

TEST(Account, holds_what_the_file_says) {
  const auto read = parse_account(
      "user = \"anna\"\npassword = \"correct horse\"\nbind_dn = \"cn=anna\"\nbase_dn = "
      "\"dc=test\"\n"
      "group = \"test.group\"\nsink = \"sink@example.test\"\nsink_read = \"maildir:/tmp/m\"\n"
      "role = \"public_mx\"\ntls_required = true\nauth_tls_only = true\nno_tls_config = true\n"
      "client_cert = \"c.pem\"\nclient_key = \"k.pem\"\nnames = [\"a.test\", \"b.test\"]\n"
      "handshake_budget_seconds = 20\n",
      "acct.toml");
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->account.user, "anna");
  EXPECT_TRUE(read->account.password.matches("correct horse"));
  EXPECT_EQ(read->account.sink, "sink@example.test");
  EXPECT_EQ(read->account.role, ServerRole::public_mx);
  EXPECT_TRUE(read->account.tls_required && read->account.auth_tls_only);
  EXPECT_TRUE(read->account.no_tls_config);
  EXPECT_EQ(read->account.names, (std::vector<std::string>{"a.test", "b.test"}));
  EXPECT_EQ(read->account.handshake_budget, std::chrono::seconds(20));
  EXPECT_EQ(read->sink_read, "maildir:/tmp/m");
  EXPECT_EQ(read->account.bind_dn, "cn=anna");
  EXPECT_EQ(read->base_dn, "dc=test");
  EXPECT_EQ(read->account.group, "test.group");
  EXPECT_EQ(read->client_cert, "c.pem");
  EXPECT_EQ(read->client_key, "k.pem");
}

TEST(Account, an_empty_file_lends_nothing) {
  const auto read = parse_account("", "acct.toml");
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->account.user.empty());
  EXPECT_FALSE(read->account.role);
}

TEST(Account, an_unknown_key_is_told_with_its_place_and_its_neighbour) {
  EXPECT_EQ(error_of("sink = \"a@b\"\n  passwrod = \"x\"\n"),
            "acct.toml:2:3: unknown key \"passwrod\"; did you mean \"password\"?");
}

TEST(Account, a_wrong_kind_is_told_without_the_value) {
  EXPECT_EQ(error_of("password = 12345\n"), "acct.toml:1:1: `password` must be a text in quotes");
  EXPECT_EQ(error_of("tls_required = \"yes\"\n"),
            "acct.toml:1:1: `tls_required` must be true or false");
  EXPECT_EQ(error_of("names = [1]\n"),
            "acct.toml:1:1: `names` must be a list of texts, as [\"a\", \"b\"]");
  EXPECT_EQ(error_of("handshake_budget_seconds = 0\n"),
            "acct.toml:1:1: `handshake_budget_seconds` must be a whole number from 1 to 86400");
  EXPECT_NE(error_of("role = \"public-mx\"\n").find("did you mean \"public_mx\"?"),
            std::string::npos);
}

TEST(Account, a_syntax_error_never_quotes_the_password) {
  for (const char* text : {"password = hunter2\n", "password = \"hunter2\n",
                           "password = truhunter2", "user = \"a\"\npassword hunter2\n"}) {
    const std::string error = error_of(text);
    EXPECT_NE(error.find("acct.toml:"), std::string::npos) << error;
    EXPECT_EQ(error.find("unter2"), std::string::npos) << error;
  }
}

TEST(Account, halves_of_a_pair_are_refused) {
  EXPECT_EQ(error_of("user = \"a\"\n"), "acct.toml:1:1: `user` needs a `password` beside it");
  EXPECT_EQ(error_of("client_key = \"k\"\n"),
            "acct.toml:1:1: `client_key` needs a `client_cert` beside it");
}

TEST(Account, a_file_that_others_may_read_is_refused_with_the_remedy) {
  const std::string path = testing::TempDir() + "assay_account_test.toml";
  std::ofstream(path) << "user = \"a\"\npassword = \"b\"\n";
  for (const mode_t mode : {0644U, 0640U, 0604U, 0660U}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    const auto read = load_account(path);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().find("chmod 600 " + path), std::string::npos) << read.error();
  }
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  EXPECT_TRUE(load_account(path));
  ::unlink(path.c_str());
  const auto missing = load_account(path);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error(), "cannot read " + path + ": No such file or directory");
}

}  // namespace
}  // namespace assay
