#include "suites/faults/ldap_tongue.h"

#include "harness/base/words.h"
#include "harness/protocol/ber.h"
#include "harness/protocol/ldap.h"

#include <algorithm>
#include <optional>

namespace assay::faults::ldap_tongue {
namespace {

using Code = LdapResultCode;

constexpr std::size_t kLongestMessage = 1UL << 20;
constexpr std::size_t kLongestEnd = 64;
constexpr std::string_view kExtensions = "supportedExtension";
constexpr std::string_view kMechanisms = "supportedSASLMechanisms";

std::optional<LdapMessage> front_message_of(View input) {
  const std::size_t size = front_unit(input);
  if (size == 0) return std::nullopt;
  return decode_ldap(input.first(size)).message;
}

LdapResult result_for(Saying saying) {
  switch (saying) {
    case Saying::go_ahead:
    case Saying::welcome:
    case Saying::known_user:
    case Saying::next_answer:
    case Saying::partial_answer:
      return {};
    case Saying::wrong_password:
      return {.code = Code::invalid_credentials, .diagnostic = "No"};
    case Saying::no_such_command:
    case Saying::unknown_command:
      return {.code = Code::protocol_error, .diagnostic = "Not recognized"};
    case Saying::not_now:
      return {.code = Code::unavailable, .diagnostic = "TLS not available"};
    case Saying::tls_active:
      return {.code = Code::operations_error, .diagnostic = "TLS is active"};
    case Saying::nothing_behind:
      return {.code = Code::operations_error, .diagnostic = "Nothing may follow StartTLS"};
    case Saying::unnamed:
    case Saying::handshake_failed:
    case Saying::no_greeting:
    case Saying::another_host:
      break;
  }
  return {.code = Code::unwilling_to_perform, .diagnostic = "No"};
}

/// The next request is a search or a bind: an answer to either.
Bytes next_answer(std::int32_t last_id) {
  Bytes answers = encode_ldap({.id = last_id + 1, .op = LdapResponse{}});
  append(answers, encode_ldap({.id = last_id + 1, .op = LdapBindResponse{}}));
  return answers;
}

/// Edits the values of supportedExtension in the entries among whole messages.
template <typename Edit>
void edit_entries(Bytes& messages, Edit edit) {
  Bytes edited;
  for (View rest = messages; !rest.empty();) {
    auto message = front_message_of(rest);
    if (!message) return;
    rest = rest.subspan(front_unit(rest));
    if (auto* entry = std::get_if<LdapSearchEntry>(&message->op)) edit(*entry);
    append(edited, encode_ldap(*message));
  }
  messages = std::move(edited);
}

LdapAttribute* attribute_of(LdapSearchEntry& entry, std::string_view type) {
  const auto found = std::ranges::find_if(entry.attributes, [&](const LdapAttribute& attribute) {
    return equals_ignoring_case(attribute.type, type);
  });
  return found == entry.attributes.end() ? nullptr : &*found;
}

/// Adds a value, and the attribute where it is not there.
void add_value(Bytes& messages, std::string_view type, std::string_view value) {
  edit_entries(messages, [&](LdapSearchEntry& entry) {
    LdapAttribute* attribute = attribute_of(entry, type);
    if (attribute == nullptr) {
      entry.attributes.push_back({std::string(type)});
      attribute = &entry.attributes.back();
    }
    attribute->values.emplace_back(value);
  });
}

}  // namespace

std::size_t front_unit(View input) {
  const MessageFront front = front_message(input, kLongestMessage);
  return front.kind == MessageFront::Kind::complete ? front.size : 0;
}

Bytes missing_end(View unfinished) {
  Bytes whole = bytes_of(unfinished);
  for (std::size_t missing = 0; missing < kLongestEnd; ++missing) {
    if (front_unit(whole) != 0) return Bytes(missing, 0);
    whole.push_back(0);
  }
  return {};
}

Step referred(View input, std::uint16_t port, bool to_upgrade) {
  const auto request = front_message_of(input);
  if (!request) return {};
  const LdapOp op = op_of(*request);
  const bool meant = to_upgrade ? asks_for_upgrade(input) : op == LdapOp::search_request;
  if (!meant) return {};
  LdapResult result{.code = Code::referral};
  result.referral = {"ldap://localhost:" + std::to_string(port) + "/"};
  LdapMessage response{.id = request->id};
  if (to_upgrade) {
    response.op = LdapExtendedResponse{std::move(result)};
  } else {
    response.op = LdapResponse{LdapOp::search_done, std::move(result)};
  }
  return {front_unit(input), encode_ldap(response), Step::Next::go_on};
}

Bytes said(Saying saying, View input) {
  // Nobody greets here; an answer that nobody asked for has the message id of none.
  if (saying == Saying::no_greeting || saying == Saying::another_host) return {};
  // Identifier, length and message id of a message as long as the next one may be.
  if (saying == Saying::partial_answer) return Bytes{0x30, 0x0c, 0x02, 0x01, 0x7f};
  if (saying == Saying::known_user) return encode_ldap({.id = 0, .op = LdapBindResponse{}});
  const auto request = front_message_of(input);
  if (!request) {
    return encode_ldap(
        ldap_notice_of_disconnection(Code::protocol_error, "The handshake has failed"));
  }
  if (saying == Saying::next_answer) return next_answer(request->id);
  LdapResult result = result_for(saying);
  LdapMessage response{.id = request->id};
  const LdapOp op = response_to(op_of(*request)).value_or(LdapOp::extended_response);
  if (op == LdapOp::extended_response) {
    response.op = LdapExtendedResponse{std::move(result)};
  } else if (op == LdapOp::bind_response) {
    response.op = LdapBindResponse{std::move(result)};
  } else {
    response.op = LdapResponse{op, std::move(result)};
  }
  return encode_ldap(response);
}

bool asks_for_upgrade(View input) {
  const auto message = front_message_of(input);
  if (!message) return false;
  const auto* request = std::get_if<LdapExtendedRequest>(&message->op);
  return request != nullptr && request->name == ldap::kStartTls;
}

bool reads_root_dse(View unit) {
  const auto message = front_message_of(unit);
  if (!message) return false;
  const auto* search = std::get_if<LdapSearchRequest>(&message->op);
  return search != nullptr && search->base.empty() && search->scope == LdapScope::base_object;
}

bool is_unknown_command(View input) {
  const auto message = front_message_of(input);
  if (!message) return false;
  const auto* request = std::get_if<LdapExtendedRequest>(&message->op);
  return request != nullptr && request->name.starts_with(ldap::kUuidArc);
}

bool is_bind(View input) {
  const auto message = front_message_of(input);
  return message && op_of(*message) == LdapOp::bind_request;
}

void list_upgrade(Bytes& messages) { add_value(messages, kExtensions, ldap::kStartTls); }

void list_mechanism(Bytes& messages, std::string_view mechanism) {
  add_value(messages, kMechanisms, mechanism);
}

void hide_upgrade(Bytes& messages) {
  edit_entries(messages, [](LdapSearchEntry& entry) {
    LdapAttribute* extensions = attribute_of(entry, kExtensions);
    if (extensions != nullptr) std::erase(extensions->values, ldap::kStartTls);
  });
}

/// RFC 4512 §2.5: attribute types are compared in any case; a set has no order.
void reverse_capabilities(Bytes& messages) {
  edit_entries(messages, [](LdapSearchEntry& entry) {
    std::ranges::reverse(entry.attributes);
    for (LdapAttribute& attribute : entry.attributes) {
      attribute.type = to_lower(attribute.type);
      std::ranges::reverse(attribute.values);
    }
  });
}

}  // namespace assay::faults::ldap_tongue
