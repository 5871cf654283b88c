// Faults and liberties of a server's records, alerts and heartbeats that only our own engine can
// show.
#include "harness/engine/config.h"
#include "harness/wire/alert.h"
#include "suites/craft.h"
#include "suites/faults/engine_hooks.h"

#include <map>

namespace assay::faults {
namespace {

using engine::Exchange;

bool is_handshake(const Opened& opened) {
  return opened.type == static_cast<std::uint8_t>(ContentType::handshake);
}

/// RFC 8446 §5.1: an empty handshake record is refused.
void make_refusable(Opened& opened) { opened.content.clear(); }

void refuse_part_of_message(Opened& opened, const Exchange&) {
  if (!is_handshake(opened) || opened.content.empty()) return;
  View rest = opened.content;
  while (rest.size() >= 4) {
    const std::size_t size = 4 + (static_cast<std::size_t>(rest[1]) << 16 |
                                  static_cast<std::size_t>(rest[2]) << 8 | rest[3]);
    if (size > rest.size()) break;
    rest = rest.subspan(size);
  }
  if (!rest.empty()) make_refusable(opened);
}

/// Of what comes with the client's Finished the first record of the application is kept.
void lose_tail(Bytes& segment, const Exchange& told) {
  if (!told.client_verify_data.empty() || told.suite == 0) return;
  const bool newest = told.version == TlsVersion::tls13;
  RecordSplitter splitter(0xffff);
  splitter.feed(segment);
  Bytes kept;
  int room = newest ? 2 : 1;  // TLS 1.3: the first of that type is the Finished itself
  while (auto record = splitter.next()) {
    if (record->header.type == ContentType::application_data && --room < 0) break;
    append(kept, record->octets);
  }
  if (!kept.empty()) segment = std::move(kept);
}

/// Of several records in one segment those that verify are kept, in their turn.
void keep_good(Bytes& segment, const Exchange& told) {
  if (told.client_verify_data.empty()) return;
  const RecordKeys keys =
      told.version == TlsVersion::tls13
          ? RecordKeys::of_traffic_secret(*find_suite(told.suite), told.secrets.client_application)
          : suites::client_keys12(told, told.master_secret);
  RecordSplitter splitter(0xffff);
  splitter.feed(segment);
  std::map<std::uint64_t, Bytes> good;
  std::size_t records = 0;
  while (auto record = splitter.next()) {
    ++records;
    for (std::uint64_t number = 0; number < 64; ++number) {
      if (!keys.open(record->octets, number)) continue;
      good.emplace(number, std::move(record->octets));
      break;
    }
  }
  if (good.empty() || good.size() == records) return;
  segment.clear();
  for (const auto& each : good) append(segment, each.second);
}

/// RFC 8446 §6: an alert that ends nothing, in either version.
void take_for_warning(Opened& opened, const Exchange&) {
  const bool alert = opened.type == static_cast<std::uint8_t>(ContentType::alert);
  if (alert && opened.content.size() == 2 && opened.content[1] != alert::kCloseNotify) {
    opened.content = {1, alert::kUserCanceled};
  }
}

bool is_heartbeat(const Opened& opened) {
  return opened.type == static_cast<std::uint8_t>(ContentType::heartbeat);
}

/// RFC 6520 §4: a payload that is not there is taken from somewhere else.
void fill_heartbeat(Opened& opened, const Exchange&) {
  constexpr std::size_t kHead = 3;
  constexpr std::size_t kPadding = 16;
  Bytes& content = opened.content;
  if (!is_heartbeat(opened) || content.size() < kHead) return;
  const std::size_t claimed = static_cast<std::size_t>(content[1]) << 8 | content[2];
  const std::size_t wanted = kHead + claimed + kPadding;
  if (content.size() < wanted) content.resize(wanted, 'm');
}

/// A type that nobody knows.
void hide_heartbeat(Opened& opened, const Exchange&) {
  if (is_heartbeat(opened)) opened.type = 99;
}

constexpr NamedFault kFaults[] = {
    {.name = "takes_long_records",
     .summary = "Records are taken whatever their length",
     .apply = takes<Sin::ciphertext_too_long, Sin::plaintext_too_long>},
    {.name = "refuses_full_records",
     .summary = "A record with 2^14 octets in it, padding included, is refused",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) {
             config.reception.record = [](Opened& opened, const Exchange&) {
               if (opened.content.size() + opened.padding == kMaxPlaintext) {
                 opened.content.resize(kMaxPlaintext + 1);
               }
             };
           });
         }},
    {.name = "wants_whole_messages",
     .summary = "A record that holds a part of a handshake message is refused",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) {
             config.reception.record = refuse_part_of_message;
           });
         }},
    {.name = "refuses_tiny_records",
     .kind = NamedFault::Kind::liberty,
     .summary = "A handshake record of a single octet is refused",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) {
             config.reception.record = [](Opened& opened, const Exchange&) {
               if (is_handshake(opened) && opened.content.size() == 1) make_refusable(opened);
             };
           });
         }},
    {.name = "loses_tail_of_segment",
     .summary = "Of what comes in the segment of the client's Finished all but one record is lost",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) { config.reception.segment = lose_tail; });
         }},
    {.name = "misreads_partial_header",
     .summary = "A segment that is shorter than a record's header is taken for no record",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) {
             config.reception.segment = [](Bytes& segment, const Exchange&) {
               if (segment.size() < kRecordHeaderSize) segment.assign(kRecordHeaderSize, 0);
             };
           });
         }},
    {.name = "drops_bad_records",
     .summary = "A record that does not verify is passed over when good ones come behind it",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) { config.reception.segment = keep_good; });
         }},
    {.name = "takes_replays",
     .summary = "A record that comes again is taken again",
     .apply = [](Faults& faults) { faults.tls.tolerated.set(Sin::record_replayed); }},
    {.name = "takes_fatal_alert_for_warning",
     .summary = "A fatal alert ends nothing",
     .apply =
         [](Faults& faults) {
           on_engine(faults,
                     [](engine::Config& config) { config.reception.record = take_for_warning; });
         }},
    {.name = "echoes_memory",
     .summary = "A heartbeat is answered with as much as it claims to have brought",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) {
             config.tolerated.set(Sin::plaintext_too_long);
             config.reception.record = fill_heartbeat;
           });
         }},
    {.name = "answers_any_heartbeat",
     .summary = "Heartbeats are answered though nobody agreed on them",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) {
             config.heartbeat = true;
             config.tolerated.set(Sin::record_type_unknown);
           });
         }},
    {.name = "passes_over_unknown_records",
     .kind = NamedFault::Kind::liberty,
     .summary = "Records of a type that was not agreed on are passed over",
     .apply = takes<Sin::record_type_unknown>},
    {.name = "refuses_heartbeats",
     .kind = NamedFault::Kind::liberty,
     .summary = "Heartbeats are agreed on, and each is refused by unexpected_message",
     .apply =
         [](Faults& faults) {
           on_engine(faults,
                     [](engine::Config& config) { config.reception.record = hide_heartbeat; });
         }},
    {.name = "closes_on_heartbeats",
     .kind = NamedFault::Kind::liberty,
     .summary = "Heartbeats are agreed on, and each ends the connection without an alert",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) {
             config.reception.record = hide_heartbeat;
             config.emission.flight = [](engine::Flight& flight, const Exchange&) {
               std::erase_if(flight, is_fatal_alert);
             };
           });
         }},
};

}  // namespace

std::span<const NamedFault> engine_records() { return kFaults; }

}  // namespace assay::faults
