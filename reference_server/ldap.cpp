#include "reference_server/ldap.h"

#include <algorithm>
#include <utility>

namespace assay {
namespace {

using Code = LdapResultCode;

LdapResult refused(Code code, std::string_view diagnostic) {
  return {.code = code, .diagnostic = std::string(diagnostic)};
}

/// The response to `request` that carries nothing but a result.
LdapMessage plain_response(std::int32_t id, LdapOp request, LdapResult result) {
  const LdapOp op = response_to(request).value();
  if (op == LdapOp::bind_response) return {.id = id, .op = LdapBindResponse{std::move(result)}};
  if (op == LdapOp::extended_response) {
    return {.id = id, .op = LdapExtendedResponse{std::move(result)}};
  }
  return {.id = id, .op = LdapResponse{op, std::move(result)}};
}

/// RFC 4511 §4.1.1 and §5.3: told by a notice, then closed; whatever is in the input goes with it.
Step disconnect(View input, Code code, std::string_view why) {
  return {.consumed = input.size(),
          .output = encode_ldap(ldap_notice_of_disconnection(code, why)),
          .next = Step::Next::close};
}

/// Refusals count; answers that an ordinary client lives with do not.
bool counts_as_error(Code code) {
  switch (code) {
    case Code::success:
    case Code::compare_false:
    case Code::compare_true:
    case Code::sasl_bind_in_progress:
    case Code::size_limit_exceeded:
    case Code::no_such_attribute:
    case Code::no_such_object:
      return false;
    default:
      return true;
  }
}

/// Controls that change nothing where nothing is referred: RFC 3296 §3 has ManageDsaIT on these.
bool is_supported(const LdapControl& control, LdapOp op) {
  return control.type == ldap::kManageDsaIt &&
         (op == LdapOp::search_request || op == LdapOp::compare_request);
}

bool is_start_tls(const LdapMessage& message) {
  const auto* request = std::get_if<LdapExtendedRequest>(&message.op);
  return request != nullptr && request->name == ldap::kStartTls;
}

bool is_root_dse_search(const LdapMessage& message) {
  const auto* request = std::get_if<LdapSearchRequest>(&message.op);
  return request != nullptr && reads_root_dse(*request);
}

}  // namespace

LdapService::LdapService(LdapConfig config, const Accounts& accounts, const Directory& directory)
    : config_(std::move(config)),
      bind_(config_, accounts, directory),
      search_(config_, directory) {}

SessionState LdapService::fresh(Security security) const {
  // RFC 4513 §3.2 and §4: TLS may move the session to another authorisation state; here it makes it
  // anonymous, so that nothing said in the clear counts inside.
  return {.security = security, .protocol = LdapState{}};
}

Bytes LdapService::greeting(const SessionState& /*state*/) const { return {}; }

bool LdapService::receiving_content(const SessionState& /*state*/) const { return false; }

Bytes LdapService::farewell(Farewell why) const {
  // RFC 4511 §4.4.1: unavailable for a server that goes away; other codes are free to use.
  const auto notice = [](Code code, std::string_view text) {
    return encode_ldap(ldap_notice_of_disconnection(code, text));
  };
  switch (why) {
    case Farewell::shutting_down:
      return notice(Code::unavailable, "Shutting down");
    case Farewell::idle:
      return notice(Code::admin_limit_exceeded, "Waited too long");
    case Farewell::too_many_errors:
      return notice(Code::admin_limit_exceeded, "Saw too many errors");
    case Farewell::too_slow:
      return notice(Code::admin_limit_exceeded, "Too slow");
    case Farewell::too_many_connections:
      return notice(Code::busy, "Too many connections");
  }
  return {};
}

Step LdapService::handle(SessionState& state, View input) const {
  const MessageFront front = front_message(input, config_.limits.message);
  switch (front.kind) {
    case MessageFront::Kind::incomplete:
      return {};
    case MessageFront::Kind::malformed:
      // RFC 4511 §4.1.1: protocolError, and the session ends at once.
      return disconnect(input, Code::protocol_error, "This is no LDAPMessage");
    case MessageFront::Kind::too_long:
      return disconnect(input, Code::protocol_error, "The message is too long");
    case MessageFront::Kind::complete:
      break;
  }
  const LdapDecoded decoded = decode_ldap(input.first(front.size));
  Step step;
  if (decoded && is_request(decoded.op) && decoded.id != 0) {
    step = run(state, *decoded);
  } else if (decoded.too_complex && decoded.id != 0) {
    step = respond(state,
                   plain_response(decoded.id, decoded.op,
                                  refused(Code::admin_limit_exceeded, "The filter is too large")));
  } else {
    // RFC 4511 §4.1.1: likewise for a field that does not fit and an operation that is no request.
    // §4.1.1.1: and for message id 0, which is the server's. Ids may come again: a request is
    // answered before the next one is looked at, so none is ever in progress.
    return disconnect(input, Code::protocol_error, "The message is malformed");
  }
  step.consumed = front.size;
  return step;
}

Step LdapService::run(SessionState& state, const LdapMessage& message) const {
  const LdapOp op = op_of(message);
  if (op == LdapOp::unbind_request) {
    // RFC 4511 §4.3: no response; the server closes. §4.1.11: its controls are not heeded.
    state.quitting = true;
    return {.next = Step::Next::close};
  }
  // RFC 4511 §4.11: no response, whether or not there is such an operation; here it is over.
  if (op == LdapOp::abandon_request) return {};
  if (auto refusal = barred(state, message)) {
    if (op == LdapOp::bind_request) {
      // RFC 4513 §4: a bind that fails leaves an anonymous session, for whatever reason it fails.
      state.ldap() = {};
      state.user.clear();
    }
    return respond(state, plain_response(message.id, op, std::move(*refusal)));
  }
  return answer(state, message);
}

/// Why a request is refused whatever it says.
std::optional<LdapResult> LdapService::barred(const SessionState& state,
                                              const LdapMessage& message) const {
  const LdapOp op = op_of(message);
  // RFC 4511 §4.1.11: a critical control that is not known forbids the operation; others are passed
  // over.
  for (const LdapControl& control : message.controls) {
    if (control.critical && !is_supported(control, op)) {
      return refused(Code::unavailable_critical_extension, "Unknown critical control");
    }
  }
  // RFC 4511 §4.2.1: nothing comes between the binds of one negotiation; RFC 4513 §3.1.1 has
  // operationsError for StartTLS.
  if (state.ldap().sasl.mechanism != SaslMechanism::none && op != LdapOp::bind_request) {
    return refused(Code::operations_error, "A bind is in progress");
  }
  // RFC 4513 §6.1, RFC 4511 §A.2: confidentialityRequired. What leads to TLS goes on working: the
  // request itself, and the root DSE, which all clients should get to read (RFC 4513 §5.2.1.5).
  if (config_.tls_required && !state.secured() && !is_start_tls(message) &&
      !is_root_dse_search(message)) {
    return refused(Code::confidentiality_required, "Start TLS first");
  }
  return std::nullopt;
}

Step LdapService::answer(SessionState& state, const LdapMessage& message) const {
  const std::int32_t id = message.id;
  if (const auto* bind = std::get_if<LdapBindRequest>(&message.op)) {
    return respond(state, {.id = id, .op = bind_.answer(state, *bind)});
  }
  if (const auto* search = std::get_if<LdapSearchRequest>(&message.op)) {
    Bytes entries;
    LdapResult result = search_.run(state, id, *search, entries);
    return respond(state, plain_response(id, LdapOp::search_request, std::move(result)),
                   std::move(entries));
  }
  if (const auto* compare = std::get_if<LdapCompareRequest>(&message.op)) {
    return respond(state, plain_response(id, LdapOp::compare_request, search_.compare(*compare)));
  }
  if (const auto* request = std::get_if<LdapExtendedRequest>(&message.op)) {
    return extended(state, id, *request);
  }
  // RFC 4511 §A.2: unwillingToPerform, since nobody may change what is here, whoever they are.
  return respond(state, plain_response(id, op_of(message),
                                       refused(Code::unwilling_to_perform,
                                               "The directory is read, not written")));
}

Step LdapService::extended(SessionState& state, std::int32_t id,
                           const LdapExtendedRequest& request) const {
  if (request.name == ldap::kStartTls) return start_tls(state, id, request);
  const bool who_am_i = request.name == ldap::kWhoAmI;
  if (!who_am_i || request.value) {
    // RFC 4511 §4.12: protocolError for a name that is not known. RFC 4532 §2.1: Who am I has no
    // value.
    return respond(state, plain_response(id, LdapOp::extended_request,
                                         refused(Code::protocol_error,
                                                 who_am_i ? "No value is allowed"
                                                          : "Unknown extended operation")));
  }
  // RFC 4532 §2.2: no name; the value is there, empty for an anonymous session.
  return respond(state, {.id = id, .op = LdapExtendedResponse{.value = state.ldap().authz_id}});
}

Step LdapService::start_tls(SessionState& state, std::int32_t id,
                            const LdapExtendedRequest& request) const {
  LdapExtendedResponse response{.name = std::string(ldap::kStartTls)};
  if (state.secured()) {
    // RFC 4511 §4.14.1, RFC 4513 §3.1.1: operationsError where TLS is there already. Of other
    // operations none is ever outstanding; a bind in progress was seen to before.
    response.result = refused(Code::operations_error, "TLS is established already");
  } else if (!config_.starttls) {
    // RFC 4511 §4.14.1 and §4.12: protocolError, as for any name that is not known; the name is not
    // said back.
    response = {.result = refused(Code::protocol_error, "StartTLS is not to be had")};
  } else if (request.value) {
    // RFC 4511 §4.14.1: the request has no value.
    response.result = refused(Code::protocol_error, "No value is allowed");
  }
  const bool goes_ahead = response.result.code == Code::success;
  // RFC 4511 §4.14.2: the response has no value; TLS begins right behind success.
  Step step = respond(state, {.id = id, .op = std::move(response)});
  if (goes_ahead) step.next = Step::Next::start_tls;
  return step;
}

/// Counts refusals; the one beyond the limit is answered by a Notice of Disconnection in its place.
Step LdapService::respond(SessionState& state, const LdapMessage& response, Bytes before) const {
  Step step{.output = std::move(before)};
  const bool refusal = counts_as_error(result_of(response)->code);
  if (refusal && ++state.errors > config_.limits.errors) {
    append(step.output, farewell(Farewell::too_many_errors));
    step.next = Step::Next::close;
  } else {
    append(step.output, encode_ldap(response));
  }
  return step;
}

}  // namespace assay
