#include "harness/protocol/ldap_dn.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace assay {
namespace {

using namespace std::string_view_literals;

std::string normal(std::string_view text) {
  const auto dn = parse_dn(text);
  return dn ? normal_name(*dn) : "none";
}

TEST(LdapDn, reads_and_writes_the_examples_of_the_rfc) {
  // RFC 4514 §4.
  for (const auto* text :
       {"UID=jsmith,DC=example,DC=net", "OU=Sales+CN=J.  Smith,DC=example,DC=net",
        "CN=James \\\"Jim\\\" Smith\\, III,DC=example,DC=net",
        "CN=Before\\0dAfter,DC=example,DC=net", "", "CN=", "1.3.6.1.4.1.1466.0=x", "CN=\\ a\\ ",
        "CN=\\#a#"}) {
    const auto dn = parse_dn(text);
    ASSERT_TRUE(dn) << text;
    EXPECT_EQ(to_string(*dn), text);
  }
  EXPECT_EQ(parse_dn("CN=Lu\\C4\\8Di\\C4\\87")->rdns[0][0].value, "Lu\xc4\x8di\xc4\x87");
  EXPECT_EQ(parse_dn("1.3.6.1.4.1.1466.0=#04024869,O=Test")->rdns[0][0].value, "Hi");
}

TEST(LdapDn, refuses_what_is_no_name) {
  for (const auto text :
       {"ann"sv, "=a"sv, "cn=a,"sv, ",cn=a"sv, "cn=a,,dc=b"sv, "cn=a+"sv, "cn=a;dc=b"sv, "cn=<a>"sv,
        "cn=\"a\""sv, "cn=a\\"sv, "cn=a\\x"sv, "c n=a"sv, "cn;x=a"sv, "cn=\0"sv, "cn=#"sv,
        "cn=#0"sv, "cn=#04034869"sv, "cn=#zz"sv}) {
    EXPECT_FALSE(parse_dn(text)) << text;
  }
}

TEST(LdapDn, strings_of_one_name_share_a_normal_one) {
  EXPECT_EQ(normal("UID=Ann,DC=A,DC=Test"), "uid=ann,dc=a,dc=test");
  EXPECT_EQ(normal("uid = ann , dc= a ,dc =test "), "uid=ann,dc=a,dc=test");
  EXPECT_EQ(normal("userId=ann,0.9.2342.19200300.100.1.25=a,dc=test"), "uid=ann,dc=a,dc=test");
  EXPECT_EQ(normal("cn=a  b"), normal("CN=A B"));
  EXPECT_EQ(normal("cn=b+sn=a"), normal("SN=A+CN=B"));
  EXPECT_EQ(normal("cn=a\\2cb"), normal("cn=a\\,b"));
  EXPECT_EQ(normal("homeDirectory=/A"), "homedirectory=/A");
  EXPECT_NE(normal("cn=a"), normal("sn=a"));
}

TEST(LdapDn, finds_superiors_past_escaped_commas) {
  const std::string name = normal("cn=a\\,dc=b,dc=test");
  EXPECT_EQ(superior_of(name), "dc=test");
  EXPECT_EQ(superior_of("dc=test"), "");
  EXPECT_EQ(superior_of(""), "");
  EXPECT_TRUE(is_within(name, "dc=test"));
  EXPECT_TRUE(is_within(name, name));
  EXPECT_TRUE(is_within(name, ""));
  EXPECT_FALSE(is_within(name, "dc=b,dc=test"));
  EXPECT_FALSE(is_within("dc=test", name));
  EXPECT_FALSE(is_within("dc=latest", "dc=test"));
}

}  // namespace
}  // namespace assay
