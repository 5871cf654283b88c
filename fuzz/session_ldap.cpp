// Fuzz target session_ldap: a whole session of the LDAP server, its StartTLS included. session.h
// tells what is looked at, scenario.h how an input is read.
#include "fuzz/session.h"
#include "fuzz/target.h"
#include "harness/protocol/ber.h"
#include "harness/protocol/ldap.h"
#include "reference_server/ldap.h"
#include "reference_server/services.h"

#include <algorithm>
#include <utility>

namespace assay::fuzz {
namespace {

using Code = LdapResultCode;

constexpr LdapLimits kNarrow = {.message = 256, .entries = 2, .comparisons = 40, .errors = 3};

LdapConfig config_of(const Listener& listener) {
  LdapConfig config;
  if (listener.narrow) config.limits = kNarrow;
  return configured(std::move(config), listener);
}

/// Read alone, so one for all conversations.
const Directory& directory() {
  static const Directory kOnce = [] {
    const std::vector<std::string> names = {std::string(kUser), "bob"};
    return directory_of("a.test", names);
  }();
  return kOnce;
}

/// The messages in `said`, which holds nothing else, each a response.
std::vector<LdapMessage> responses_in(View said) {
  std::vector<LdapMessage> responses;
  while (!said.empty()) {
    const MessageFront front = front_message(said, said.size());
    require(front.kind == MessageFront::Kind::complete, "the server says whole messages");
    const LdapDecoded decoded = decode_ldap(said.first(front.size));
    require(decoded && is_response(decoded.op), "and nothing but responses");
    responses.push_back(*decoded);
    said = said.subspan(front.size);
  }
  return responses;
}

bool is_start_tls(const LdapMessage& request) {
  const auto* extended = std::get_if<LdapExtendedRequest>(&request.op);
  return extended != nullptr && extended->name == ldap::kStartTls;
}

class LdapServed final : public Served {
 public:
  LdapServed(const Listener& listener, const Accounts& accounts)
      : limits_(config_of(listener).limits), service_(config_of(listener), accounts, directory()) {}

  [[nodiscard]] const Service& service() const override { return service_; }
  void look(const SessionState& /*before*/) override {}

  void examine_step(View unit, const Step& step, const SessionState& after) override {
    const std::vector<LdapMessage> responses = responses_in(step.output);
    const bool closes = step.next == Step::Next::close;
    const bool told = !responses.empty() && is_notice_of_disconnection(responses.back());
    require(!told || closes, "a Notice of Disconnection is the end");
    require(after.user.empty() == after.ldap().authz_id.empty(), "nobody is bound by halves");
    const LdapDecoded request = decode_ldap(unit);
    const bool whole = front_message(unit, limits_.message).kind == MessageFront::Kind::complete;
    const bool is_good = request ? is_request(request.op) : request.too_complex;
    if (!whole || !is_good || request.id == 0) {
      // RFC 4511 §4.1.1: protocolError, and the session ends.
      return require(told && responses.size() == 1, "what is no request is answered by the end");
    }
    const auto answer = response_to(request.op);
    if (!answer) {
      // RFC 4511 §4.3, §4.11: unbind and abandon have no response; unbind ends the session.
      require(responses.empty() && closes == (request.op == LdapOp::unbind_request),
              "unbind and abandon have no response");
      return;
    }
    examine_answer(request, responses, told);
    require(told == closes, "a request that is answered ends nothing");
    const bool goes_ahead = request && is_start_tls(*request) && !told &&
                            result_of(responses.back())->code == Code::success;
    require((step.next == Step::Next::start_tls) == goes_ahead, "TLS begins behind its success");
  }

  void examine_unasked(View said) const override {
    const std::vector<LdapMessage> responses = responses_in(said);
    require(responses.empty() ||
                (responses.size() == 1 && is_notice_of_disconnection(responses.front())),
            "nothing is said unasked but a Notice of Disconnection");
  }

  [[nodiscard]] std::size_t longest_wait() const override { return limits_.message; }
  [[nodiscard]] std::vector<std::string> kept() override { return {}; }

 private:
  /// One final response of the request's id, or a notice in its place; before it, what a search
  /// found.
  void examine_answer(const LdapDecoded& request, const std::vector<LdapMessage>& responses,
                      bool told) const {
    require(!responses.empty(), "a request has a response");
    const LdapMessage& last = responses.back();
    require(told || (last.id == request.id && op_of(last) == response_to(request.op)),
            "the last response is the request's result, under its id");
    const std::size_t entries = responses.size() - 1;
    require(entries == 0 || request.op == LdapOp::search_request, "only a search finds entries");
    require(entries <= limits_.entries, "entries are bounded");
    const bool own = std::ranges::all_of(
        responses.begin(), responses.end() - 1, [&](const LdapMessage& response) {
          return response.id == request.id && op_of(response) == LdapOp::search_entry;
        });
    require(own, "one result a request, under the request's id");
    if (request && request.op == LdapOp::search_request) {
      const auto wanted =
          static_cast<std::size_t>(std::get<LdapSearchRequest>(request->op).size_limit);
      require(wanted == 0 || entries <= wanted, "no more entries than the client asked for");
    }
  }

  LdapLimits limits_;
  LdapService service_;
};

const Dialect& ldap_dialect() {
  static const Dialect kOnce = {
      // No element of LDAP begins with 0xff, so that the mark seldom stands within a message.
      .begin_tls = "\xff\f",
      .upgrade =
          std::string(text_of(encode_ldap(ldap_extended(101, ldap::kStartTls)))) +
          std::string(text_of(encode_ldap({.id = 102, .op = LdapDeleteRequest{"cn=nonce"}}))),
      .first_inside = std::string(text_of(encode_ldap(ldap_extended(103, ldap::kWhoAmI)))),
      .serve = [](const Listener& listener, const Accounts& accounts) -> std::unique_ptr<Served> {
        return std::make_unique<LdapServed>(listener, accounts);
      }};
  return kOnce;
}

}  // namespace
}  // namespace assay::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return assay::fuzz::examine_session(assay::fuzz::ldap_dialect(), {data, size});
}
