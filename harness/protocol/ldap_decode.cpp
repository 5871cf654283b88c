// Reading of LDAPMessages (RFC 4511, its ASN.1 in appendix B).
#include "harness/protocol/ber.h"
#include "harness/protocol/ldap.h"
#include "harness/protocol/ldap_tags.h"

#include <utility>

namespace assay {
namespace {

namespace tag = ldap_tag;

/// The operation under way: its reader, and what is found out beside its fields.
struct Input {
  BerReader reader;
  bool too_complex = false;
  Bytes trailing{};
};

std::string text(Input& in, std::string_view field) {
  return std::string(in.reader.text(ber::kOctetString, field));
}

std::optional<std::string> optional_text(Input& in, std::uint8_t identifier,
                                         std::string_view field) {
  if (in.reader.peek() != identifier) return std::nullopt;
  return std::string(in.reader.text(identifier, field));
}

std::vector<std::string> texts(Input& in, std::uint8_t identifier, std::string_view field) {
  std::vector<std::string> list;
  in.reader.open(identifier, field);
  while (in.reader.peek()) list.push_back(text(in, field));
  in.reader.close(field);
  return list;
}

/// RFC 4511 §4: trailing components of a sequence that are not known are passed over.
void close_sequence(Input& in, std::string_view field) {
  in.reader.elements(field);
  in.reader.close(field);
}

LdapAttribute attribute(Input& in) {
  in.reader.open(ber::kSequence, "PartialAttribute");
  LdapAttribute read{.type = text(in, "type")};
  read.values = texts(in, ber::kSet, "vals");
  close_sequence(in, "PartialAttribute");
  return read;
}

std::vector<LdapAttribute> attributes(Input& in) {
  std::vector<LdapAttribute> list;
  in.reader.open(ber::kSequence, "attributes");
  while (in.reader.peek()) list.push_back(attribute(in));
  in.reader.close("attributes");
  return list;
}

LdapResult result(Input& in) {
  LdapResult read{.code = LdapResultCode{in.reader.integer(ber::kEnumerated, "resultCode")}};
  read.matched_dn = text(in, "matchedDN");
  read.diagnostic = text(in, "diagnosticMessage");
  if (in.reader.peek() == tag::kReferral) read.referral = texts(in, tag::kReferral, "referral");
  return read;
}

LdapSaslBind sasl_bind(Input& in) {
  in.reader.open(tag::kSasl, "sasl");
  LdapSaslBind read{.mechanism = text(in, "mechanism")};
  if (in.reader.peek() == ber::kOctetString) {
    read.credentials = Secret(in.reader.text(ber::kOctetString, "credentials"));
  }
  close_sequence(in, "sasl");
  return read;
}

LdapOperation bind_request(Input& in) {
  LdapBindRequest read{.version = in.reader.integer(ber::kInteger, "version")};
  read.name = text(in, "name");
  const auto choice = in.reader.peek();
  if (choice == tag::kSimple) {
    read.authentication = LdapSimpleBind{Secret(in.reader.text(tag::kSimple, "simple"))};
  } else if (choice == tag::kSasl) {
    read.authentication = sasl_bind(in);
  } else {
    read.authentication = LdapUnknownBind{bytes_of(in.reader.element("authentication"))};
  }
  return read;
}

LdapOperation search_request(Input& in) {
  LdapSearchRequest read{.base = text(in, "baseObject")};
  read.scope = LdapScope{in.reader.integer(ber::kEnumerated, "scope")};
  read.deref_aliases = in.reader.integer(ber::kEnumerated, "derefAliases");
  // RFC 4511 §4.5.1: INTEGER (0 .. maxInt).
  read.size_limit = in.reader.integer(ber::kInteger, "sizeLimit");
  if (read.size_limit < 0) in.reader.fail("sizeLimit");
  read.time_limit = in.reader.integer(ber::kInteger, "timeLimit");
  if (read.time_limit < 0) in.reader.fail("timeLimit");
  read.types_only = in.reader.boolean(ber::kBoolean, "typesOnly");
  read.filter = read_ldap_filter(in.reader, in.too_complex);
  read.attributes = texts(in, ber::kSequence, "attributes");
  return read;
}

LdapOperation modify_request(Input& in) {
  LdapModifyRequest read{.object = text(in, "object")};
  in.reader.open(ber::kSequence, "changes");
  while (in.reader.peek()) {
    in.reader.open(ber::kSequence, "change");
    const std::int32_t operation = in.reader.integer(ber::kEnumerated, "operation");
    read.changes.push_back({operation, attribute(in)});
    close_sequence(in, "change");
  }
  in.reader.close("changes");
  return read;
}

LdapOperation modify_dn_request(Input& in) {
  LdapModifyDnRequest read{.entry = text(in, "entry"), .new_rdn = text(in, "newrdn")};
  read.delete_old_rdn = in.reader.boolean(ber::kBoolean, "deleteoldrdn");
  read.new_superior = optional_text(in, tag::kNewSuperior, "newSuperior");
  return read;
}

LdapOperation compare_request(Input& in) {
  LdapCompareRequest read{.entry = text(in, "entry")};
  in.reader.open(ber::kSequence, "ava");
  read.attribute = text(in, "attributeDesc");
  read.value = text(in, "assertionValue");
  close_sequence(in, "ava");
  return read;
}

LdapOperation extended_request(Input& in) {
  LdapExtendedRequest read{.name = std::string(in.reader.text(tag::kRequestName, "requestName"))};
  read.value = optional_text(in, tag::kRequestValue, "requestValue");
  return read;
}

LdapOperation extended_response(Input& in) {
  LdapExtendedResponse read{.result = result(in)};
  read.name = optional_text(in, tag::kResponseName, "responseName");
  read.value = optional_text(in, tag::kResponseValue, "responseValue");
  return read;
}

LdapOperation search_reference(Input& in) {
  LdapSearchReference read;
  while (in.reader.peek() == ber::kOctetString) read.uris.push_back(text(in, "uri"));
  if (read.uris.empty()) in.reader.fail("uri");  // RFC 4511 §4.5.3: SIZE (1..MAX)
  return read;
}

/// The fields of an operation whose identifier was read, up to its trailing components.
LdapOperation fields_of(LdapOp op, Input& in) {
  switch (op) {
    case LdapOp::bind_request:
      return bind_request(in);
    case LdapOp::bind_response: {
      LdapBindResponse read{.result = result(in)};
      read.server_sasl_creds = optional_text(in, tag::kServerSaslCreds, "serverSaslCreds");
      return read;
    }
    case LdapOp::search_request:
      return search_request(in);
    case LdapOp::search_entry: {
      LdapSearchEntry read{.name = text(in, "objectName")};
      read.attributes = attributes(in);
      return read;
    }
    case LdapOp::search_reference:
      return search_reference(in);
    case LdapOp::modify_request:
      return modify_request(in);
    case LdapOp::add_request: {
      LdapAddRequest read{.entry = text(in, "entry")};
      read.attributes = attributes(in);
      return read;
    }
    case LdapOp::modify_dn_request:
      return modify_dn_request(in);
    case LdapOp::compare_request:
      return compare_request(in);
    case LdapOp::extended_request:
      return extended_request(in);
    case LdapOp::extended_response:
      return extended_response(in);
    case LdapOp::intermediate_response: {
      LdapIntermediateResponse read{.name =
                                        optional_text(in, tag::kIntermediateName, "responseName")};
      read.value = optional_text(in, tag::kIntermediateValue, "responseValue");
      return read;
    }
    default:
      return LdapResponse{.op = op, .result = result(in)};
  }
}

LdapOperation operation(LdapOp op, Input& in) {
  const auto identifier = static_cast<std::uint8_t>(op);
  switch (op) {  // those that are no sequences
    case LdapOp::unbind_request:
      if (!in.reader.octets(identifier, "unbindRequest").empty()) in.reader.fail("unbindRequest");
      return LdapUnbindRequest{};
    case LdapOp::delete_request:
      return LdapDeleteRequest{std::string(in.reader.text(identifier, "delRequest"))};
    case LdapOp::abandon_request:
      return LdapAbandonRequest{in.reader.integer(identifier, "abandonRequest")};
    default:
      break;
  }
  in.reader.open(identifier, "protocolOp");
  LdapOperation read = fields_of(op, in);
  // A search result reference is a SEQUENCE OF: nothing can trail it.
  if (op != LdapOp::search_reference) in.trailing = bytes_of(in.reader.elements("protocolOp"));
  in.reader.close("protocolOp");
  return read;
}

std::vector<LdapControl> controls(Input& in) {
  std::vector<LdapControl> list;
  in.reader.open(tag::kControls, "controls");
  while (in.reader.peek()) {
    in.reader.open(ber::kSequence, "Control");
    LdapControl control{.type = text(in, "controlType")};
    if (in.reader.peek() == ber::kBoolean) {
      control.critical = in.reader.boolean(ber::kBoolean, "criticality");
    }
    control.value = optional_text(in, ber::kOctetString, "controlValue");
    close_sequence(in, "Control");
    list.push_back(std::move(control));
  }
  in.reader.close("controls");
  return list;
}

}  // namespace

LdapDecoded decode_ldap(View octets) {
  Input in{.reader = BerReader(octets)};
  LdapDecoded decoded;
  LdapMessage message;
  in.reader.open(ber::kSequence, "LDAPMessage");
  message.id = in.reader.integer(ber::kInteger, "messageID");
  // RFC 4511 §4.1.1.1: MessageID ::= INTEGER (0 .. maxInt).
  if (message.id < 0) in.reader.fail("messageID");
  const std::uint8_t identifier = in.reader.peek().value_or(0);
  if (!is_request(LdapOp{identifier}) && !is_response(LdapOp{identifier}))
    in.reader.fail("protocolOp");
  decoded.id = message.id;
  if (in.reader.ok()) {
    decoded.op = LdapOp{identifier};
    message.op = operation(decoded.op, in);
  }
  message.op_trailing = std::move(in.trailing);
  if (in.reader.peek() == tag::kControls) message.controls = controls(in);
  message.trailing = bytes_of(in.reader.elements("LDAPMessage"));
  in.reader.close("LDAPMessage");
  if (in.reader.peek()) in.reader.fail("LDAPMessage");
  decoded.too_complex = in.too_complex;
  decoded.failed_field = in.reader.failed_field();
  if (in.reader.ok()) decoded.message = std::move(message);
  return decoded;
}

}  // namespace assay
