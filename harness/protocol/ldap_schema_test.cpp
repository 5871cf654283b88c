#include "harness/protocol/ldap_schema.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(LdapSchema, a_type_has_several_names) {
  EXPECT_EQ(canonical_type("CommonName"), "cn");
  EXPECT_EQ(canonical_type("2.5.4.3"), "cn");
  EXPECT_EQ(canonical_type("Favourite"), "favourite");
  EXPECT_EQ(find_attribute_type("favourite"), nullptr);
  EXPECT_EQ(find_attribute_type(""), nullptr);
}

TEST(LdapSchema, values_compare_by_the_rule_of_their_type) {
  EXPECT_EQ(normal_value(matching_of("cn"), "  Ann   B "), "ann b");
  EXPECT_EQ(normal_value(matching_of("homeDirectory"), " /A"), "/A");
  EXPECT_EQ(normal_value(matching_of("userCertificate"), " A "), " A ");
  EXPECT_EQ(normal_value(matching_of("member"), "CN=A , DC=B"), "cn=a,dc=b");
  EXPECT_EQ(normal_value(matching_of("member"), "ann"), std::nullopt);
  EXPECT_EQ(normal_value(matching_of("uidNumber"), "-12"), "-12");
  for (const auto* text : {"", "-", "-0", "01", "1a", " 1"}) {
    EXPECT_EQ(normal_value(matching_of("uidNumber"), text), std::nullopt) << text;
  }
}

TEST(LdapSchema, tells_operational_attributes) {
  EXPECT_TRUE(is_operational("namingContexts"));
  EXPECT_FALSE(is_operational("cn"));
  EXPECT_FALSE(is_operational("favourite"));
}

}  // namespace
}  // namespace assay
