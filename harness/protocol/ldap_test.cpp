#include "harness/protocol/ldap.h"

#include "harness/base/hex.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace assay {
namespace {

using Code = LdapResultCode;

Bytes hex(std::string_view text) { return from_hex(text).value(); }

const LdapResult kReferred{.code = Code::referral,
                           .matched_dn = "dc=test",
                           .diagnostic = "elsewhere",
                           .referral = {"ldap://a.test/", "ldap://b.test/"}};

std::vector<LdapMessage> one_of_each() {
  LdapSearchRequest search{.base = "dc=test",
                           .scope = LdapScope::whole_subtree,
                           .deref_aliases = 3,
                           .size_limit = 200,
                           .time_limit = 5,
                           .types_only = true,
                           .filter = parse_ldap_filter("(&(a=b)(c=d*e)(x:dn:1.2:=f))").value(),
                           .attributes = {"*", "+"}};
  const std::vector<LdapAttribute> attributes = {{"cn", {"Ann", "A"}}, {"sn"}};
  std::vector<LdapOperation> ops = {
      LdapBindRequest{.name = "uid=ann", .authentication = LdapSimpleBind{Secret("secret")}},
      LdapBindRequest{.authentication = LdapSaslBind{"PLAIN", Secret("x")}},
      LdapBindRequest{.version = 2, .authentication = LdapSaslBind{"PLAIN"}},
      LdapBindRequest{.authentication = LdapUnknownBind{hex("89 01 61")}},
      LdapBindResponse{.result = kReferred, .server_sasl_creds = "more"},
      LdapUnbindRequest{},
      search,
      LdapSearchRequest{.scope = LdapScope{7}},
      LdapSearchEntry{"dc=test", attributes},
      LdapSearchReference{{"ldap://a.test/"}},
      LdapModifyRequest{"dc=test", {{0, {"cn", {"x"}}}, {2, {"sn"}}}},
      LdapAddRequest{"dc=test", attributes},
      LdapDeleteRequest{"dc=test"},
      LdapModifyDnRequest{"dc=test", "dc=b", true, "dc=c"},
      LdapModifyDnRequest{"dc=test", "dc=b"},
      LdapCompareRequest{"dc=test", "cn", "x"},
      LdapAbandonRequest{300},
      LdapExtendedRequest{"1.2.3", "v"},
      LdapExtendedRequest{"1.2.3"},
      LdapExtendedResponse{kReferred, "1.2.3", ""},
      LdapExtendedResponse{},
      LdapIntermediateResponse{"1.2.3", "v"},
      LdapIntermediateResponse{}};
  for (const LdapOp op :
       {LdapOp::search_done, LdapOp::modify_response, LdapOp::add_response, LdapOp::delete_response,
        LdapOp::modify_dn_response, LdapOp::compare_response}) {
    ops.emplace_back(LdapResponse{op, {.code = LdapResultCode{4096}}});
  }
  std::vector<LdapMessage> messages;
  for (LdapOperation& op : ops) messages.push_back({.id = 128, .op = std::move(op)});
  return messages;
}

TEST(Ldap, each_message_survives_a_round_trip) {
  for (const LdapMessage& message : one_of_each()) {
    const Bytes octets = encode_ldap(message);
    const LdapDecoded decoded = decode_ldap(octets);
    ASSERT_TRUE(decoded) << to_hex(octets) << " at " << decoded.failed_field;
    EXPECT_EQ(decoded->id, 128);
    EXPECT_EQ(decoded->op.index(), message.op.index());
    EXPECT_EQ(op_of(*decoded), op_of(message));
    EXPECT_EQ(decoded.op, op_of(message));
    EXPECT_EQ(encode_ldap(*decoded), octets) << to_hex(octets);
  }
}

TEST(Ldap, no_message_is_read_from_a_part_of_it) {
  for (const LdapMessage& message : one_of_each()) {
    Bytes octets = encode_ldap(message);
    for (std::size_t size = 0; size < octets.size(); ++size) {
      EXPECT_FALSE(decode_ldap(View(octets).first(size)));
    }
    octets.push_back(0);
    EXPECT_FALSE(decode_ldap(octets));
  }
}

TEST(Ldap, controls_and_trailing_components_survive) {
  LdapMessage message = ldap_unbind(5);
  message.op = LdapCompareRequest{"dc=test", "cn", "x"};
  message.controls = {{"1.2.3", true, "v"}, {"1.2.4"}, {"1.2.5", false, ""}};
  message.op_trailing = hex("85 01 61");
  message.trailing = hex("a7 03 04 01 61 88 00");
  const Bytes octets = encode_ldap(message);
  const LdapDecoded decoded = decode_ldap(octets);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->controls, message.controls);
  EXPECT_EQ(decoded->op_trailing, message.op_trailing);
  EXPECT_EQ(decoded->trailing, message.trailing);
  EXPECT_EQ(encode_ldap(*decoded), octets);
}

TEST(Ldap, defaults_that_were_written_down_are_taken) {
  // RFC 4511 §5.1 wants criticality FALSE left out; clients write it all the same.
  const LdapDecoded decoded =
      decode_ldap(hex("30 14 02 01 01 42 00 a0 0d 30 0b 04 05 31 2e 32 2e 33 01 01 00 04 00"));
  EXPECT_FALSE(decoded);  // the control's length is one too short
  EXPECT_TRUE(
      decode_ldap(hex("30 15 02 01 01 42 00 a0 0e 30 0c 04 05 31 2e 32 2e 33 01 01 00 04 00")));
}

TEST(Ldap, reads_what_slapd_and_active_directory_send) {
  // StartTLS as ldapsearch sends it, and answers in OpenLDAP's and in Active Directory's lengths.
  const LdapDecoded request =
      decode_ldap(hex("30 1d 02 01 01 77 18 80 16 312e332e362e312e342e312e313436362e3230303337"));
  ASSERT_TRUE(request);
  EXPECT_EQ(std::get<LdapExtendedRequest>(request->op).name, ldap::kStartTls);
  EXPECT_EQ(encode_ldap(ldap_extended(1, ldap::kStartTls)), encode_ldap(*request));
  const LdapDecoded slapd = decode_ldap(hex("30 0c 02 01 01 78 07 0a 01 00 04 00 04 00"));
  ASSERT_TRUE(slapd);
  EXPECT_EQ(result_of(*slapd)->code, Code::success);
  EXPECT_FALSE(std::get<LdapExtendedResponse>(slapd->op).name);
  const LdapDecoded active_directory =
      decode_ldap(hex("30 84 00 00 00 10 02 01 01 78 84 00 00 00 07 0a 01 00 04 00 04 00"));
  ASSERT_TRUE(active_directory);
  EXPECT_EQ(encode_ldap(*active_directory), encode_ldap(*slapd));
}

TEST(Ldap, the_canary_search_of_the_catalogue_is_the_one_composed_here) {
  EXPECT_EQ(encode_ldap(ldap_read_entry(0x7a, "")),
            hex("30 25 02 01 7a 63 20 04 00 0a 01 00 0a 01 00 02 01 00 02 01 00 01 01 00"
                "87 0b 6f 62 6a 65 63 74 43 6c 61 73 73 30 00"));
  EXPECT_EQ(encode_ldap(ldap_unbind(0x53)), hex("30 05 02 01 53 42 00"));
}

TEST(Ldap, names_the_field_that_does_not_fit) {
  EXPECT_EQ(decode_ldap(hex("31 05 02 01 01 42 00")).failed_field, "LDAPMessage");
  EXPECT_EQ(decode_ldap(hex("30 05 04 01 01 42 00")).failed_field, "messageID");
  EXPECT_EQ(decode_ldap(hex("30 05 02 01 ff 42 00")).failed_field, "messageID");
  EXPECT_EQ(decode_ldap(hex("30 05 02 01 01 7f 00")).failed_field, "protocolOp");
  EXPECT_EQ(decode_ldap(hex("30 05 02 01 01 7e 00")).failed_field, "protocolOp");
  EXPECT_EQ(decode_ldap(hex("30 03 02 01 01")).failed_field, "protocolOp");
  EXPECT_EQ(decode_ldap(hex("30 06 02 01 01 42 01 00")).failed_field, "unbindRequest");
  EXPECT_EQ(decode_ldap(hex("30 05 02 01 01 60 00")).failed_field, "version");
  EXPECT_EQ(decode_ldap({}).failed_field, "LDAPMessage");
}

TEST(Ldap, a_filter_too_complex_can_still_be_answered) {
  LdapSearchRequest search;
  search.filter.terms.assign(70, {.kind = LdapFilterTerm::Kind::negation, .children = 1});
  search.filter.terms.push_back(ldap_present("a").terms[0]);
  const LdapDecoded decoded = decode_ldap(encode_ldap({.id = 9, .op = search}));
  EXPECT_FALSE(decoded);
  EXPECT_TRUE(decoded.too_complex);
  EXPECT_EQ(decoded.id, 9);
  EXPECT_EQ(decoded.op, LdapOp::search_request);
}

TEST(Ldap, knows_requests_and_their_responses) {
  EXPECT_TRUE(is_request(LdapOp::abandon_request));
  EXPECT_FALSE(is_request(LdapOp::search_entry));
  EXPECT_TRUE(is_response(LdapOp::search_entry));
  EXPECT_TRUE(is_response(LdapOp::compare_response));
  EXPECT_FALSE(is_response(LdapOp::bind_request));
  EXPECT_EQ(response_to(LdapOp::search_request), LdapOp::search_done);
  EXPECT_FALSE(response_to(LdapOp::unbind_request));
}

TEST(Ldap, names_result_codes_as_the_rfc_does) {
  EXPECT_EQ(to_string(Code::invalid_dn_syntax), "invalidDNSyntax");
  EXPECT_EQ(to_string(LdapResultCode{9}), "");
}

TEST(Ldap, tells_a_notice_of_disconnection_from_other_responses) {
  LdapMessage notice = ldap_notice_of_disconnection(Code::unavailable, "bye");
  EXPECT_TRUE(is_notice_of_disconnection(decode_ldap(encode_ldap(notice)).message.value()));
  EXPECT_EQ(result_of(notice)->code, Code::unavailable);
  notice.id = 1;
  EXPECT_FALSE(is_notice_of_disconnection(notice));
  EXPECT_FALSE(is_notice_of_disconnection(ldap_unbind(0)));
}

}  // namespace
}  // namespace assay
