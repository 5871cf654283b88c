// Faults and liberties of a server's records, alerts and heartbeats that only our own engine can
// show.
#include "harness/engine/config.h"
#include "harness/wire/alert.h"
#include "suites/faults/faults.h"

namespace assay::faults {
namespace {

using engine::Exchange;

void on_engine(Faults& faults, void (*change)(engine::Config& config)) {
  faults.engine.push_back(change);
}

template <Sin... sins>
void takes(Faults& faults) {
  on_engine(faults, [](engine::Config& config) { (config.tolerated.set(sins), ...); });
}

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

/// RFC 8446 §6: an alert that ends nothing, in either version.
void take_for_warning(Opened& opened, const Exchange&) {
  const bool alert = opened.type == static_cast<std::uint8_t>(ContentType::alert);
  if (alert && opened.content.size() == 2 && opened.content[1] != alert::kCloseNotify) {
    opened.content = {1, alert::kUserCanceled};
  }
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
     .summary = "A record that does not verify is passed over",
     .apply = [](Faults& faults) { faults.tls.tolerated.set(Sin::bad_record_dropped); }},
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
};

}  // namespace

std::span<const NamedFault> engine_records() { return kFaults; }

}  // namespace assay::faults
