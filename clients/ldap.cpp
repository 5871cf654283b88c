#include "clients/ldap.h"

#include "harness/base/printable.h"
#include "harness/protocol/ber.h"
#include "harness/protocol/ldap_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace assay {
namespace {

using Code = LdapResultCode;

/// What the root DSE says of the server (RFC 4512 §5.1), asked for by name: operational attributes
/// do not come by themselves.
constexpr std::string_view kRootDse[] = {
    "supportedExtension", "supportedControl",     "supportedSASLMechanisms",
    "supportedFeatures",  "supportedLDAPVersion", "namingContexts",
    "vendorName",         "vendorVersion"};
constexpr std::string_view kExtensions = "supportedExtension";
constexpr int kUpgradeTries = 4;
constexpr Milliseconds kOperationEnds{10};

bool is_positive(Code code) {
  return code == Code::success || code == Code::compare_true || code == Code::compare_false ||
         code == Code::sasl_bind_in_progress;
}

Answer answer_of(const LdapResult& result) {
  Answer answer;
  answer.code = static_cast<int>(result.code);
  answer.positive = is_positive(result.code);
  // RFC 4511 §A.2: "try again", never "no".
  answer.throttled = result.code == Code::busy || result.code == Code::unavailable;
  answer.text = printable(
      fmt::format("{} ({}) {}", to_string(result.code), answer.code, result.diagnostic), 200);
  return answer;
}

Answer malformed(std::string_view what) {
  Answer answer;
  answer.stop = Stop::malformed;
  answer.text = fmt::format("not an LDAP response: {}", what);
  return answer;
}

/// RFC 4511 §4.4.1: the server is about to close, whatever else was asked.
Answer disconnected(const LdapResult& result) {
  Answer answer = answer_of(result);
  answer.stop = Stop::closed;
  answer.positive = false;
  answer.text.insert(0, "notice of disconnection: ");
  return answer;
}

Answer unasked(Answer answer, std::int32_t id) {
  answer.unasked = true;
  answer.text += fmt::format(" with message id {}, which nobody asked for here", id);
  return answer;
}

}  // namespace

Bytes LdapDialogue::composed(LdapOperation operation) {
  return encode_ldap({.id = ++last_id_, .op = std::move(operation)});
}

Task<Answer> LdapDialogue::request(LdapOperation operation) {
  return ask(composed(std::move(operation)));
}

Bytes LdapDialogue::upgrade_request() {
  return encode_ldap(ldap_extended(++last_id_, ldap::kStartTls));
}

Task<Answer> LdapDialogue::ask_for_upgrade() {
  for (int tries = 1;; ++tries) {
    const Answer answer = co_await ask(upgrade_request());
    const bool outstanding = answer.came() && refuses_by_text(answer) && !link().secured();
    if (!outstanding || tries == kUpgradeTries) co_return answer;
    co_await probe().loop().sleep_until(Clock::now() + kOperationEnds);
  }
}

Task<Answer> LdapDialogue::answer_to_last() {
  if (!asked_.empty()) bring_forward(asked_.back().id);
  return answer();
}

Task<Answer> LdapDialogue::any_answer() {
  any_order_ = true;
  Answer next = co_await answer();
  any_order_ = false;
  co_return next;
}

void LdapDialogue::bring_forward(std::int32_t id) {
  const auto found = std::ranges::find(asked_, id, &Asked::id);
  if (found != asked_.end()) std::rotate(asked_.begin(), found, found + 1);
}

/// A search of the root DSE that wants no attribute (RFC 4511 §4.5.1.8).
Bytes LdapDialogue::canary() { return encode_ldap(ldap_read_entry(++last_id_, "", {"1.1"})); }

std::vector<Bytes> LdapDialogue::errand() {
  return {encode_ldap(ldap_read_entry(++last_id_, probe().account().bind_dn, {"1.1"}))};
}

Bytes LdapDialogue::capability_request() {
  return encode_ldap(ldap_read_entry(++last_id_, "", {std::begin(kRootDse), std::end(kRootDse)}));
}

/// An extended operation that nobody has.
Bytes LdapDialogue::unknown_command() {
  const std::uint64_t number = probe().entropy().next();
  return encode_ldap(ldap_extended(++last_id_, fmt::format("{}{}", ldap::kUuidArc, number)));
}

Bytes LdapDialogue::goodbye() { return encode_ldap(ldap_unbind(++last_id_)); }

/// RFC 4511 §4.14.1: operationsError.
bool LdapDialogue::refuses_by_text(const Answer& answer) const {
  return answer.code == static_cast<int>(Code::operations_error);
}

void LdapDialogue::sent(View octets) {
  append(unfinished_, octets);
  for (;;) {
    const MessageFront front = front_message(unfinished_, probe().budget().reply_octets);
    if (front.kind == MessageFront::Kind::incomplete) return;
    if (front.kind != MessageFront::Kind::complete) return unfinished_.clear();
    const LdapDecoded request = decode_ldap(View(unfinished_).first(front.size));
    drop_front(unfinished_, front.size);
    if (!request) continue;
    const LdapOp op = op_of(*request);
    if (response_to(op)) asked_.push_back({request->id, op});
  }
}

const LdapDialogue::Asked* LdapDialogue::asked(std::int32_t id) const {
  const auto found = std::ranges::find(asked_, id, &Asked::id);
  return found == asked_.end() ? nullptr : &*found;
}

Task<Answer> LdapDialogue::answer(Deadline deadline) {
  for (;;) {
    if (auto whole = parsed()) co_return std::move(*whole);
    Answer stopped = co_await more(deadline);
    if (!stopped.came()) co_return stopped;
  }
}

std::optional<Answer> LdapDialogue::parsed() {
  for (;;) {
    if (any_order_ && !early_.empty()) bring_forward(early_.begin()->first);
    if (!asked_.empty()) {
      if (auto came = early_.extract(asked_.front().id)) return hand_over(std::move(came.mapped()));
    }
    const MessageFront front = front_message(input_, probe().budget().reply_octets);
    if (front.kind == MessageFront::Kind::incomplete) return std::nullopt;
    if (front.kind == MessageFront::Kind::too_long) return malformed("longer than is taken");
    if (front.kind == MessageFront::Kind::malformed) return malformed("no LDAPMessage");
    LdapDecoded decoded = decode_ldap(View(input_).first(front.size));
    drop_front(input_, front.size);
    if (!decoded) return malformed(decoded.failed_field);
    if (auto whole = take(std::move(*decoded.message))) return whole;
  }
}

/// Nothing where the message is a part of an answer, or an answer whose turn has not come.
std::optional<Answer> LdapDialogue::take(LdapMessage message) {
  const LdapOp op = op_of(message);
  if (!is_response(op)) return malformed("a request");
  const LdapResult* result = result_of(message);
  if (message.id == 0) {
    if (!is_notice_of_disconnection(message)) return std::nullopt;  // RFC 4511 §4.4: to be ignored
    return disconnected(*result);
  }
  const Asked* request = asked(message.id);
  if (request == nullptr) {
    Answer answer = result == nullptr ? answer_of(LdapResult{}) : answer_of(*result);
    return unasked(std::move(answer), message.id);
  }
  if (result == nullptr) return collect(std::move(message));
  if (response_to(request->op) != op) return malformed("a response to another operation");
  const std::int32_t id = message.id;
  Came came{answer_of(*result), std::move(message)};
  if (any_order_) bring_forward(id);
  if (id == asked_.front().id) return hand_over(std::move(came));
  early_.insert_or_assign(id, std::move(came));
  return std::nullopt;
}

std::optional<Answer> LdapDialogue::collect(LdapMessage message) {
  auto* entry = std::get_if<LdapSearchEntry>(&message.op);
  if (entry == nullptr) return std::nullopt;  // references and intermediate responses
  if (++held_ > probe().budget().reply_lines) return malformed("more entries than are taken");
  found_[message.id].push_back(std::move(*entry));
  return std::nullopt;
}

/// The answer to the request that is next.
Answer LdapDialogue::hand_over(Came came) {
  const auto found = found_.extract(asked_.front().id);
  entries_ = found ? std::move(found.mapped()) : std::vector<LdapSearchEntry>{};
  held_ -= entries_.size();
  asked_.pop_front();
  response_ = std::move(came.message);
  return std::move(came.answer);
}

Task<Answer> LdapDialogue::log_in() {
  const Account& account = probe().account();
  return ask(encode_ldap(ldap_simple_bind(++last_id_, account.bind_dn, account.password)));
}

Task<std::optional<Answer>> LdapDialogue::list_capabilities() {
  Answer listed = co_await ask(capability_request());
  if (!listed.came() || listed.throttled) co_return listed;
  capabilities_.clear();
  // RFC 4513 §5.2.1.5: servers should let everybody read it; those that do not say so by a result.
  for (const LdapSearchEntry& entry : entries_) {
    for (const LdapAttribute& attribute : entry.attributes) {
      const auto* known =
          std::ranges::find(kRootDse, canonical_type(attribute.type), canonical_type);
      const std::string_view type = known == std::end(kRootDse) ? attribute.type : *known;
      for (const std::string& value : attribute.values) {
        capabilities_.push_back(printable(fmt::format("{}: {}", type, value), 200));
      }
    }
  }
  co_return std::nullopt;
}

std::size_t LdapDialogue::upgrade_listed() const {
  const std::string line = fmt::format("{}: {}", kExtensions, ldap::kStartTls);
  return static_cast<std::size_t>(std::ranges::count(capabilities_, line));
}

/// RFC 4511 §4.3: behind an unbind the server closes; until then everything that it acted on has
/// its answer.
Task<bool> LdapDialogue::owes_nothing() {
  say(goodbye());
  const Answer last = co_await answer();
  co_return !last.came();
}

ClearWord LdapDialogue::read_clear(View octets) const {
  const MessageFront front = front_message(octets, probe().budget().reply_octets);
  if (front.kind == MessageFront::Kind::incomplete) return ClearWord::incomplete;
  if (front.kind != MessageFront::Kind::complete) return ClearWord::no;
  const LdapDecoded decoded = decode_ldap(octets.first(front.size));
  if (!decoded) return ClearWord::no;
  const LdapResult* result = result_of(*decoded);
  // An entry is as good as a result.
  const bool yes = result == nullptr ? is_response(op_of(*decoded)) : is_positive(result->code);
  return yes && decoded->id != 0 ? ClearWord::yes : ClearWord::no;
}

Bytes LdapDialogue::take_unused() {
  asked_.clear();
  early_.clear();
  found_.clear();
  held_ = 0;
  unfinished_.clear();
  return std::exchange(input_, {});
}

Task<std::unique_ptr<LdapDialogue>> greeted_ldap(Probe& probe) {
  auto dialogue = co_await greeted(probe);
  co_return speaking<LdapDialogue>(std::move(dialogue));
}

Task<std::unique_ptr<LdapDialogue>> secured_ldap(Probe& probe) {
  auto dialogue = co_await secured(probe);
  co_return speaking<LdapDialogue>(std::move(dialogue));
}

}  // namespace assay
