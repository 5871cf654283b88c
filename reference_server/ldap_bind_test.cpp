#include "reference_server/ldap_bind.h"

#include "reference_server/ldap_fixture_test.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace assay {
namespace {

using Code = LdapResultCode;
using std::string_view_literals::operator""sv;

LdapBindRequest plain_bind(std::string_view message) {
  return {.authentication = LdapSaslBind{"PLAIN", Secret(message)}};
}

LdapConfig with_auth(AuthLevel level) { return {.auth = level}; }

std::string ann_authz() { return "dn:" + std::string(kAnnDn); }

TEST(LdapBind, name_and_password_open_the_session) {
  LdapTalk talk({}, Security::implicit);
  EXPECT_EQ(talk.who_am_i(), "");
  EXPECT_EQ(talk.bind("UID=Ann, OU=people,DC=a,DC=test", "secret"), Code::success);
  EXPECT_EQ(talk.who_am_i(), ann_authz());
  EXPECT_EQ(talk.state.user, "ann");
  EXPECT_EQ(talk.state.ldap().bound_dn, kAnnDn);
}

TEST(LdapBind, wrong_names_and_wrong_passwords_look_alike) {
  LdapTalk talk({}, Security::implicit);
  EXPECT_EQ(talk.bind(kAnnDn, "Secret"), Code::invalid_credentials);
  EXPECT_EQ(talk.bind("uid=eve,ou=people,dc=a,dc=test", "apple"), Code::invalid_credentials);
  EXPECT_EQ(talk.bind("uid=bob,ou=people,dc=a,dc=test", "secret"), Code::invalid_credentials);
  EXPECT_EQ(talk.bind("dc=a,dc=test", "secret"), Code::invalid_credentials);
  EXPECT_EQ(talk.bind("", "secret"), Code::invalid_credentials);
  EXPECT_EQ(talk.bind("ann", "secret"), Code::invalid_dn_syntax);
}

TEST(LdapBind, a_failed_bind_leaves_the_session_anonymous) {
  for (const LdapBindRequest& bad :
       {LdapBindRequest{.name = std::string(kAnnDn), .authentication = LdapSimpleBind{Secret("x")}},
        LdapBindRequest{.name = std::string(kAnnDn)}, LdapBindRequest{.version = 2},
        plain_bind("\0ann\0x"sv), LdapBindRequest{.authentication = LdapSaslBind{"GSSAPI"}}}) {
    LdapTalk talk({}, Security::implicit);
    talk.bind(kAnnDn, "secret");
    EXPECT_EQ(talk.who_am_i(), ann_authz());
    EXPECT_NE(talk.code(bad), Code::success);
    EXPECT_EQ(talk.who_am_i(), "");
    EXPECT_TRUE(talk.state.user.empty());
  }
}

TEST(LdapBind, an_anonymous_bind_forgets_who_one_was) {
  LdapTalk talk({}, Security::implicit);
  talk.bind(kAnnDn, "secret");
  EXPECT_EQ(talk.bind("", ""), Code::success);
  EXPECT_EQ(talk.who_am_i(), "");
  EXPECT_EQ(LdapTalk().bind("", ""), Code::success);
}

TEST(LdapBind, a_name_without_a_password_is_refused) {
  LdapTalk talk({}, Security::implicit);
  EXPECT_EQ(talk.bind(kAnnDn, ""), Code::unwilling_to_perform);
  EXPECT_EQ(LdapTalk().bind(kAnnDn, ""), Code::unwilling_to_perform);
}

TEST(LdapBind, no_password_is_taken_in_the_clear_right_and_wrong_alike) {
  LdapTalk talk;
  const auto answer = [&](const LdapBindRequest& request) {
    return encode_ldap(talk.say({.id = 7, .op = request}).at(0));
  };
  const Bytes right =
      answer({.name = std::string(kAnnDn), .authentication = LdapSimpleBind{Secret("secret")}});
  EXPECT_EQ(answer({.name = std::string(kAnnDn), .authentication = LdapSimpleBind{Secret("x")}}),
            right);
  EXPECT_EQ(answer({.name = "no name", .authentication = LdapSimpleBind{Secret("x")}}), right);
  EXPECT_EQ(answer(plain_bind("\0ann\0secret"sv)), right);
  EXPECT_EQ(answer({.authentication = LdapSaslBind{"PLAIN"}}), right);
  EXPECT_EQ(talk.bind(kAnnDn, "secret"), Code::confidentiality_required);
  EXPECT_EQ(LdapTalk(with_auth(AuthLevel::clear)).bind(kAnnDn, "secret"), Code::success);
}

TEST(LdapBind, nobody_logs_in_where_there_is_no_authentication) {
  LdapTalk talk(with_auth(AuthLevel::none), Security::implicit);
  EXPECT_EQ(talk.bind(kAnnDn, "secret"), Code::auth_method_not_supported);
  EXPECT_EQ(talk.code(plain_bind("\0ann\0secret"sv)), Code::auth_method_not_supported);
  EXPECT_EQ(talk.bind("", ""), Code::success);
}

TEST(LdapBind, plain_opens_the_session_as_oneself_alone) {
  LdapTalk talk({}, Security::implicit);
  for (const auto message : {"\0ann\0secret"sv, "u:ann\0ann\0secret"sv,
                             "dn:UID=ann,ou=People,dc=a,dc=test\0ann\0secret"sv}) {
    EXPECT_EQ(talk.code(plain_bind(message)), Code::success);
    EXPECT_EQ(talk.who_am_i(), ann_authz());
  }
  EXPECT_EQ(talk.code(plain_bind("\0eve\0apple"sv)), Code::success);
  EXPECT_EQ(talk.who_am_i(), "u:eve");
  for (const auto message :
       {"\0ann\0x"sv, "u:eve\0ann\0secret"sv, "ann\0ann\0secret"sv, "dn:dc=a\0ann\0secret"sv,
        "dn:uid=ann,ou=people,dc=a,dc=test\0eve\0apple"sv, "ann"sv, ""sv}) {
    EXPECT_EQ(talk.code(plain_bind(message)), Code::invalid_credentials);
    EXPECT_EQ(talk.who_am_i(), "");
  }
}

TEST(LdapBind, plain_without_an_initial_response_is_asked_for_one_once) {
  LdapTalk talk({}, Security::implicit);
  const LdapBindRequest start{.authentication = LdapSaslBind{"PLAIN"}};
  const auto said = talk.say({.id = 7, .op = start});
  EXPECT_EQ(std::get<LdapBindResponse>(said.at(0).op),
            (LdapBindResponse{{.code = Code::sasl_bind_in_progress}, ""}));
  EXPECT_EQ(talk.code(ldap_extended(7, ldap::kWhoAmI).op), Code::operations_error);
  EXPECT_EQ(talk.code(plain_bind("\0ann\0secret"sv)), Code::success);
  EXPECT_EQ(talk.who_am_i(), ann_authz());
  EXPECT_EQ(talk.code(start), Code::sasl_bind_in_progress);
  EXPECT_EQ(talk.code(start), Code::invalid_credentials);
  EXPECT_EQ(talk.code(start), Code::sasl_bind_in_progress);
  // RFC 4513 §5.2.1.2: another bind gives the negotiation up.
  EXPECT_EQ(talk.bind("", ""), Code::success);
  EXPECT_EQ(talk.who_am_i(), "");
}

TEST(LdapBind, knows_one_version_one_mechanism_and_two_choices) {
  LdapTalk talk({}, Security::implicit);
  EXPECT_EQ(talk.code(LdapBindRequest{.version = 2}), Code::protocol_error);
  EXPECT_EQ(talk.code(LdapBindRequest{.version = 4}), Code::protocol_error);
  for (const auto* mechanism : {"", "plain", "LOGIN", "EXTERNAL", "DIGEST-MD5"}) {
    EXPECT_EQ(talk.code(LdapBindRequest{.authentication = LdapSaslBind{mechanism}}),
              Code::auth_method_not_supported)
        << mechanism;
  }
  EXPECT_EQ(talk.code(LdapBindRequest{.authentication = LdapUnknownBind{{0x89, 0x00}}}),
            Code::auth_method_not_supported);
}

}  // namespace
}  // namespace assay
