#include "harness/protocol/ldap_attribute.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(LdapAttribute, types_are_names_or_dotted_numbers) {
  for (const auto* type : {"cn", "x-a1", "2.5.4.3", "0.9"}) EXPECT_TRUE(is_attribute_type(type));
  for (const auto* type : {"", "1cn", "2", "2.5.", ".5", "2..5", "2.05", "c_n", "c n", "cn;x"}) {
    EXPECT_FALSE(is_attribute_type(type)) << type;
  }
}

TEST(LdapAttribute, options_follow_the_type) {
  EXPECT_EQ(parse_attribute_description("CN;Lang-EN;x"), (LdapDescription{"cn", {"lang-en", "x"}}));
  EXPECT_EQ(parse_attribute_description("2.5.4.3"), LdapDescription{"cn"});
  for (const auto* text : {"", ";", "cn;", "cn;;a", ";a", "cn;a b", "*", "+", "1.1.", "cn\n"}) {
    EXPECT_FALSE(parse_attribute_description(text)) << text;
  }
}

TEST(LdapAttribute, a_type_describes_its_subtypes_by_options) {
  const auto covers = [](std::string_view wanted, std::string_view given) {
    return describes(parse_attribute_description(wanted).value(),
                     parse_attribute_description(given).value());
  };
  EXPECT_TRUE(covers("CN", "cn"));
  EXPECT_TRUE(covers("cn", "cn;lang-en"));
  EXPECT_TRUE(covers("cn;LANG-EN", "cn;binary;lang-en"));
  EXPECT_TRUE(covers("commonName", "2.5.4.3;x"));
  EXPECT_FALSE(covers("cn;lang-en", "cn"));
  EXPECT_FALSE(covers("cn;lang-en", "cn;lang-en-us"));
  EXPECT_FALSE(covers("c", "cn"));
}

}  // namespace
}  // namespace assay
