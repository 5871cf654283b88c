// RFC 8449 §4: record_size_limit.
#include "suites/engine_talk.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::suites {
namespace {

constexpr Ending kWithinLimit{"within_limit"};
constexpr Ending kBeyondLimit{"beyond_limit"};

engine::Config offer_of(Probe& probe, std::uint16_t limit) {
  engine::Config offer = probe.engine_offer();
  offer.record_size_limit = limit;
  // What is too long is looked at, not refused.
  offer.tolerated = {Sin::plaintext_too_long};
  return offer;
}

/// Whether the subject knows it at all. Nothing: it does; else the ending of the check.
Task<std::optional<Ending>> unanswered(Probe& probe) {
  const Tried control = co_await try_engine(probe, offer_of(probe, kMaxPlaintext));
  if (!control.began) co_return control.ending;
  if (control.ending != ending::carried_on) {
    co_return probe.inconclusive(
        fmt::format("a hello with record_size_limit 16384 ended in {}", control.ending.slug));
  }
  if (answered_extension(control.exchange, extension::kRecordSizeLimit)) co_return std::nullopt;
  co_return probe.inapplicable("record_size_limit is not answered");
}

/// The longest plaintext of a protected record, as the version counts it.
void measure(engine::Config& offer, std::size_t& longest) {
  offer.reception.record = [&longest](Opened& record, const engine::Exchange& exchange) {
    const auto type = static_cast<ContentType>(record.type);
    const bool newest = exchange.version == TlsVersion::tls13;
    // In TLS 1.2 there is but a Finished under keys that is no application data.
    const bool is_protected = newest ? !exchange.secrets.server_handshake.empty() &&
                                           type != ContentType::change_cipher_spec
                                     : type == ContentType::application_data;
    if (!is_protected) return;
    const std::size_t size = record.content.size() + (newest ? record.padding + 1 : 0);
    longest = std::max(longest, size);
  };
}

/// Nothing: the subject does not agree on a limit so small, and owes nothing then.
Task<std::optional<Ending>> under_limit(Probe& probe, std::uint16_t limit) {
  std::size_t longest = 0;
  engine::Config offer = offer_of(probe, limit);
  measure(offer, longest);
  const Engaged met = co_await settled(probe, std::move(offer));
  if (!met.dialogue) co_return probe.lost();
  const bool agreed =
      answered_extension(met.end->exchange(), extension::kRecordSizeLimit).has_value();
  if (!agreed && met.secured) {
    probe.note(fmt::format("a limit of {} is not answered", limit));
    co_return std::nullopt;
  }
  if (longest > limit) {
    probe.note(fmt::format("a record of {} octets under a limit of {}", longest, limit));
    co_return kBeyondLimit;
  }
  if (!met.dialogue->link().agreement()) co_return ending_of(met.dialogue->handshake_event());
  if (!met.secured) co_return probe.lost();
  const MarkerResult marker = co_await met.dialogue->marker();
  if (longest > limit) co_return kBeyondLimit;
  if (!marker.answered) co_return ending_of(marker.first);
  met.dialogue->leave();
  co_return kWithinLimit;
}

Task<Ending> rsl_honoured(Probe& probe) {
  const auto without = co_await unanswered(probe);
  if (without) co_return *without;
  for (const std::uint16_t limit : {std::uint16_t{64}, std::uint16_t{65}, std::uint16_t{512}}) {
    const auto ending = co_await under_limit(probe, limit);
    if (ending) probe.part(fmt::format("limit_{}", limit), *ending);
  }
  if (probe.parts().empty()) co_return probe.inapplicable("no small limit is answered");
  co_return probe.worst();
}

Task<Ending> try_limits(Probe& probe, std::vector<std::uint16_t> limits) {
  const auto without = co_await unanswered(probe);
  if (without) co_return *without;
  for (const std::uint16_t limit : limits) {
    const Tried tried = co_await try_engine(probe, offer_of(probe, limit));
    probe.part(fmt::format("limit_{}", limit), tried.ending);
  }
  co_return probe.worst();
}

Task<Ending> rsl_too_small(Probe& probe) {
  std::vector<std::uint16_t> limits = {63, 1, 0};
  return try_limits(probe, std::move(limits));
}

Task<Ending> rsl_above_max(Probe& probe) {
  std::vector<std::uint16_t> limits = {16385, 65535};
  return try_limits(probe, std::move(limits));
}

constexpr Scope kScope{.version = VersionScope::each, .layer = Layer::tls};
// libssl of OpenSSL 3.0 does not know the extension.
constexpr Setup kSetup{.engine = true};

constexpr Check kChecks[] = {
    {.id = "negotiation.limit.rsl_honoured",
     .title = "No protected record is longer than the client's record_size_limit",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8449 §4"},
     .scope = kScope,
     .setup = kSetup,
     .run = rsl_honoured,
     .steps = "For 64, 65 and 512: a ClientHello with that record_size_limit, then the list of "
              "capabilities. Every protected record is measured; in TLS 1.3 its type and padding "
              "count. A limit that is not answered binds nobody.",
     .accepts = {kWithinLimit},
     .breakers = {{"joins_records", kBeyondLimit}}},
    {.id = "negotiation.limit.rsl_too_small",
     .title = "A record_size_limit below 64 is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8449 §4"},
     .scope = kScope,
     .setup = kSetup,
     .run = rsl_too_small,
     .steps = "A ClientHello with record_size_limit 63, 1 and 0; its control has 16384.",
     .accepts = {kIllegalParameter},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_small_limit", ending::carried_on}},
     .liberties = {{"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "negotiation.limit.rsl_above_max",
     .title = "A record_size_limit beyond what the version has is no reason to refuse",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8449 §4"},
     .scope = kScope,
     .setup = kSetup,
     .run = rsl_above_max,
     .steps = "A ClientHello with record_size_limit 16385 and 65535; its control has 16384.",
     .accepts = {ending::carried_on},
     .breakers = {{"refuses_large_limit", kDecodeError}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> limit() { return kChecks; }

}  // namespace assay::suites
