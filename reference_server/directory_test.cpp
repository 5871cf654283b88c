#include "reference_server/directory.h"

#include "reference_server/ldap_fixture_test.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace assay {
namespace {

std::vector<std::string> names(const std::vector<const DirectoryEntry*>& entries) {
  std::vector<std::string> list;
  for (const DirectoryEntry* entry : entries) list.push_back(entry->dn.substr(0, 6));
  return list;
}

using Names = std::vector<std::string>;

TEST(Directory, finds_entries_by_any_spelling_of_their_name) {
  const Directory directory = directory_for_tests();
  const auto find = [&](std::string_view text) {
    return directory.find(normal_name(parse_dn(text).value()));
  };
  ASSERT_NE(find(kAnnDn), nullptr);
  EXPECT_EQ(find("UserId=ANN , OU=People,dc=A,dc=test"), find(kAnnDn));
  EXPECT_EQ(find("dc=test"), nullptr);
  EXPECT_EQ(find(""), nullptr);
}

TEST(Directory, knows_what_is_in_a_scope) {
  const Directory directory = directory_for_tests();
  const std::string base = "dc=a,dc=test";
  EXPECT_EQ(names(directory.within(base, LdapScope::base_object)), Names{"dc=a,d"});
  EXPECT_EQ(names(directory.within(base, LdapScope::single_level)), Names{"ou=peo"});
  EXPECT_EQ(directory.within(base, LdapScope::whole_subtree).size(), 4U);
  EXPECT_EQ(names(directory.within("ou=people," + base, LdapScope::single_level)),
            (Names{"uid=an", "uid=bo"}));
  EXPECT_EQ(names(directory.within("", LdapScope::single_level)), Names{"dc=a,d"});
  EXPECT_EQ(directory.within("", LdapScope::whole_subtree).size(), 4U);
  EXPECT_TRUE(directory.within("", LdapScope::base_object).empty());
}

TEST(Directory, names_its_contexts_and_the_nearest_superior) {
  const Directory directory = directory_for_tests();
  EXPECT_EQ(directory.naming_contexts(), Names{"dc=a,dc=test"});
  EXPECT_EQ(directory.matched_dn("cn=x,uid=ann,ou=people,dc=a,dc=test"), kAnnDn);
  EXPECT_EQ(directory.matched_dn("dc=b,dc=test"), "");
  const Directory two = Directory::from_ldif("dn: o=a\no: a\n\ndn: cn=x,o=b\ncn: x\n").value();
  EXPECT_EQ(two.naming_contexts(), (Names{"o=a", "cn=x,o=b"}));
}

TEST(Directory, finds_an_entry_by_a_value) {
  const Directory directory = directory_for_tests();
  ASSERT_NE(directory.find_by_value("uid", "ANN"), nullptr);
  EXPECT_EQ(directory.find_by_value("userid", "ann")->dn, kAnnDn);
  EXPECT_EQ(directory.find_by_value("uid", "eve"), nullptr);
  EXPECT_EQ(directory.find_by_value("uidNumber", "x"), nullptr);
}

TEST(Directory, holds_no_passwords) {
  const Directory directory = directory_for_tests();
  const DirectoryEntry* ann = directory.find_by_value("uid", "ann");
  ASSERT_NE(ann, nullptr);
  for (const DirectoryAttribute& attribute : ann->attributes) {
    EXPECT_NE(attribute.description.type, "userpassword");
  }
}

TEST(Directory, knows_types_of_the_schema_and_of_its_entries) {
  const Directory directory = Directory::from_ldif("dn: o=a\no: a\nfavourite: b\n").value();
  EXPECT_TRUE(directory.knows_type("favourite"));
  EXPECT_TRUE(directory.knows_type("cn"));
  EXPECT_FALSE(directory.knows_type("other"));
}

TEST(Directory, errors_name_the_line) {
  const auto line = [](std::string_view text) {
    const auto directory = Directory::from_ldif(text);
    return directory ? 0 : directory.error().line;
  };
  EXPECT_EQ(line("dn: a\ncn: b\n"), 1U);
  EXPECT_EQ(line("dn:\ncn: b\n"), 1U);
  EXPECT_EQ(line("dn: o=a\no: a\n\ndn: O=A\no: a\n"), 4U);
  EXPECT_EQ(line("dn: o=a\nbad\n"), 2U);
  EXPECT_EQ(line(""), 0U);
}

}  // namespace
}  // namespace assay
