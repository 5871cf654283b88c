#include "reference_server/ldap_search.h"

#include "reference_server/ldap_fixture_test.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace assay {
namespace {

using Code = LdapResultCode;

constexpr std::string_view kBase = "dc=a,dc=test";

/// What a search led to: the entries, and the code of its result.
struct Found {
  std::vector<LdapSearchEntry> entries;
  LdapResult result;
};

Found search(LdapTalk& talk, LdapSearchRequest request) {
  Found found;
  for (const LdapMessage& message : talk.say({.id = 3, .op = std::move(request)})) {
    EXPECT_EQ(message.id, 3);
    if (const auto* entry = std::get_if<LdapSearchEntry>(&message.op)) {
      found.entries.push_back(*entry);
    } else {
      EXPECT_EQ(op_of(message), LdapOp::search_done);
      found.result = *result_of(message);
    }
  }
  return found;
}

LdapSearchRequest below(std::string_view base, std::string_view filter) {
  return {
      .base = std::string(base), .scope = LdapScope::whole_subtree, .filter = filter_of(filter)};
}

std::vector<std::string> types(const LdapSearchEntry& entry) {
  std::vector<std::string> list;
  for (const LdapAttribute& attribute : entry.attributes) list.push_back(attribute.type);
  return list;
}

std::vector<std::string> values(const LdapSearchEntry& entry, std::string_view type) {
  const auto found = std::ranges::find(entry.attributes, type, &LdapAttribute::type);
  return found == entry.attributes.end() ? std::vector<std::string>{} : found->values;
}

using Texts = std::vector<std::string>;

TEST(LdapSearch, returns_the_entries_for_which_the_filter_is_true) {
  LdapTalk talk;
  const Found found = search(talk, below(kBase, "(sn=example)"));
  EXPECT_EQ(found.result, LdapResult{});
  ASSERT_EQ(found.entries.size(), 2U);
  EXPECT_EQ(found.entries[0].name, kAnnDn);
  EXPECT_EQ(values(found.entries[0], "mail"), Texts{"ann@a.test"});
  EXPECT_TRUE(search(talk, below(kBase, "(!(favourite=x))")).entries.empty());
  EXPECT_EQ(search(talk, below("", "(objectClass=*)")).entries.size(), 4U);
}

TEST(LdapSearch, selects_attributes) {
  LdapTalk talk;
  const auto selected = [&](Texts attributes) {
    LdapSearchRequest request{.base = std::string(kAnnDn), .attributes = std::move(attributes)};
    return types(search(talk, request).entries.at(0));
  };
  const Texts users = {"objectClass", "uid",  "cn",        "cn;lang-de",
                       "sn",          "mail", "uidNumber", "manager"};
  EXPECT_EQ(selected({}), users);
  EXPECT_EQ(selected({"*"}), users);
  EXPECT_EQ(selected({"+"}), Texts{"createTimestamp"});
  EXPECT_EQ(selected({"createtimestamp", "MAIL"}), (Texts{"mail", "createTimestamp"}));
  EXPECT_EQ(selected({"commonName"}), (Texts{"cn", "cn;lang-de"}));
  EXPECT_EQ(selected({"cn;lang-de"}), Texts{"cn;lang-de"});
  EXPECT_EQ(selected({"1.1"}), Texts{});
  EXPECT_EQ(selected({"1.1", "uid"}), Texts{"uid"});
  EXPECT_EQ(selected({"userPassword", "no type"}), Texts{});
}

TEST(LdapSearch, types_only_leaves_the_values_out) {
  LdapTalk talk;
  const Found found =
      search(talk, {.base = std::string(kAnnDn), .types_only = true, .attributes = {"uid", "sn"}});
  EXPECT_EQ(found.entries.at(0).attributes, (std::vector<LdapAttribute>{{"uid"}, {"sn"}}));
}

TEST(LdapSearch, says_what_is_wrong_with_a_base) {
  LdapTalk talk;
  EXPECT_EQ(search(talk, below("x", "(cn=*)")).result.code, Code::invalid_dn_syntax);
  const Found found = search(talk, below("cn=x,ou=people,dc=a,dc=test", "(cn=*)"));
  EXPECT_EQ(found.result.code, Code::no_such_object);
  EXPECT_EQ(found.result.matched_dn, "ou=people,dc=a,dc=test");
  EXPECT_EQ(search(talk, below("dc=b", "(cn=*)")).result.matched_dn, "");
}

TEST(LdapSearch, refuses_scopes_and_dereferencing_that_are_unknown) {
  LdapTalk talk;
  EXPECT_EQ(talk.code(LdapSearchRequest{.scope = LdapScope{3}}), Code::protocol_error);
  EXPECT_EQ(talk.code(LdapSearchRequest{.deref_aliases = 4}), Code::protocol_error);
  EXPECT_EQ(talk.code(LdapSearchRequest{.deref_aliases = -1}), Code::protocol_error);
  EXPECT_EQ(search(talk, {.deref_aliases = 3}).result.code, Code::success);
}

TEST(LdapSearch, stops_at_the_limit_of_either_side) {
  LdapTalk talk;
  LdapSearchRequest request = below(kBase, "(objectClass=*)");
  request.size_limit = 3;
  Found found = search(talk, request);
  EXPECT_EQ(found.entries.size(), 3U);
  EXPECT_EQ(found.result.code, Code::size_limit_exceeded);
  request.size_limit = 4;
  EXPECT_EQ(search(talk, request).result.code, Code::success);
  LdapTalk strict({.limits = {.entries = 3}});
  found = search(strict, request);
  EXPECT_EQ(found.entries.size(), 3U);
  EXPECT_EQ(found.result.code, Code::admin_limit_exceeded);
  LdapTalk lazy({.limits = {.comparisons = 11}});
  EXPECT_EQ(search(lazy, below(kBase, "(|(cn=*)(sn=*))")).result.code, Code::admin_limit_exceeded);
  EXPECT_EQ(search(lazy, below(kBase, "(cn=a*b*c)")).result.code, Code::success);
  EXPECT_EQ(search(lazy, below(kBase, "(cn=a*b*c*d)")).result.code, Code::admin_limit_exceeded);
  request = below(kBase, "(cn=*)");
  request.attributes = {"cn"};
  EXPECT_EQ(search(lazy, request).result.code, Code::success);
  request.attributes = {"cn", "sn"};
  EXPECT_EQ(search(lazy, request).result.code, Code::admin_limit_exceeded);
}

TEST(LdapSearch, the_root_dse_tells_what_the_state_allows) {
  const auto root = [](LdapTalk&& talk) {
    Found found = search(talk, {.attributes = {"+"}});
    EXPECT_EQ(found.entries.size(), 1U);
    EXPECT_EQ(found.entries.at(0).name, "");
    return found.entries.at(0);
  };
  const std::string start_tls(ldap::kStartTls);
  const std::string who_am_i(ldap::kWhoAmI);
  const LdapSearchEntry clear = root(LdapTalk());
  EXPECT_EQ(values(clear, "namingContexts"), Texts{std::string(kBase)});
  EXPECT_EQ(values(clear, "supportedLDAPVersion"), Texts{"3"});
  EXPECT_EQ(values(clear, "supportedControl"), Texts{std::string(ldap::kManageDsaIt)});
  EXPECT_EQ(values(clear, "supportedExtension"), (Texts{who_am_i, start_tls}));
  EXPECT_EQ(values(clear, "supportedSASLMechanisms"), Texts{});
  const LdapSearchEntry secured = root(LdapTalk({}, Security::upgraded));
  EXPECT_EQ(values(secured, "supportedExtension"), Texts{who_am_i});
  EXPECT_EQ(values(secured, "supportedSASLMechanisms"), Texts{"PLAIN"});
  EXPECT_EQ(values(root(LdapTalk({.auth = AuthLevel::clear})), "supportedSASLMechanisms"),
            Texts{"PLAIN"});
  const auto nonce = [] { return "NONCE"; };
  const LdapConfig challenge{.auth = AuthLevel::challenge, .nonce = nonce};
  EXPECT_EQ(values(root(LdapTalk(challenge)), "supportedSASLMechanisms"),
            (Texts{"SCRAM-SHA-256", "CRAM-MD5"}));
  EXPECT_EQ(values(root(LdapTalk(challenge, Security::upgraded)), "supportedSASLMechanisms"),
            (Texts{"SCRAM-SHA-256", "CRAM-MD5", "PLAIN"}));
  EXPECT_EQ(values(root(LdapTalk({.starttls = false})), "supportedExtension"), Texts{who_am_i});
}

TEST(LdapSearch, the_root_dse_is_found_by_its_base_alone_and_shows_little_unasked) {
  LdapTalk talk;
  const Found found = search(talk, {});
  EXPECT_EQ(types(found.entries.at(0)), Texts{"objectClass"});
  EXPECT_TRUE(search(talk, {.filter = filter_of("(cn=*)")}).entries.empty());
  const Found children = search(talk, {.scope = LdapScope::single_level});
  ASSERT_EQ(children.entries.size(), 1U);
  EXPECT_EQ(children.entries[0].name, kBase);
}

TEST(LdapCompare, tells_true_from_false_and_from_what_cannot_be_compared) {
  LdapTalk talk;
  const auto compare = [&](std::string_view attribute, std::string_view value) {
    return talk.code(
        LdapCompareRequest{std::string(kAnnDn), std::string(attribute), std::string(value)});
  };
  EXPECT_EQ(compare("CN", "ann  example"), Code::compare_true);
  EXPECT_EQ(compare("cn", "Ann Beispiel"), Code::compare_true);
  EXPECT_EQ(compare("cn;lang-de", "Ann Example"), Code::compare_false);
  EXPECT_EQ(compare("ou", "people"), Code::no_such_attribute);
  EXPECT_EQ(compare("userPassword", "secret"), Code::no_such_attribute);
  EXPECT_EQ(compare("favourite", "x"), Code::undefined_attribute_type);
  EXPECT_EQ(compare("", "x"), Code::undefined_attribute_type);
  EXPECT_EQ(compare("uidNumber", "x"), Code::invalid_attribute_syntax);
  EXPECT_EQ(talk.code(LdapCompareRequest{"x", "cn", "x"}), Code::invalid_dn_syntax);
  EXPECT_EQ(talk.code(LdapCompareRequest{"cn=x", "cn", "x"}), Code::no_such_object);
}

}  // namespace
}  // namespace assay
