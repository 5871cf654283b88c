#include "harness/protocol/ldap.h"

#include <algorithm>
#include <array>
#include <utility>

namespace assay {
namespace {

using Code = LdapResultCode;

struct CodeName {
  Code code;
  std::string_view name;
};

constexpr CodeName kCodeNames[] = {
    {Code::success, "success"},
    {Code::operations_error, "operationsError"},
    {Code::protocol_error, "protocolError"},
    {Code::time_limit_exceeded, "timeLimitExceeded"},
    {Code::size_limit_exceeded, "sizeLimitExceeded"},
    {Code::compare_false, "compareFalse"},
    {Code::compare_true, "compareTrue"},
    {Code::auth_method_not_supported, "authMethodNotSupported"},
    {Code::stronger_auth_required, "strongerAuthRequired"},
    {Code::referral, "referral"},
    {Code::admin_limit_exceeded, "adminLimitExceeded"},
    {Code::unavailable_critical_extension, "unavailableCriticalExtension"},
    {Code::confidentiality_required, "confidentialityRequired"},
    {Code::sasl_bind_in_progress, "saslBindInProgress"},
    {Code::no_such_attribute, "noSuchAttribute"},
    {Code::undefined_attribute_type, "undefinedAttributeType"},
    {Code::inappropriate_matching, "inappropriateMatching"},
    {Code::constraint_violation, "constraintViolation"},
    {Code::attribute_or_value_exists, "attributeOrValueExists"},
    {Code::invalid_attribute_syntax, "invalidAttributeSyntax"},
    {Code::no_such_object, "noSuchObject"},
    {Code::alias_problem, "aliasProblem"},
    {Code::invalid_dn_syntax, "invalidDNSyntax"},
    {Code::alias_dereferencing_problem, "aliasDereferencingProblem"},
    {Code::inappropriate_authentication, "inappropriateAuthentication"},
    {Code::invalid_credentials, "invalidCredentials"},
    {Code::insufficient_access_rights, "insufficientAccessRights"},
    {Code::busy, "busy"},
    {Code::unavailable, "unavailable"},
    {Code::unwilling_to_perform, "unwillingToPerform"},
    {Code::loop_detect, "loopDetect"},
    {Code::naming_violation, "namingViolation"},
    {Code::object_class_violation, "objectClassViolation"},
    {Code::not_allowed_on_non_leaf, "notAllowedOnNonLeaf"},
    {Code::not_allowed_on_rdn, "notAllowedOnRDN"},
    {Code::entry_already_exists, "entryAlreadyExists"},
    {Code::object_class_mods_prohibited, "objectClassModsProhibited"},
    {Code::affects_multiple_dsas, "affectsMultipleDSAs"},
    {Code::other, "other"},
};

struct Pair {
  LdapOp request;
  std::optional<LdapOp> response;
};

constexpr Pair kRequests[] = {
    {LdapOp::bind_request, LdapOp::bind_response},
    {LdapOp::unbind_request, std::nullopt},
    {LdapOp::search_request, LdapOp::search_done},
    {LdapOp::modify_request, LdapOp::modify_response},
    {LdapOp::add_request, LdapOp::add_response},
    {LdapOp::delete_request, LdapOp::delete_response},
    {LdapOp::modify_dn_request, LdapOp::modify_dn_response},
    {LdapOp::compare_request, LdapOp::compare_response},
    {LdapOp::abandon_request, std::nullopt},
    {LdapOp::extended_request, LdapOp::extended_response},
};

const Pair* request_of(LdapOp op) {
  const auto* found = std::ranges::find(kRequests, op, &Pair::request);
  return found == std::end(kRequests) ? nullptr : found;
}

/// By the alternatives of LdapOperation, in their order; LdapResponse says itself what it is.
constexpr std::array<LdapOp, std::variant_size_v<LdapOperation>> kOps = {
    LdapOp::bind_request,          LdapOp::bind_response,     LdapOp::unbind_request,
    LdapOp::search_request,        LdapOp::search_entry,      LdapOp::search_reference,
    LdapOp::search_done,           LdapOp::modify_request,    LdapOp::add_request,
    LdapOp::delete_request,        LdapOp::modify_dn_request, LdapOp::compare_request,
    LdapOp::abandon_request,       LdapOp::extended_request,  LdapOp::extended_response,
    LdapOp::intermediate_response,
};

}  // namespace

std::string_view to_string(LdapResultCode code) {
  const auto* found = std::ranges::find(kCodeNames, code, &CodeName::code);
  return found == std::end(kCodeNames) ? std::string_view() : found->name;
}

bool is_request(LdapOp op) { return request_of(op) != nullptr; }

bool is_response(LdapOp op) {
  // RFC 4511 §4.5.2, §4.5.3 and §4.13: these come before the result.
  if (op == LdapOp::search_entry || op == LdapOp::search_reference ||
      op == LdapOp::intermediate_response) {
    return true;
  }
  return std::ranges::find(kRequests, std::optional(op), &Pair::response) != std::end(kRequests);
}

std::optional<LdapOp> response_to(LdapOp request) {
  const Pair* pair = request_of(request);
  return pair == nullptr ? std::nullopt : pair->response;
}

LdapOp op_of(const LdapMessage& message) {
  const auto* response = std::get_if<LdapResponse>(&message.op);
  return response == nullptr ? kOps.at(message.op.index()) : response->op;
}

const LdapResult* result_of(const LdapMessage& message) {
  if (const auto* response = std::get_if<LdapResponse>(&message.op)) return &response->result;
  if (const auto* bind = std::get_if<LdapBindResponse>(&message.op)) return &bind->result;
  if (const auto* extended = std::get_if<LdapExtendedResponse>(&message.op)) {
    return &extended->result;
  }
  return nullptr;
}

LdapMessage ldap_simple_bind(std::int32_t id, std::string_view name, const Secret& password) {
  return {
      .id = id,
      .op = LdapBindRequest{.name = std::string(name), .authentication = LdapSimpleBind{password}}};
}

LdapMessage ldap_extended(std::int32_t id, std::string_view name) {
  return {.id = id, .op = LdapExtendedRequest{.name = std::string(name)}};
}

LdapMessage ldap_read_entry(std::int32_t id, std::string_view name,
                            std::vector<std::string> attributes) {
  return {.id = id,
          .op = LdapSearchRequest{.base = std::string(name), .attributes = std::move(attributes)}};
}

LdapMessage ldap_unbind(std::int32_t id) { return {.id = id, .op = LdapUnbindRequest{}}; }

LdapMessage ldap_notice_of_disconnection(LdapResultCode code, std::string_view diagnostic) {
  return {
      .id = 0,
      .op = LdapExtendedResponse{.result = {.code = code, .diagnostic = std::string(diagnostic)},
                                 .name = std::string(ldap::kNoticeOfDisconnection)}};
}

bool is_notice_of_disconnection(const LdapMessage& message) {
  const auto* response = std::get_if<LdapExtendedResponse>(&message.op);
  return message.id == 0 && response != nullptr && response->name == ldap::kNoticeOfDisconnection;
}

}  // namespace assay
