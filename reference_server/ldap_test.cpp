#include "reference_server/ldap.h"

#include "harness/base/hex.h"
#include "reference_server/ldap_fixture_test.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace assay {
namespace {

using Code = LdapResultCode;

constexpr auto kClosed = Step::Next::close;

/// A session that ended with a Notice of Disconnection and nothing else.
void expect_disconnected(const LdapTalk& talk, const std::vector<LdapMessage>& said, Code code) {
  ASSERT_EQ(said.size(), 1U);
  EXPECT_TRUE(is_notice_of_disconnection(said[0]));
  EXPECT_EQ(result_of(said[0])->code, code);
  EXPECT_EQ(talk.next, kClosed);
  EXPECT_TRUE(talk.left().empty());
}

LdapOperation start_tls() { return ldap_extended(1, ldap::kStartTls).op; }

TEST(LdapService, waits_for_the_client_to_speak) {
  const LdapTalk talk;
  EXPECT_TRUE(talk.service.greeting(talk.state).empty());
  EXPECT_FALSE(talk.service.receiving_content(talk.state));
}

TEST(LdapService, answers_the_same_however_the_octets_are_cut) {
  Bytes octets = encode_ldap(ldap_read_entry(1, ""));
  append(octets, encode_ldap(ldap_extended(2, ldap::kWhoAmI)));
  append(octets, encode_ldap(ldap_read_entry(3, kAnnDn, {"uid"})));
  for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{50}, npos}) {
    LdapTalk talk;
    const auto said = talk.say(octets, piece);
    ASSERT_EQ(said.size(), 5U) << piece;
    EXPECT_EQ(said[4].id, 3);
    EXPECT_TRUE(talk.left().empty());
  }
}

TEST(LdapService, starts_tls_and_leaves_what_follows) {
  LdapTalk talk;
  Bytes octets = encode_ldap(ldap_extended(1, ldap::kStartTls));
  append(octets, encode_ldap(ldap_read_entry(0x7a, "")));
  const auto said = talk.say(octets);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(std::get<LdapExtendedResponse>(said[0].op),
            (LdapExtendedResponse{{}, std::string(ldap::kStartTls)}));
  EXPECT_EQ(said[0].id, 1);
  EXPECT_EQ(talk.next, Step::Next::start_tls);
  EXPECT_EQ(bytes_of(talk.left()), encode_ldap(ldap_read_entry(0x7a, "")));
}

TEST(LdapService, refuses_tls_inside_tls_without_a_key_and_with_a_value) {
  for (const Security security : {Security::upgraded, Security::implicit}) {
    LdapTalk secured({}, security);
    EXPECT_EQ(secured.code(start_tls()), Code::operations_error);
    EXPECT_EQ(secured.next, Step::Next::go_on);
  }
  LdapTalk without_key({.starttls = false});
  const auto said = without_key.say(ldap_extended(1, ldap::kStartTls));
  EXPECT_EQ(result_of(said.at(0))->code, Code::protocol_error);
  EXPECT_FALSE(std::get<LdapExtendedResponse>(said.at(0).op).name);
  LdapTalk talk;
  EXPECT_EQ(talk.code(LdapExtendedRequest{std::string(ldap::kStartTls), ""}), Code::protocol_error);
  EXPECT_EQ(talk.code(start_tls()), Code::success);
}

TEST(LdapService, refuses_tls_while_a_bind_is_in_progress) {
  LdapTalk talk({.auth = AuthLevel::clear});
  EXPECT_EQ(talk.code(LdapBindRequest{.authentication = LdapSaslBind{"PLAIN"}}),
            Code::sasl_bind_in_progress);
  EXPECT_EQ(talk.code(start_tls()), Code::operations_error);
}

TEST(LdapService, an_upgrade_forgets_everything) {
  LdapTalk talk({.auth = AuthLevel::clear});
  EXPECT_EQ(talk.bind(kAnnDn, "secret"), Code::success);
  const SessionState fresh = talk.service.fresh(Security::upgraded);
  EXPECT_EQ(fresh.ldap(), LdapState{});
  EXPECT_TRUE(fresh.user.empty());
  EXPECT_EQ(fresh.errors, 0U);
}

TEST(LdapService, waits_with_everything_where_tls_is_required) {
  LdapTalk talk({.tls_required = true});
  for (const LdapOperation& op : std::initializer_list<LdapOperation>{
           ldap_read_entry(1, kAnnDn).op, ldap_simple_bind(1, "", Secret()).op,
           ldap_simple_bind(1, kAnnDn, Secret("secret")).op, ldap_extended(1, ldap::kWhoAmI).op,
           ldap_extended(1, "1.3.6.1.4.1.4203.1.11.1").op, LdapModifyRequest{"dc=test"},
           LdapCompareRequest{"dc=test", "cn", "x"}, LdapDeleteRequest{"dc=test"},
           LdapSearchRequest{.scope = LdapScope::whole_subtree}}) {
    EXPECT_EQ(talk.code(op), Code::confidentiality_required);
  }
  EXPECT_EQ(talk.say(ldap_read_entry(1, "", {"+"})).size(), 2U);
  EXPECT_TRUE(talk.say({.id = 9, .op = LdapAbandonRequest{8}}).empty());
  EXPECT_EQ(talk.code(start_tls()), Code::success);
  LdapTalk secured({.tls_required = true}, Security::upgraded);
  EXPECT_EQ(secured.bind(kAnnDn, "secret"), Code::success);
}

TEST(LdapService, says_who_one_is) {
  LdapTalk talk;
  const auto said = talk.say(ldap_extended(5, ldap::kWhoAmI));
  EXPECT_EQ(std::get<LdapExtendedResponse>(said.at(0).op),
            (LdapExtendedResponse{{}, std::nullopt, ""}));
  EXPECT_EQ(talk.code(LdapExtendedRequest{std::string(ldap::kWhoAmI), ""}), Code::protocol_error);
}

TEST(LdapService, refuses_what_it_does_not_do) {
  LdapTalk talk;
  EXPECT_EQ(talk.code(LdapAddRequest{"cn=x"}), Code::unwilling_to_perform);
  EXPECT_EQ(talk.code(LdapDeleteRequest{"cn=x"}), Code::unwilling_to_perform);
  EXPECT_EQ(talk.code(LdapModifyRequest{"cn=x"}), Code::unwilling_to_perform);
  EXPECT_EQ(talk.code(LdapModifyDnRequest{"cn=x", "cn=y"}), Code::unwilling_to_perform);
  EXPECT_EQ(talk.code(LdapExtendedRequest{"1.2.3"}), Code::protocol_error);
  const auto said = talk.say({.id = 2, .op = LdapDeleteRequest{"cn=x"}});
  EXPECT_EQ(op_of(said.at(0)), LdapOp::delete_response);
}

TEST(LdapService, heeds_critical_controls_and_passes_over_others) {
  LdapTalk talk({}, Security::implicit);
  const auto code = [&](LdapMessage message, LdapControl control) {
    message.controls.push_back(std::move(control));
    return result_of(talk.say(message).back())->code;
  };
  const std::string manage(ldap::kManageDsaIt);
  EXPECT_EQ(code(ldap_read_entry(1, ""), {"1.2.3", true}), Code::unavailable_critical_extension);
  EXPECT_EQ(code(ldap_read_entry(1, ""), {"1.2.3", false}), Code::success);
  EXPECT_EQ(code(ldap_read_entry(1, ""), {manage, true}), Code::success);
  EXPECT_EQ(code(ldap_extended(1, ldap::kWhoAmI), {manage, true}),
            Code::unavailable_critical_extension);
  EXPECT_EQ(talk.bind(kAnnDn, "secret"), Code::success);
  EXPECT_EQ(code(ldap_simple_bind(1, kAnnDn, Secret("secret")), {"1.2.3", true}),
            Code::unavailable_critical_extension);
  EXPECT_EQ(talk.who_am_i(), "");
}

TEST(LdapService, abandon_and_unbind_get_no_answer) {
  LdapTalk talk;
  EXPECT_TRUE(talk.say({.id = 2, .op = LdapAbandonRequest{1}}).empty());
  EXPECT_EQ(talk.next, Step::Next::go_on);
  LdapMessage unbind = ldap_unbind(3);
  unbind.controls.push_back({"1.2.3", true});
  EXPECT_TRUE(talk.say(unbind).empty());
  EXPECT_EQ(talk.next, kClosed);
  EXPECT_TRUE(talk.state.quitting);
}

TEST(LdapService, disconnects_whoever_sends_no_message) {
  for (const auto* text :
       {"474554202f", "16030100", "3080", "30050201014200ff", "3003020101", "30050201017f00",
        "3006020101420100", "300c02010165070a010004000400", "30050201004200"}) {
    LdapTalk talk;
    const Bytes octets = from_hex(text).value();
    const auto said = talk.say(octets);
    if (std::string_view(text) == "30050201014200ff") {
      EXPECT_TRUE(said.empty());  // unbind first, what follows is not looked at
      continue;
    }
    expect_disconnected(talk, said, Code::protocol_error);
  }
}

TEST(LdapService, messages_have_a_limit) {
  const Bytes request = encode_ldap(ldap_read_entry(1, kAnnDn));
  LdapTalk talk({.limits = {.message = request.size()}});
  EXPECT_EQ(talk.say(request).size(), 2U);
  LdapTalk strict({.limits = {.message = request.size() - 1}});
  expect_disconnected(strict, strict.say(View(request).first(2)), Code::protocol_error);
}

TEST(LdapService, a_filter_too_large_is_answered) {
  LdapTalk talk;
  LdapSearchRequest search;
  search.filter.terms.assign(70, {.kind = LdapFilterTerm::Kind::negation, .children = 1});
  search.filter.terms.push_back(ldap_present("a").terms[0]);
  EXPECT_EQ(talk.code(search), Code::admin_limit_exceeded);
  EXPECT_EQ(talk.next, Step::Next::go_on);
}

TEST(LdapService, message_ids_may_come_again_once_they_were_answered) {
  LdapTalk talk;
  EXPECT_EQ(talk.say(ldap_extended(5, ldap::kWhoAmI)).at(0).id, 5);
  EXPECT_EQ(talk.say(ldap_extended(5, ldap::kWhoAmI)).at(0).id, 5);
  EXPECT_EQ(talk.say(ldap_extended(INT32_MAX, ldap::kWhoAmI)).at(0).id, INT32_MAX);
}

TEST(LdapService, the_refusal_beyond_the_limit_ends_the_session) {
  LdapTalk talk({.limits = {.errors = 2}});
  EXPECT_EQ(talk.code(LdapExtendedRequest{"1.2.3"}), Code::protocol_error);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(talk.code(ldap_read_entry(1, "cn=x").op), Code::no_such_object);
  }
  EXPECT_EQ(talk.code(LdapExtendedRequest{"1.2.3"}), Code::protocol_error);
  expect_disconnected(talk, talk.say(ldap_extended(1, "1.2.3")), Code::admin_limit_exceeded);
}

TEST(LdapService, says_farewell_by_a_notice_of_disconnection) {
  const LdapTalk talk;
  const auto code = [&](Farewell why) {
    const LdapDecoded notice = decode_ldap(talk.service.farewell(why));
    EXPECT_TRUE(is_notice_of_disconnection(notice.message.value()));
    return result_of(*notice)->code;
  };
  EXPECT_EQ(code(Farewell::shutting_down), Code::unavailable);
  EXPECT_EQ(code(Farewell::too_many_connections), Code::busy);
  EXPECT_EQ(code(Farewell::idle), Code::admin_limit_exceeded);
  EXPECT_EQ(code(Farewell::too_slow), Code::admin_limit_exceeded);
  EXPECT_EQ(code(Farewell::too_many_errors), Code::admin_limit_exceeded);
}

}  // namespace
}  // namespace assay
