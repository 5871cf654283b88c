// The messages of LDAPv3 (RFC 4511), both directions, as values: read by the service and the
// dialogue, composed by either. Values that are unknown survive; octets and text are not told apart
// here.
#pragma once

#include "harness/base/bytes.h"
#include "harness/base/secret.h"
#include "harness/protocol/ldap_filter.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace assay {

namespace ldap {
inline constexpr std::string_view kStartTls = "1.3.6.1.4.1.1466.20037";               // §4.14
inline constexpr std::string_view kNoticeOfDisconnection = "1.3.6.1.4.1.1466.20036";  // §4.4.1
inline constexpr std::string_view kWhoAmI = "1.3.6.1.4.1.4203.1.11.3";                // RFC 4532
inline constexpr std::string_view kManageDsaIt = "2.16.840.1.113730.3.4.2";           // RFC 3296
/// X.667 §7: names made of a random number; nobody serves what is called so.
inline constexpr std::string_view kUuidArc = "2.25.";
}  // namespace ldap

/// RFC 4511 §4.1.9. Others are possible: a server may send what it likes.
enum class LdapResultCode : std::int32_t {
  success = 0,
  operations_error = 1,
  protocol_error = 2,
  time_limit_exceeded = 3,
  size_limit_exceeded = 4,
  compare_false = 5,
  compare_true = 6,
  auth_method_not_supported = 7,
  stronger_auth_required = 8,
  referral = 10,
  admin_limit_exceeded = 11,
  unavailable_critical_extension = 12,
  confidentiality_required = 13,
  sasl_bind_in_progress = 14,
  no_such_attribute = 16,
  undefined_attribute_type = 17,
  inappropriate_matching = 18,
  constraint_violation = 19,
  attribute_or_value_exists = 20,
  invalid_attribute_syntax = 21,
  no_such_object = 32,
  alias_problem = 33,
  invalid_dn_syntax = 34,
  alias_dereferencing_problem = 36,
  inappropriate_authentication = 48,
  invalid_credentials = 49,
  insufficient_access_rights = 50,
  busy = 51,
  unavailable = 52,
  unwilling_to_perform = 53,
  loop_detect = 54,
  naming_violation = 64,
  object_class_violation = 65,
  not_allowed_on_non_leaf = 66,
  not_allowed_on_rdn = 67,
  entry_already_exists = 68,
  object_class_mods_prohibited = 69,
  affects_multiple_dsas = 71,
  other = 80,
};

/// As RFC 4511 spells it ("invalidCredentials"); empty for a code that it does not have.
[[nodiscard]] std::string_view to_string(LdapResultCode code);

/// protocolOp: the identifier octets of RFC 4511 §4.2 to §4.13.
enum class LdapOp : std::uint8_t {
  bind_request = 0x60,
  bind_response = 0x61,
  unbind_request = 0x42,
  search_request = 0x63,
  search_entry = 0x64,
  search_done = 0x65,
  search_reference = 0x73,
  modify_request = 0x66,
  modify_response = 0x67,
  add_request = 0x68,
  add_response = 0x69,
  delete_request = 0x4a,
  delete_response = 0x6b,
  modify_dn_request = 0x6c,
  modify_dn_response = 0x6d,
  compare_request = 0x6e,
  compare_response = 0x6f,
  abandon_request = 0x50,
  extended_request = 0x77,
  extended_response = 0x78,
  intermediate_response = 0x79,
};

/// What a client may send, and what a server may (RFC 4511 §4.2 to §4.13).
[[nodiscard]] bool is_request(LdapOp op);
[[nodiscard]] bool is_response(LdapOp op);
/// The operation whose result answers a request; nothing for unbind and abandon, which have none.
[[nodiscard]] std::optional<LdapOp> response_to(LdapOp request);

/// Attribute and PartialAttribute (RFC 4511 §4.1.7).
struct LdapAttribute {
  std::string type;
  std::vector<std::string> values{};
  bool operator==(const LdapAttribute&) const = default;
};

/// RFC 4511 §4.1.9.
struct LdapResult {
  LdapResultCode code = LdapResultCode::success;
  std::string matched_dn{};
  std::string diagnostic{};
  std::vector<std::string> referral{};
  bool operator==(const LdapResult&) const = default;
};

/// RFC 4511 §4.1.11.
struct LdapControl {
  std::string type;
  bool critical = false;
  std::optional<std::string> value{};
  bool operator==(const LdapControl&) const = default;
};

struct LdapSimpleBind {
  Secret password;
};
struct LdapSaslBind {
  std::string mechanism;
  std::optional<Secret> credentials{};
};
/// A choice of AuthenticationChoice that RFC 4511 §4.2 does not have: the whole element.
struct LdapUnknownBind {
  Bytes element;
};

/// RFC 4511 §4.2.
struct LdapBindRequest {
  std::int32_t version = 3;
  std::string name{};
  std::variant<LdapSimpleBind, LdapSaslBind, LdapUnknownBind> authentication{};
};

/// RFC 4511 §4.2.2.
struct LdapBindResponse {
  LdapResult result{};
  std::optional<std::string> server_sasl_creds{};
  bool operator==(const LdapBindResponse&) const = default;
};

/// RFC 4511 §4.3.
struct LdapUnbindRequest {};

enum class LdapScope : std::int32_t { base_object = 0, single_level = 1, whole_subtree = 2 };

/// RFC 4511 §4.5.1.
struct LdapSearchRequest {
  std::string base{};
  LdapScope scope = LdapScope::base_object;
  std::int32_t deref_aliases = 0;
  std::int32_t size_limit = 0;  // entries; 0: none
  std::int32_t time_limit = 0;  // seconds; 0: none
  bool types_only = false;
  LdapFilter filter = ldap_present("objectClass");
  std::vector<std::string> attributes{};
};

/// RFC 4511 §4.5.2.
struct LdapSearchEntry {
  std::string name;
  std::vector<LdapAttribute> attributes{};
  bool operator==(const LdapSearchEntry&) const = default;
};

/// RFC 4511 §4.5.3.
struct LdapSearchReference {
  std::vector<std::string> uris;
  bool operator==(const LdapSearchReference&) const = default;
};

/// What has nothing but a result: search done, modify, add, delete, modify DN, compare.
struct LdapResponse {
  LdapOp op = LdapOp::search_done;
  LdapResult result{};
  bool operator==(const LdapResponse&) const = default;
};

/// RFC 4511 §4.6: operation is 0 for add, 1 for delete, 2 for replace.
struct LdapChange {
  std::int32_t operation = 0;
  LdapAttribute modification;
};
struct LdapModifyRequest {
  std::string object;
  std::vector<LdapChange> changes{};
};

/// RFC 4511 §4.7.
struct LdapAddRequest {
  std::string entry;
  std::vector<LdapAttribute> attributes{};
};

/// RFC 4511 §4.8.
struct LdapDeleteRequest {
  std::string entry;
};

/// RFC 4511 §4.9.
struct LdapModifyDnRequest {
  std::string entry;
  std::string new_rdn;
  bool delete_old_rdn = false;
  std::optional<std::string> new_superior{};
};

/// RFC 4511 §4.10.
struct LdapCompareRequest {
  std::string entry;
  std::string attribute;
  std::string value;
};

/// RFC 4511 §4.11.
struct LdapAbandonRequest {
  std::int32_t message_id = 0;
};

/// RFC 4511 §4.12. An absent value and an empty one differ.
struct LdapExtendedRequest {
  std::string name;
  std::optional<std::string> value{};
};
struct LdapExtendedResponse {
  LdapResult result{};
  std::optional<std::string> name{};
  std::optional<std::string> value{};
  bool operator==(const LdapExtendedResponse&) const = default;
};

/// RFC 4511 §4.13.
struct LdapIntermediateResponse {
  std::optional<std::string> name{};
  std::optional<std::string> value{};
  bool operator==(const LdapIntermediateResponse&) const = default;
};

using LdapOperation =
    std::variant<LdapBindRequest, LdapBindResponse, LdapUnbindRequest, LdapSearchRequest,
                 LdapSearchEntry, LdapSearchReference, LdapResponse, LdapModifyRequest,
                 LdapAddRequest, LdapDeleteRequest, LdapModifyDnRequest, LdapCompareRequest,
                 LdapAbandonRequest, LdapExtendedRequest, LdapExtendedResponse,
                 LdapIntermediateResponse>;

/// RFC 4511 §4.1.1.
struct LdapMessage {
  std::int32_t id = 0;
  LdapOperation op{};
  std::vector<LdapControl> controls{};
  Bytes op_trailing{};  // components behind the known ones of the operation, whole elements
  Bytes trailing{};     // likewise of the message itself
};

[[nodiscard]] LdapOp op_of(const LdapMessage& message);
/// The result that a response carries; null for a request, an entry, a reference and an
/// intermediate response.
[[nodiscard]] const LdapResult* result_of(const LdapMessage& message);

/// A message, or why there is none.
struct LdapDecoded {
  std::optional<LdapMessage> message{};
  std::string_view failed_field{};  // a literal
  /// Well formed as far as it was read, but its filter has more terms than are taken, or stands
  /// deeper: `id` and `op` are good, so that it can be answered.
  bool too_complex = false;
  std::int32_t id = 0;
  LdapOp op = LdapOp::search_request;

  explicit operator bool() const { return message.has_value(); }
  const LdapMessage* operator->() const { return &*message; }
  const LdapMessage& operator*() const { return *message; }
};

/// Reads one whole message, as front_message() cut it off. Strict, but for what RFC 4511 §4 lets
/// follow: trailing components are kept (or, inside of inner sequences, skipped).
[[nodiscard]] LdapDecoded decode_ldap(View octets);
/// Writes what it is given: hostile values are the caller's right. Shows passwords.
[[nodiscard]] Bytes encode_ldap(const LdapMessage& message);

/// Requests that dialogues and tests need again and again.
[[nodiscard]] LdapMessage ldap_simple_bind(std::int32_t id, std::string_view name,
                                           const Secret& password);
/// An extended request without a value: StartTLS and Who am I.
[[nodiscard]] LdapMessage ldap_extended(std::int32_t id, std::string_view name);
/// A search of one entry for (objectClass=*); of the root DSE where the name is empty.
[[nodiscard]] LdapMessage ldap_read_entry(std::int32_t id, std::string_view name,
                                          std::vector<std::string> attributes = {});
[[nodiscard]] LdapMessage ldap_unbind(std::int32_t id);
/// RFC 4511 §4.4.1: message id 0.
[[nodiscard]] LdapMessage ldap_notice_of_disconnection(LdapResultCode code,
                                                       std::string_view diagnostic);
[[nodiscard]] bool is_notice_of_disconnection(const LdapMessage& message);

}  // namespace assay
