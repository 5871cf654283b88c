// RFC 6066 §3: names that a server has not, lists that are none, two names of one type.
#include "suites/negotiation/hello_talk.h"
#include "suites/suites.h"

#include <algorithm>

namespace assay::suites {
namespace {

constexpr Ending kUnrecognizedName{"alert_unrecognized_name"};
constexpr Ending kWarned{"warned_and_carried_on"};
constexpr Ending kUnstable{"answers_differ"};
constexpr Ending kMalformedTaken{"malformed_name_taken"};
constexpr Ending kNameCut{"name_cut_at_nul"};
constexpr Ending kDefaultShown{"default_certificate"};
constexpr Ending kFirstUsed{"first_name_used"};
constexpr Ending kLastUsed{"last_name_used"};

constexpr std::string_view kNobody = "nosuch.invalid";  // RFC 6761 §6.4

/// RFC 6066 §3 advises against a warning: it is seen by its octets.
Task<Ending> ask_for_nobody(Probe& probe, std::uint8_t last_of_random) {
  bool warned = false;
  engine::Config offer =
      offer_with(probe, [last_of_random](ClientHello& hello, const engine::Exchange&) {
        hello.random.back() = last_of_random;
      });
  offer.server_name = kNobody;
  offer.reception.record = [&warned](Opened& opened, const engine::Exchange&) {
    const bool alert = opened.type == static_cast<std::uint8_t>(ContentType::alert);
    if (alert && equal(opened.content, Bytes{1, alert::kUnrecognizedName})) warned = true;
  };
  const Tried tried = co_await try_engine(probe, std::move(offer));
  co_return warned&& tried.ending == ending::carried_on ? kWarned : tried.ending;
}

Task<Ending> unknown_name(Probe& probe) {
  const auto trouble = co_await without_control(probe, probe.engine_offer());
  if (trouble) co_return *trouble;
  const Ending first = co_await ask_for_nobody(probe, 0);
  if (first == ending::hang) co_return first;
  const Ending again = co_await ask_for_nobody(probe, 1);
  if (again == ending::inconclusive) co_return again;
  co_return first == again ? first : kUnstable;
}

Bytes list_of(const std::vector<std::string>& names) {
  ServerNameList list;
  for (const std::string& name : names) list.server_name_list.push_back({0, bytes_of(name)});
  return encode(list);
}

Task<Tried> try_name_list(Probe& probe, Bytes list) {
  engine::Config offer = offer_with(probe, [&list](ClientHello& hello, const engine::Exchange&) {
    set_extension(hello.extensions, extension::kServerName, list);
  });
  co_return co_await try_engine(probe, std::move(offer));
}

Bytes leaf_of(const Tried& tried) {
  return tried.agreement.peer_chain.empty() ? Bytes() : tried.agreement.peer_chain.front();
}

/// The certificates of the name that the endpoint goes by, and of another that it has one for.
struct Shown {
  std::string other_name;  // empty: none is known
  Bytes own;
  Bytes other;
  bool reads_names = false;  // seen by the certificates, or because it says so
  std::optional<Ending> trouble;
};

bool acknowledges(const engine::Exchange& exchange) {
  const auto hello = server_hello(exchange);
  if (hello && hello->find(extension::kServerName) != nullptr) return true;
  const engine::Said* said = exchange.last(HandshakeType::encrypted_extensions);
  if (said == nullptr) return false;
  const auto message = decode<EncryptedExtensions>(said->body());
  return message && find_extension(message->extensions, extension::kServerName) != nullptr;
}

Task<Shown> look_at_names(Probe& probe) {
  Shown shown;
  const Tried own = co_await try_engine(probe, probe.engine_offer());
  if (own.ending != ending::carried_on) {
    shown.trouble =
        own.began ? probe.inconclusive("our own plain ClientHello is refused") : own.ending;
    co_return shown;
  }
  shown.own = leaf_of(own);
  shown.reads_names = acknowledges(own.exchange);
  if (probe.account().names.empty()) co_return shown;
  engine::Config offer = probe.engine_offer();
  offer.server_name = probe.account().names.front();
  const Tried other = co_await try_engine(probe, std::move(offer));
  shown.other = leaf_of(other);
  if (other.ending == ending::carried_on && !equal(shown.other, shown.own)) {
    shown.other_name = probe.account().names.front();
    shown.reads_names = true;
  }
  co_return shown;
}

struct Form {
  std::string name;
  Bytes list;
  bool malformed = true;  // else a name that is odd
};

std::vector<Form> forms_around(const std::string& known) {
  std::vector<Form> forms;
  forms.push_back({"empty_list", {0, 0}});
  forms.push_back({"empty_name", {0, 3, 0, 0, 0}});
  Bytes list = list_of({known});
  Bytes overrun = list;
  ++overrun[1];
  forms.push_back({"list_overrun", overrun});
  list.push_back(0);
  forms.push_back({"trailing_octet", list});
  using namespace std::string_literals;
  forms.push_back({"nul_in_name", list_of({known + "\0.nosuch.invalid"s}), false});
  forms.push_back({"name_of_300", list_of({std::string(300, 'a')}), false});
  forms.push_back({"name_of_60000", list_of({std::string(60000, 'a')}), false});
  return forms;
}

Task<Ending> malformed(Probe& probe) {
  const Shown shown = co_await look_at_names(probe);
  if (shown.trouble) co_return *shown.trouble;
  const std::string& sni = probe.endpoint().sni;
  const std::string known = !shown.other_name.empty() ? shown.other_name
                            : sni.empty()             ? std::string("localhost")
                                                      : sni;
  for (Form& form : forms_around(known)) {
    const Tried tried = co_await try_name_list(probe, std::move(form.list));
    Ending seen = tried.ending;
    const bool went_on = seen == ending::carried_on;
    if (went_on && form.malformed && shown.reads_names) seen = kMalformedTaken;
    const bool other = !shown.other_name.empty() && equal(leaf_of(tried), shown.other);
    if (went_on && !form.malformed && other) seen = kNameCut;
    probe.part(std::move(form.name), seen);
    if (seen == ending::hang) break;
  }
  co_return probe.worst();
}

Task<Ending> two_names(Probe& probe) {
  const Shown shown = co_await look_at_names(probe);
  if (shown.trouble) co_return *shown.trouble;
  if (shown.other_name.empty())
    co_return probe.inapplicable("both names of the account show the same certificate");
  const std::string& sni = probe.endpoint().sni;
  const std::string own = sni.empty() ? std::string(kNobody) : sni;
  // Who passes over both shows its own certificate in either order.
  const std::vector<std::string> other_last = {own, shown.other_name};
  const Tried last = co_await try_name_list(probe, list_of(other_last));
  const bool by_last = equal(leaf_of(last), shown.other);
  probe.part("other_name_last", last.ending != ending::carried_on ? last.ending
                                : by_last                         ? kLastUsed
                                                                  : kDefaultShown);
  const std::vector<std::string> other_first = {shown.other_name, own};
  const Tried first = co_await try_name_list(probe, list_of(other_first));
  const bool by_first = equal(leaf_of(first), shown.other);
  probe.part("other_name_first", first.ending != ending::carried_on ? first.ending
                                 : by_first                         ? kFirstUsed
                                                                    : kDefaultShown);
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    {.id = "negotiation.sni.unknown_name",
     .title = "A name that the server does not have is refused, or answered by the default "
              "certificate",
     .levels = {.all = Level::info},
     .component = Component::configuration,
     .sources = {"RFC 6066 §3", "RFC 9325 §3.7"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = unknown_name,
     .steps = "A ClientHello with server_name \"nosuch.invalid\", twice.",
     .accepts = {ending::carried_on, kUnrecognizedName, ending::another_alert,
                 ending::closed_without_alert},
     .weak = {kWarned},
     .breakers = {{"hangs_on_unknown_name", ending::hang},
                  {"refuses_unknown_name_at_times", kUnstable}},
     .liberties = {{"refuses_unknown_name", kUnrecognizedName},
                   {"refuses_unknown_name_otherwise", kHandshakeFailure},
                   {"closes_on_unknown_name", ending::closed_without_alert},
                   {"warns_of_unknown_name", kWarned, {}, TlsVersion::tls12}}},
    {.id = "negotiation.sni.malformed",
     .title = "A server_name that is not to be read is refused; an odd name is nobody's",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 6066 §3", "RFC 8446 §6", "RFC 9846 §6"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .traits = {Trait::intrusive},
     .setup = {.several_names = true, .engine = true},  // OpenSSL 3.0 takes an empty name
     .run = malformed,
     .steps = "A ClientHello whose server_name is an empty list, has an empty name, a list longer "
              "than there is, an octet behind it; then names with a NUL behind a known one, of 300 "
              "and of 60000 octets. A server that is never seen to read names may pass over them.",
     .accepts = {kDecodeError, kIllegalParameter, kUnrecognizedName, ending::carried_on,
                 ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_malformed_name", kMalformedTaken}, {"cuts_name_at_nul", kNameCut}},
     .liberties = {{"refuses_by_illegal_parameter", kIllegalParameter},
                   {"refuses_by_unrecognized_name", kUnrecognizedName},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert},
                   {"passes_over_names", ending::carried_on}}},
    {.id = "negotiation.sni.two_names",
     .title = "Of two names of one type none is used, or the hello is refused",
     .levels = {.all = Level::should},
     .component = Component::library,
     .sources = {"RFC 6066 §3"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .needs = {Need::several_names},
     .setup = {.several_names = true},
     .run = two_names,
     .steps = "A ClientHello with two host names that have certificates of their own, in either "
              "order; the certificate is compared with each name's.",
     .accepts = {kIllegalParameter, kDecodeError, kUnrecognizedName, ending::another_alert,
                 ending::closed_without_alert, kDefaultShown},
     .weak = {kFirstUsed},
     .breakers = {{"uses_last_name", kLastUsed}},
     .liberties = {{"refuses_by_illegal_parameter", kIllegalParameter},
                   {"refuses_by_decode_error", kDecodeError},
                   {"refuses_by_unrecognized_name", kUnrecognizedName},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert},
                   {"uses_first_name", kFirstUsed},
                   {"passes_over_two_names", kDefaultShown}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> server_name() { return kChecks; }

}  // namespace assay::suites
