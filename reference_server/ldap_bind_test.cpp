#include "reference_server/ldap_bind.h"

#include "harness/protocol/cram_md5.h"
#include "reference_server/ldap_fixture_test.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace assay {
namespace {

using Code = LdapResultCode;
using namespace std::string_view_literals;

LdapBindRequest plain_bind(std::string_view message) {
  return {.authentication = LdapSaslBind{"PLAIN", Secret(message)}};
}

LdapConfig with_auth(AuthLevel level) {
  return {.auth = level, .nonce = [] { return "NONCE"; }};
}

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

LdapBindRequest sasl_bind(std::string_view mechanism, std::optional<Secret> credentials = {}) {
  return {.authentication = LdapSaslBind{std::string(mechanism), std::move(credentials)}};
}

LdapBindResponse response_to_bind(LdapTalk& talk, LdapBindRequest request) {
  const auto said = talk.say({.id = 7, .op = std::move(request)});
  return said.size() == 1 ? std::get<LdapBindResponse>(said.at(0).op) : LdapBindResponse{};
}

LdapBindResponse scram_bind(LdapTalk& talk, ScramClient client) {
  auto first = response_to_bind(talk, sasl_bind("SCRAM-SHA-256", Secret(client.first())));
  EXPECT_EQ(first.result.code, Code::sasl_bind_in_progress);
  const auto final = client.final(first.server_sasl_creds.value_or(""));
  if (!final) return first;
  LdapBindResponse last = response_to_bind(talk, sasl_bind("SCRAM-SHA-256", Secret(*final)));
  EXPECT_EQ(client.verifies(last.server_sasl_creds.value_or("")),
            last.result.code == Code::success);
  return last;
}

TEST(LdapBind, scram_opens_the_session_and_shows_that_the_server_knows_the_password) {
  for (const auto security : {Security::clear, Security::upgraded}) {
    LdapTalk talk(with_auth(AuthLevel::challenge), security);
    EXPECT_EQ(scram_bind(talk, {"ann", Secret("wrong"), "C"}).result.code,
              Code::invalid_credentials);
    EXPECT_EQ(scram_bind(talk, {"nobody", Secret("secret"), "C"}).result.code,
              Code::invalid_credentials);
    EXPECT_EQ(talk.who_am_i(), "");
    EXPECT_EQ(scram_bind(talk, {"ann", Secret("secret"), "C"}).result.code, Code::success);
    EXPECT_EQ(talk.who_am_i(), ann_authz());
    EXPECT_EQ(scram_bind(talk, {"ann", Secret("secret"), "C", ann_authz()}).result.code,
              Code::success);
    const LdapBindResponse other = scram_bind(talk, {"ann", Secret("secret"), "C", "u:eve"});
    EXPECT_EQ(other.result.code, Code::invalid_credentials);
    EXPECT_FALSE(other.server_sasl_creds);
    EXPECT_EQ(talk.who_am_i(), "");
  }
}

TEST(LdapBind, cram_md5_begins_with_the_server) {
  LdapTalk talk(with_auth(AuthLevel::challenge));
  const auto asked = response_to_bind(talk, sasl_bind("CRAM-MD5"));
  EXPECT_EQ(asked.server_sasl_creds, "<NONCE@ldap.assay.test>");
  const std::string response =
      compose_cram_response("ann", *asked.server_sasl_creds, Secret("secret"));
  EXPECT_EQ(talk.code(sasl_bind("CRAM-MD5", Secret(response))), Code::success);
  EXPECT_EQ(talk.who_am_i(), ann_authz());
  EXPECT_EQ(talk.code(sasl_bind("CRAM-MD5", Secret(response))), Code::invalid_credentials);
  EXPECT_EQ(talk.code(sasl_bind("CRAM-MD5")), Code::sasl_bind_in_progress);
  EXPECT_EQ(talk.code(sasl_bind("CRAM-MD5", Secret(response + "0"))), Code::invalid_credentials);
  EXPECT_EQ(talk.who_am_i(), "");
}

TEST(LdapBind, where_challenges_are_no_password_is_shown_in_the_clear) {
  LdapTalk talk(with_auth(AuthLevel::challenge));
  EXPECT_EQ(talk.bind(kAnnDn, "secret"), Code::confidentiality_required);
  EXPECT_EQ(talk.bind(kAnnDn, "wrong"), Code::confidentiality_required);
  EXPECT_EQ(talk.code(plain_bind("\0ann\0secret"sv)), Code::confidentiality_required);
  EXPECT_EQ(talk.code(plain_bind("\0ann\0wrong"sv)), Code::confidentiality_required);
  EXPECT_EQ(talk.code(sasl_bind("EXTERNAL", Secret())), Code::auth_method_not_supported);
  LdapTalk inside(with_auth(AuthLevel::challenge), Security::upgraded);
  EXPECT_EQ(inside.bind(kAnnDn, "secret"), Code::success);
  EXPECT_EQ(inside.code(plain_bind("\0ann\0secret"sv)), Code::success);
}

TEST(LdapBind, a_negotiation_of_one_mechanism_is_none_of_another) {
  LdapTalk talk(with_auth(AuthLevel::challenge));
  EXPECT_EQ(talk.code(sasl_bind("CRAM-MD5")), Code::sasl_bind_in_progress);
  // RFC 4511 §4.2.1: another mechanism gives the first one up.
  EXPECT_EQ(talk.code(sasl_bind("SCRAM-SHA-256")), Code::sasl_bind_in_progress);
  EXPECT_EQ(talk.code(sasl_bind("")), Code::auth_method_not_supported);
  EXPECT_EQ(talk.state.ldap(), LdapState{});
}

TEST(LdapBind, a_certificate_opens_the_session_for_the_entry_of_whom_it_names) {
  LdapTalk talk(with_auth(AuthLevel::certificate), Security::upgraded);
  talk.state.certified_user = "ann";
  // RFC 4513 §5.2.3.1, §5.2.3.2: implicit, and explicit.
  for (const auto& credentials :
       {std::optional<Secret>(), std::optional(Secret()), std::optional(Secret("u:ann")),
        std::optional(Secret(ann_authz()))}) {
    EXPECT_EQ(talk.code(sasl_bind("EXTERNAL", credentials)), Code::success);
    EXPECT_EQ(talk.who_am_i(), ann_authz());
    EXPECT_EQ(talk.state.ldap().bound_dn, kAnnDn);
    EXPECT_EQ(talk.code(sasl_bind("EXTERNAL", Secret("u:eve"))), Code::invalid_credentials);
    EXPECT_EQ(talk.who_am_i(), "");
  }
  talk.state.certified_user = "eve";
  EXPECT_EQ(talk.code(sasl_bind("EXTERNAL")), Code::success);
  EXPECT_EQ(talk.who_am_i(), "u:eve");
}

TEST(LdapBind, an_external_bind_that_fails_leaves_an_anonymous_session_inside_the_same_tls) {
  LdapTalk talk(with_auth(AuthLevel::certificate), Security::upgraded);
  EXPECT_EQ(talk.bind(kAnnDn, "secret"), Code::success);
  // RFC 4513 §5.2.3: nothing below says who the client is.
  EXPECT_EQ(talk.code(sasl_bind("EXTERNAL", Secret())), Code::inappropriate_authentication);
  EXPECT_EQ(talk.who_am_i(), "");
  EXPECT_TRUE(talk.state.secured());
  EXPECT_EQ(talk.next, Step::Next::go_on);
  EXPECT_EQ(talk.bind(kAnnDn, "secret"), Code::success);
  EXPECT_EQ(LdapTalk(with_auth(AuthLevel::certificate)).code(sasl_bind("EXTERNAL", Secret())),
            Code::inappropriate_authentication);
}

}  // namespace
}  // namespace assay
