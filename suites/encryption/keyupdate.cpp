// RFC 8446 §4.6.3: new keys, one direction at a time.
#include "harness/wire/session.h"
#include "suites/engine_talk.h"
#include "suites/suites.h"

#include <fmt/format.h>

namespace assay::suites {
namespace {

constexpr Ending kOldKeyTaken{"old_key_taken"};
constexpr Ending kDataBeforeUpdate{"data_before_key_update"};
constexpr Ending kUnderOldKeys{"answered_under_old_keys"};
constexpr Ending kUnderUnknownKeys{"answered_under_unknown_keys"};
constexpr Ending kAsksBack{"asks_for_an_update_in_turn"};

/// What came of the subject since an update was asked for.
struct Seen {
  bool asked = false;
  bool update = false;
  bool asks_back = false;
  bool data_first = false;
};

void watch(engine::Config& offer, Seen& seen) {
  offer.reception.record = [&seen](Opened& record, const engine::Exchange&) {
    const bool data = record.type == static_cast<std::uint8_t>(ContentType::application_data);
    if (seen.asked && !seen.update && data && !record.content.empty()) seen.data_first = true;
  };
  offer.reception.message = [&seen](Bytes& message, const engine::Exchange&) {
    if (!seen.asked || message[0] != static_cast<std::uint8_t>(HandshakeType::key_update)) return;
    const auto update = decode<KeyUpdate>(View(message).subspan(4));
    seen.update = true;
    seen.asks_back = update && update->request_update == KeyUpdateRequest::update_requested;
  };
}

Ending ending_of_marker(const MarkerResult& marker) {
  if (marker.answered) return ending::carried_on;
  return marker.first.came() ? ending::unexpected_reply : ending_of(marker.first);
}

Ending answer_to_request(const MarkerResult& marker, const Seen& seen) {
  if (seen.data_first) return kDataBeforeUpdate;
  if (marker.first.stop == Stop::refused_by_us) {
    return seen.update ? kUnderOldKeys : kUnderUnknownKeys;
  }
  if (marker.answered && seen.asks_back) return kAsksBack;
  return ending_of_marker(marker);
}

/// RFC 8446 §4.6.3: an answer of its own before its next application data.
Task<Ending> requested(Probe& probe) {
  Seen seen;
  engine::Config offer = probe.engine_offer();
  watch(offer, seen);
  const Engaged met = co_await settled(probe, std::move(offer));
  if (!met.secured) co_return probe.lost();
  for (const std::size_t requests : {std::size_t{1}, std::size_t{2}}) {
    seen = {.asked = true};
    for (std::size_t i = 0; i < requests; ++i) met.end->wish(engine::Wish::update_keys_of_both);
    const MarkerResult marker = co_await met.dialogue->marker();
    const Ending ending = answer_to_request(marker, seen);
    probe.part(requests == 1 ? "one_request" : "two_requests", ending);
    if (ending != ending::carried_on) co_return probe.worst();
  }
  met.dialogue->leave();
  co_return probe.worst();
}

Task<Ending> not_requested(Probe& probe) {
  Seen seen;
  engine::Config offer = probe.engine_offer();
  watch(offer, seen);
  const Engaged met = co_await settled(probe, std::move(offer));
  if (!met.secured) co_return probe.lost();
  seen.asked = true;
  met.end->wish(engine::Wish::update_keys);
  const MarkerResult marker = co_await met.dialogue->marker();
  if (seen.update) probe.note("the subject updates its own keys as well");
  if (marker.answered) met.dialogue->leave();
  co_return ending_of_marker(marker);
}

/// The message without the keys.
engine::Flight update_alone() {
  engine::Flight flight;
  flight.push_back(engine::say(HandshakeType::key_update, [] {
    return encode(KeyUpdate{KeyUpdateRequest::update_not_requested});
  }));
  return flight;
}

Task<Ending> old_key_after(Probe& probe) {
  const Ending control = co_await not_requested(probe);
  if (control == ending::inconclusive || control == ending::throttled) co_return control;
  if (control != ending::carried_on) {
    co_return probe.inconclusive(
        fmt::format("a KeyUpdate with data under the new key ended in {}", control.slug));
  }
  const Engaged met = co_await settled(probe, probe.engine_offer());
  if (!met.secured) co_return probe.lost();
  met.end->say(update_alone());
  const MarkerResult marker = co_await met.dialogue->marker();
  co_return marker.first.came() ? kOldKeyTaken : ending_of(marker.first);
}

constexpr Check kChecks[] = {
    {.id = "encryption.keyupdate.requested",
     .title = "A KeyUpdate that asks for another is answered before the next data",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.6.3", "RFC 9846 §4.7.3"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .run = requested,
     .steps = "Inside TLS 1.3: KeyUpdate(update_requested), then a harmless command under the new "
              "key; then two such requests in a row and a command.",
     .accepts = {ending::carried_on},
     .breakers = {{"ignores_key_update_request", kDataBeforeUpdate},
                  {"keeps_write_keys", kUnderOldKeys}},
     .liberties = {{"serves_by_engine", ending::carried_on},
                   {"coalesces_key_updates", ending::carried_on}}},
    {.id = "encryption.keyupdate.old_key_after",
     .title = "Data under the old key behind a KeyUpdate is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.6.3", "RFC 8446 §5.2", "RFC 9846 §4.7.3", "RFC 9846 §5.2"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .run = old_key_after,
     .steps = "Inside TLS 1.3: KeyUpdate(update_not_requested), then a harmless command under the "
              "old key. Its control is the same with the new key.",
     .accepts = {kBadRecordMac},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"opens_under_old_keys", kOldKeyTaken}},
     .liberties = {{"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "encryption.keyupdate.not_requested",
     .title = "A KeyUpdate is followed: what comes behind it is read under the next key",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.6.3", "RFC 9846 §4.7.3"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .run = not_requested,
     .steps = "Inside TLS 1.3: KeyUpdate(update_not_requested), then a harmless command under the "
              "new key.",
     .accepts = {ending::carried_on},
     .breakers = {{"ignores_key_update", kBadRecordMac}},
     .liberties = {{"updates_keys_itself", ending::carried_on}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> keyupdate() { return kChecks; }

}  // namespace assay::suites
