// Faults and liberties of the records that a server writes, which only our own engine can show.
#include "suites/faults/engine_hooks.h"

#include <algorithm>

namespace assay::faults {
namespace {

using engine::Exchange;
using engine::PlainRecord;
using Records = std::vector<PlainRecord>;

template <void (*change)(Records& records, const Exchange& told)>
void writes(Faults& faults) {
  on_engine(faults, [](engine::Config& config) { config.emission.records = change; });
}

bool is_application_data(const PlainRecord& record) {
  return record.type == ContentType::application_data && !record.content.empty();
}

/// One octet more than a protected record of TLS 1.2 may have, whatever protects it.
void lengthen(Records& records, const Exchange&) {
  for (PlainRecord& record : records) {
    if (is_application_data(record)) record.content.resize(kMaxCiphertext12 + 1, '.');
  }
}

/// RFC 8446 §5.4: as much padding as there is room for.
void fill(Records& records, const Exchange& told) {
  if (told.version != TlsVersion::tls13) return;
  for (PlainRecord& record : records) {
    if (record.content.size() < kMaxPlaintext) {
      record.padding = kMaxPlaintext - record.content.size();
    }
  }
}

/// In TLS 1.2 alone: in TLS 1.3 nobody sees from outside what is in a record.
void add_empty(Records& records, const Exchange& told) {
  if (told.version != TlsVersion::tls12) return;
  if (records.empty() || records.back().type != ContentType::handshake) return;
  PlainRecord empty = records.back();
  empty.content.clear();
  records.push_back(std::move(empty));
}

void age(Records& records, const Exchange&) {
  for (PlainRecord& record : records) record.version = 0x0301;
}

/// An EncryptedExtensions behind the ServerHello, as it would be without keys.
void bare(Records& records, const Exchange& told) {
  const auto hello = std::ranges::find_if(records, [](const PlainRecord& record) {
    return record.type == ContentType::handshake &&
           is_message(record.content, HandshakeType::server_hello);
  });
  if (hello == records.end() || told.version != TlsVersion::tls13) return;
  PlainRecord extensions = *hello;
  extensions.content =
      compose_handshake(HandshakeType::encrypted_extensions, encode(EncryptedExtensions{}));
  records.push_back(std::move(extensions));
}

void speak_behind_close(Records& records, const Exchange&) {
  if (records.empty() || records.back().type != ContentType::alert) return;
  if (records.back().content != Bytes{1, alert::kCloseNotify}) return;
  PlainRecord more = records.back();
  more.type = ContentType::application_data;
  more.content = bytes_of(view_of("more"));
  records.push_back(std::move(more));
}

constexpr NamedFault kFaults[] = {
    {.name = "writes_long_records",
     .summary = "Records of the application are longer than any may be",
     .apply = writes<lengthen>},
    {.name = "writes_full_records",
     .kind = NamedFault::Kind::liberty,
     .summary = "Protected records of TLS 1.3 are padded to the last octet that they may have",
     .apply = writes<fill>},
    {.name = "writes_empty_fragments",
     .summary = "TLS 1.2: a handshake record with nothing in it comes behind each run of such "
                "records",
     .apply = writes<add_empty>},
    {.name = "writes_old_record_version",
     .summary = "Every record has the version of TLS 1.0",
     .apply = writes<age>},
    {.name = "writes_extensions_in_the_clear",
     .summary = "Behind a ServerHello of TLS 1.3 come extensions that nothing protects",
     .apply = writes<bare>},
    {.name = "speaks_behind_close_notify",
     .summary = "Behind close_notify comes application data",
     .apply = writes<speak_behind_close>},
};

}  // namespace

std::span<const NamedFault> engine_output() { return kFaults; }

}  // namespace assay::faults
