#include "reference_server/filter_match.h"

#include "reference_server/ldap_fixture_test.h"

#include <gtest/gtest.h>

#include <string_view>

namespace assay {
namespace {

Truth ann(std::string_view filter) {
  const Directory directory = directory_for_tests();
  return FilterMatch(filter_of(filter), directory).of(*directory.find_by_value("uid", "ann"));
}

TEST(FilterMatch, compares_values_by_the_rule_of_their_type) {
  for (const auto* text :
       {"(uid=ANN)", "(cn= ann   EXAMPLE )", "(commonName=Ann Example)", "(mail=*)",
        "(sn~=example)", "(manager=uid=bob,ou=people,dc=a,dc=test)", "(uidNumber=1000)",
        "(objectClass=INETORGPERSON)", "(cn;lang-de=*)", "(cn=Ann Beispiel)"}) {
    EXPECT_EQ(ann(text), Truth::is_true) << text;
  }
  for (const auto* text :
       {"(uid=an)", "(uidNumber=1)", "(manager=uid=eve,dc=test)", "(ou=*)",
        "(cn;lang-de=Ann Example)", "(userPassword=*)", "(userPassword=secret)"}) {
    EXPECT_EQ(ann(text), Truth::is_false) << text;
  }
}

TEST(FilterMatch, substrings_follow_each_other) {
  for (const auto* text : {"(cn=ann*)", "(cn=*ample)", "(cn=a*n*e*)", "(cn=*nn ex*)", "(cn=ann *)",
                           "(cn=ANN*EXAMPLE)", "(cn=*n*n*)"}) {
    EXPECT_EQ(ann(text), Truth::is_true) << text;
  }
  for (const auto* text :
       {"(uid=ann*nn)", "(uid=*n*n*n*)", "(uid=nn*)", "(uid=*an)", "(uid=a*a*n)"}) {
    EXPECT_EQ(ann(text), Truth::is_false) << text;
  }
}

TEST(FilterMatch, numbers_are_ordered_as_numbers) {
  EXPECT_EQ(ann("(uidNumber>=200)"), Truth::is_true);
  EXPECT_EQ(ann("(uidNumber>=1000)"), Truth::is_true);
  EXPECT_EQ(ann("(uidNumber<=999)"), Truth::is_false);
  EXPECT_EQ(ann("(uidNumber>=-5)"), Truth::is_true);
  EXPECT_EQ(ann("(uidNumber<=-5)"), Truth::is_false);
  EXPECT_EQ(ann("(uid>=anm)"), Truth::is_true);
  EXPECT_EQ(ann("(uid<=anm)"), Truth::is_false);
}

TEST(FilterMatch, what_cannot_be_judged_is_undefined) {
  // RFC 4511 §4.5.1.7: unknown types, rules and choices, and values without the syntax.
  for (const auto* text : {"(favourite=x)", "(favourite=*)", "(uidNumber=x)", "(uidNumber=1*)",
                           "(manager=x)", "(manager>=uid=a)", "(manager=uid*)",
                           "(userCertificate>=x)", "(cn:1.2.3:=x)", "(favourite:=x)"}) {
    EXPECT_EQ(ann(text), Truth::undefined) << text;
  }
  LdapFilter unknown{{{.kind = LdapFilterTerm::Kind::unknown}}};
  const Directory directory = directory_for_tests();
  EXPECT_EQ(FilterMatch(unknown, directory).of(*directory.find_by_value("uid", "ann")),
            Truth::undefined);
}

TEST(FilterMatch, joins_by_three_valued_logic) {
  for (const auto* text : {"(&)", "(!(|))", "(&(uid=ann)(sn=example))", "(|(x=y)(uid=ann))",
                           "(!(uid=bob))", "(|(uid=bob)(&(uid=ann)(!(sn=x))))"}) {
    EXPECT_EQ(ann(text), Truth::is_true) << text;
  }
  for (const auto* text : {"(|)", "(&(uid=bob)(x=y))", "(|(uid=bob)(sn=x))", "(!(uid=ann))"}) {
    EXPECT_EQ(ann(text), Truth::is_false) << text;
  }
  for (const auto* text : {"(!(x=y))", "(&(uid=ann)(x=y))", "(|(uid=bob)(x=y))"}) {
    EXPECT_EQ(ann(text), Truth::undefined) << text;
  }
}

TEST(FilterMatch, extensible_matches_take_rules_and_names) {
  for (const auto* text :
       {"(cn:=ann example)", "(cn:caseExactMatch:=Ann Example)", "(cn:2.5.13.5:=Ann Example)",
        "(:caseIgnoreMatch:=ANN@A.TEST)", "(ou:dn:=people)", "(:dn:caseIgnoreMatch:=people)"}) {
    EXPECT_EQ(ann(text), Truth::is_true) << text;
  }
  EXPECT_EQ(ann("(uid:integerMatch:=1)"), Truth::is_false);
  EXPECT_EQ(ann("(cn:caseExactMatch:=ann example)"), Truth::is_false);
  EXPECT_EQ(ann("(ou:=people)"), Truth::is_false);
}

}  // namespace
}  // namespace assay
