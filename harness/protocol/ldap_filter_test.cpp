#include "harness/protocol/ldap_filter.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace assay {
namespace {

using Kind = LdapFilterTerm::Kind;
using Fault = LdapFilterFault;

Bytes written(const LdapFilter& filter) {
  BerWriter writer;
  write_ldap_filter(writer, filter);
  return writer.take();
}

/// The filter that is read back, and whether it was too complex.
struct ReadBack {
  LdapFilter filter;
  bool too_complex = false;
  bool ok = false;
};
ReadBack read(View octets) {
  BerReader reader(octets);
  ReadBack back;
  back.filter = read_ldap_filter(reader, back.too_complex);
  back.ok = reader.ok() && !reader.peek();
  return back;
}

std::string nested(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += "(!";
  return text + "(a=b)" + std::string(depth, ')');
}

TEST(LdapFilter, strings_and_octets_round_trip) {
  // The examples of RFC 4515 §4, and what they leave out.
  for (const auto* text : {"(cn=Babs Jensen)",
                           "(!(cn=Tim Howes))",
                           "(&(objectClass=Person)(|(sn=Jensen)(cn=Babs J*)))",
                           "(o=univ*of*mich*)",
                           "(seeAlso=)",
                           "(cn:caseExactMatch:=Fred Flintstone)",
                           "(cn:=Betty Rubble)",
                           "(sn:dn:2.4.6.8.10:=Barney Rubble)",
                           "(o:dn:=Ace Industry)",
                           "(:1.2.3:=Wilma Flintstone)",
                           "(:dn:2.4.6.8.10:=Dino)",
                           "(o=Parens R Us \\28for all\\29)",
                           "(cn=*\\2a*)",
                           "(filename=C:\\5cMyFile)",
                           "(bin=\\00\\00\\00\\04)",
                           "(sn=Lu\\c4\\8di\\c4\\87)",
                           "(1.3.6.1.4.1.1466.0=\\04\\02Hi)",
                           "(a>=1)",
                           "(a<=1)",
                           "(a~=b)",
                           "(a;lang-en=*)",
                           "(a=*b)",
                           "(a=b*)",
                           "(&)",
                           "(|)",
                           "(&(a=*)(&(b=1)(!(c=2)))(d=3))"}) {
    const auto filter = parse_ldap_filter(text);
    ASSERT_TRUE(filter) << text;
    EXPECT_EQ(to_string(*filter), text);
    const ReadBack back = read(written(*filter));
    EXPECT_TRUE(back.ok) << text;
    EXPECT_EQ(back.filter, *filter) << text;
  }
}

TEST(LdapFilter, keeps_the_terms_in_front_of_those_below_them) {
  const LdapFilter filter = parse_ldap_filter("(&(a=1)(!(b=x*y*z))(c=*))").value();
  ASSERT_EQ(filter.terms.size(), 5U);
  EXPECT_EQ(filter.terms[0].kind, Kind::conjunction);
  EXPECT_EQ(filter.terms[0].children, 3U);
  EXPECT_EQ(filter.terms[2].kind, Kind::negation);
  EXPECT_EQ(filter.terms[2].children, 1U);
  EXPECT_EQ(filter.terms[3].initial, "x");
  EXPECT_EQ(filter.terms[3].any, std::vector<std::string>{"y"});
  EXPECT_EQ(filter.terms[3].final_, "z");
  EXPECT_EQ(filter.terms[4], ldap_present("c").terms[0]);
}

TEST(LdapFilter, says_what_is_wrong_with_a_string) {
  const auto fault = [](std::string_view text) {
    const auto filter = parse_ldap_filter(text);
    return filter ? std::optional<Fault>() : filter.error();
  };
  for (const auto* text :
       {"", "(", "a=b", "(a=b", "(&(a=b)", "(&a=b)", "(!)", "(!(a=b)(c=d))", ")"}) {
    EXPECT_EQ(fault(text), Fault::unbalanced) << text;
  }
  for (const auto* text : {"()", "(a)", "(=b)", "(:=b)"}) {
    EXPECT_EQ(fault(text), Fault::empty_item) << text;
  }
  for (const auto* text : {"(a b=c)", "(a;=c)", "(~=c)", "(a:b c:=d)", "(a::=d)", "(:dn:=d)x"}) {
    EXPECT_TRUE(fault(text) == Fault::bad_attribute || fault(text) == Fault::empty_item) << text;
  }
  for (const auto* text :
       {"(a=b(c)", "(a=\\)", "(a=\\2)", "(a=\\zz)", "(a>=b*)", "(a=b**c)", "(a=**)"}) {
    EXPECT_EQ(fault(text), Fault::bad_value) << text;
  }
  EXPECT_EQ(fault("(a=b)(c=d)"), Fault::trailing);
  EXPECT_EQ(fault("(a=b) "), Fault::trailing);
  EXPECT_FALSE(to_string(Fault::trailing).empty());
}

TEST(LdapFilter, strings_have_limits) {
  EXPECT_TRUE(parse_ldap_filter(nested(kLdapFilterDepth)));
  EXPECT_EQ(parse_ldap_filter(nested(kLdapFilterDepth + 1)).error(), Fault::too_complex);
  std::string wide = "(&";
  for (std::size_t i = 1; i < kLdapFilterTerms; ++i) wide += "(a=b)";
  EXPECT_TRUE(parse_ldap_filter(wide + ")"));
  EXPECT_EQ(parse_ldap_filter(wide + "(a=b))").error(), Fault::too_complex);
}

TEST(LdapFilter, octets_have_limits_and_say_so) {
  LdapFilter wide{{{.kind = Kind::disjunction, .children = kLdapFilterTerms - 1}}};
  wide.terms.resize(kLdapFilterTerms, ldap_present("a").terms[0]);
  EXPECT_TRUE(read(written(wide)).ok);
  ++wide.terms[0].children;
  wide.terms.push_back(ldap_present("a").terms[0]);
  EXPECT_TRUE(read(written(wide)).too_complex);

  const auto deep = [](std::size_t depth) {
    LdapFilter filter{{depth, {.kind = Kind::negation, .children = 1}}};
    filter.terms.push_back(ldap_present("a").terms[0]);
    return filter;
  };
  EXPECT_TRUE(read(written(deep(kBerDepthLimit))).ok);
  const ReadBack back = read(written(deep(kBerDepthLimit + 1)));
  EXPECT_FALSE(back.ok);
  EXPECT_TRUE(back.too_complex);
  EXPECT_TRUE(read(written(deep(100'000))).too_complex);
}

TEST(LdapFilter, unknown_choices_survive) {
  const Bytes octets = {0xa1, 0x05, 0xab, 0x03, 0x04, 0x01, 0x61};
  const ReadBack back = read(octets);
  ASSERT_TRUE(back.ok);
  EXPECT_EQ(back.filter.terms[1].kind, Kind::unknown);
  EXPECT_EQ(written(back.filter), octets);
  EXPECT_EQ(to_string(back.filter), "(|(?))");
}

TEST(LdapFilter, reads_dn_in_any_case) {
  // RFC 4515 §4: (:DN:2.4.6.8.10:=Dino). RFC 5234 §2.3: literals are insensitive to case.
  for (const auto* text : {"(:DN:2.4.6.8.10:=Dino)", "(cn:Dn:=Dino)", "(cn:dN:1.2:=Dino)"}) {
    const auto filter = parse_ldap_filter(text);
    ASSERT_TRUE(filter) << text;
    EXPECT_TRUE(filter->terms[0].dn_attributes) << text;
  }
}

TEST(LdapFilter, shows_no_text_that_would_read_as_another_filter) {
  const LdapFilterTerm present = ldap_present("a").terms[0];
  for (const LdapFilterTerm& term :
       {LdapFilterTerm{.kind = Kind::equality, .attribute = "a=*)(b", .value = "c"},
        LdapFilterTerm{.kind = Kind::present, .attribute = "\x1b[31m"},
        LdapFilterTerm{.kind = Kind::greater_or_equal, .attribute = "", .value = "c"},
        LdapFilterTerm{.kind = Kind::substrings, .attribute = "a", .initial = ""},
        LdapFilterTerm{.kind = Kind::substrings, .attribute = "a", .any = {"b", ""}},
        LdapFilterTerm{.kind = Kind::extensible, .attribute = "a", .matching_rule = "b:=)"},
        LdapFilterTerm{.kind = Kind::extensible, .attribute = "a", .matching_rule = "DN"}}) {
    EXPECT_EQ(to_string({{{.kind = Kind::conjunction, .children = 2}, term, present}}),
              "(&(?)(a=*))");
  }
}

TEST(LdapFilter, malformed_octets_are_refused_without_being_too_complex) {
  const Bytes two_operands = {0xa2, 0x06, 0x87, 0x01, 0x61, 0x87, 0x01, 0x62};
  const Bytes no_substring = {0xa4, 0x05, 0x04, 0x01, 0x61, 0x30, 0x00};
  const Bytes final_first = {0xa4, 0x09, 0x04, 0x01, 0x61, 0x30, 0x04, 0x82, 0x00, 0x80, 0x00};
  const Bytes neither_rule_nor_type = {0xa9, 0x03, 0x83, 0x01, 0x61};
  const Bytes value_missing = {0xa3, 0x03, 0x04, 0x01, 0x61};
  for (const Bytes& octets : {Bytes{}, Bytes{0xa2, 0x00}, two_operands, no_substring, final_first,
                              neither_rule_nor_type, value_missing}) {
    const ReadBack back = read(octets);
    EXPECT_FALSE(back.ok) << octets.size();
    EXPECT_FALSE(back.too_complex);
  }
}

}  // namespace
}  // namespace assay
