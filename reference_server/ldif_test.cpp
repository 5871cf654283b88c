#include "reference_server/ldif.h"

#include <gtest/gtest.h>

#include <string_view>

namespace assay {
namespace {

using namespace std::string_view_literals;

TEST(Ldif, reads_entries_with_folded_lines_comments_and_base64) {
  const auto entries = parse_ldif(
      "version: 1\n"
      "# a comment\n"
      "  that goes on\n"
      "dn: dc=te\n"
      " st\r\n"
      "objectClass: top\n"
      "dc:test\n"
      "OBJECTCLASS:   domain\n"
      "description:: w7xtbGF1dA==\n"
      "seeAlso:\n"
      "\n\n"
      "dn:: b3U9YQ==\n"
      "ou;lang-en: a : b");
  ASSERT_TRUE(entries) << entries.error().what;
  ASSERT_EQ(entries->size(), 2U);
  const LdifEntry& first = entries->front();
  EXPECT_EQ(first.dn, "dc=test");
  EXPECT_EQ(first.line, 4U);
  ASSERT_EQ(first.attributes.size(), 4U);
  EXPECT_EQ(first.attributes[0], (LdapAttribute{"objectClass", {"top", "domain"}}));
  EXPECT_EQ(first.attributes[1], (LdapAttribute{"dc", {"test"}}));
  EXPECT_EQ(first.attributes[2], (LdapAttribute{"description", {"\xc3\xbcmlaut"}}));
  EXPECT_EQ(first.attributes[3], (LdapAttribute{"seeAlso", {""}}));
  EXPECT_EQ(entries->back().dn, "ou=a");
  EXPECT_EQ(entries->back().attributes[0], (LdapAttribute{"ou;lang-en", {"a : b"}}));
}

TEST(Ldif, nothing_is_no_entry) {
  for (const auto text : {""sv, "\n\n"sv, "# a\n b\n"sv, "version: 1\n"sv}) {
    EXPECT_TRUE(parse_ldif(text).value().empty()) << text;
  }
}

TEST(Ldif, errors_name_the_line_and_what_is_wrong_with_it) {
  struct Case {
    std::string_view text;
    std::size_t line;
    std::string_view what;
  };
  for (const Case& each :
       {Case{"version: 2\n", 1, "The version is not 1"},
        Case{" a\n", 1, "Nothing is there that the line could continue"},
        Case{"dn: a\n\n b\n", 3, "Nothing is there that the line could continue"},
        Case{"\ncn: a\n", 2, "A record begins with its dn"},
        Case{"dn: a\ncn\n", 2, "The line has no colon"},
        Case{"dn: a\ncn: b\ndn: c\n", 3, "A record has one dn; an empty line ends it"},
        Case{"dn: a\n# x\ncn:: ?\n", 3, "The value is not base64"},
        Case{"dn: a\ncn:< file:///etc/passwd\n", 2, "Values by URL are not read"},
        Case{"dn: a\nchangetype: add\n", 2, "Records of changes are not read"},
        Case{"dn: a\nc n: b\n", 2, "\"c n\" is no attribute description"},
        Case{"cn: a\n", 1, "A record begins with its dn"},
        Case{"dn: a\n\ndn: b\ncn: b\n", 1, "The entry has no attribute"},
        Case{"dn: a\ncn: b\0c\n"sv, 2, "A NUL is in the line"}}) {
    const auto entries = parse_ldif(each.text);
    ASSERT_FALSE(entries) << each.text;
    EXPECT_EQ(entries.error().line, each.line) << each.text;
    EXPECT_EQ(entries.error().what, each.what);
  }
}

}  // namespace
}  // namespace assay
