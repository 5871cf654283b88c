// Writing of LDAPMessages (RFC 4511, its ASN.1 in appendix B).
#include "harness/protocol/ber.h"
#include "harness/protocol/ldap.h"
#include "harness/protocol/ldap_tags.h"

namespace assay {
namespace {

namespace tag = ldap_tag;

/// One overload an operation; each writes its fields in RFC order, without the element around them.
class Output {
 public:
  void message(const LdapMessage& message) {
    writer_.open(ber::kSequence);
    writer_.integer(ber::kInteger, message.id);
    operation(message);
    if (!message.controls.empty()) controls(message.controls);
    writer_.elements(message.trailing);
    writer_.close();
  }
  Bytes take() { return writer_.take(); }

 private:
  void operation(const LdapMessage& message) {
    const auto identifier = static_cast<std::uint8_t>(op_of(message));
    if (const auto* request = std::get_if<LdapDeleteRequest>(&message.op)) {
      return writer_.text(identifier, request->entry);
    }
    if (const auto* request = std::get_if<LdapAbandonRequest>(&message.op)) {
      return writer_.integer(identifier, request->message_id);
    }
    writer_.open(identifier);
    std::visit([this](const auto& op) { fields(op); }, message.op);
    writer_.elements(message.op_trailing);
    writer_.close();
  }

  void fields(const LdapBindRequest& bind) {
    writer_.integer(ber::kInteger, bind.version);
    text(bind.name);
    std::visit([this](const auto& choice) { authentication(choice); }, bind.authentication);
  }
  void fields(const LdapBindResponse& bind) {
    fields(bind.result);
    optional_text(tag::kServerSaslCreds, bind.server_sasl_creds);
  }
  void fields(const LdapSearchRequest& search) {
    text(search.base);
    writer_.integer(ber::kEnumerated, static_cast<std::int32_t>(search.scope));
    writer_.integer(ber::kEnumerated, search.deref_aliases);
    writer_.integer(ber::kInteger, search.size_limit);
    writer_.integer(ber::kInteger, search.time_limit);
    writer_.boolean(ber::kBoolean, search.types_only);
    write_ldap_filter(writer_, search.filter);
    texts(ber::kSequence, search.attributes);
  }
  void fields(const LdapSearchEntry& entry) {
    text(entry.name);
    attributes(entry.attributes);
  }
  void fields(const LdapSearchReference& reference) {
    for (const std::string& uri : reference.uris) text(uri);
  }
  void fields(const LdapResponse& response) { fields(response.result); }
  void fields(const LdapModifyRequest& modify) {
    text(modify.object);
    writer_.open(ber::kSequence);
    for (const LdapChange& change : modify.changes) {
      writer_.open(ber::kSequence);
      writer_.integer(ber::kEnumerated, change.operation);
      attribute(change.modification);
      writer_.close();
    }
    writer_.close();
  }
  void fields(const LdapAddRequest& add) {
    text(add.entry);
    attributes(add.attributes);
  }
  void fields(const LdapModifyDnRequest& modify) {
    text(modify.entry);
    text(modify.new_rdn);
    writer_.boolean(ber::kBoolean, modify.delete_old_rdn);
    optional_text(tag::kNewSuperior, modify.new_superior);
  }
  void fields(const LdapCompareRequest& compare) {
    text(compare.entry);
    writer_.open(ber::kSequence);
    text(compare.attribute);
    text(compare.value);
    writer_.close();
  }
  void fields(const LdapExtendedRequest& request) {
    writer_.text(tag::kRequestName, request.name);
    optional_text(tag::kRequestValue, request.value);
  }
  void fields(const LdapExtendedResponse& response) {
    fields(response.result);
    optional_text(tag::kResponseName, response.name);
    optional_text(tag::kResponseValue, response.value);
  }
  void fields(const LdapIntermediateResponse& response) {
    optional_text(tag::kIntermediateName, response.name);
    optional_text(tag::kIntermediateValue, response.value);
  }
  void fields(const LdapResult& result) {
    writer_.integer(ber::kEnumerated, static_cast<std::int32_t>(result.code));
    text(result.matched_dn);
    text(result.diagnostic);
    if (!result.referral.empty()) texts(tag::kReferral, result.referral);
  }
  // These have no fields: an empty element, and two that are primitive.
  void fields(const LdapUnbindRequest&) {}
  void fields(const LdapDeleteRequest&) {}
  void fields(const LdapAbandonRequest&) {}

  void authentication(const LdapSimpleBind& simple) {
    writer_.text(tag::kSimple, simple.password.reveal());
  }
  void authentication(const LdapSaslBind& sasl) {
    writer_.open(tag::kSasl);
    text(sasl.mechanism);
    if (sasl.credentials) text(sasl.credentials->reveal());
    writer_.close();
  }
  void authentication(const LdapUnknownBind& unknown) { writer_.elements(unknown.element); }

  void controls(const std::vector<LdapControl>& list) {
    writer_.open(tag::kControls);
    for (const LdapControl& control : list) {
      writer_.open(ber::kSequence);
      text(control.type);
      // RFC 4511 §5.1: a value that is the default is absent.
      if (control.critical) writer_.boolean(ber::kBoolean, true);
      optional_text(ber::kOctetString, control.value);
      writer_.close();
    }
    writer_.close();
  }

  void attribute(const LdapAttribute& attribute) {
    writer_.open(ber::kSequence);
    text(attribute.type);
    texts(ber::kSet, attribute.values);
    writer_.close();
  }
  void attributes(const std::vector<LdapAttribute>& list) {
    writer_.open(ber::kSequence);
    for (const LdapAttribute& each : list) attribute(each);
    writer_.close();
  }
  void texts(std::uint8_t identifier, const std::vector<std::string>& list) {
    writer_.open(identifier);
    for (const std::string& each : list) text(each);
    writer_.close();
  }
  void text(std::string_view value) { writer_.text(ber::kOctetString, value); }
  void optional_text(std::uint8_t identifier, const std::optional<std::string>& value) {
    if (value) writer_.text(identifier, *value);
  }

  BerWriter writer_;
};

}  // namespace

Bytes encode_ldap(const LdapMessage& message) {
  Output output;
  output.message(message);
  return output.take();
}

}  // namespace assay
