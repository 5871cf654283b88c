#include "harness/engine/records.h"

#include <algorithm>
#include <utility>

namespace assay::engine {

std::vector<PlainRecord> cut(ContentType type, View content, std::size_t limit) {
  std::vector<PlainRecord> records;
  do {
    const View part = content.first(std::min(limit, content.size()));
    records.push_back({.type = type, .content = bytes_of(part)});
    content = content.subspan(part.size());
  } while (!content.empty());
  return records;
}

void RecordWriter::change_keys(RecordKeys keys) {
  keys_ = std::move(keys);
  sequence_ = 0;
}

Bytes RecordWriter::seal(const PlainRecord& record) {
  if (record.unprotected || keys_.clear()) {
    return compose_record(record.type, record.content, record.version);
  }
  const std::uint64_t sequence = record.sequence.value_or(sequence_);
  ++sequence_;
  const Opened what{static_cast<std::uint8_t>(record.type), record.content, record.padding};
  if (record.explicit_nonce && keys_.aead() != nullptr) {
    return keys_.aead()->seal(what, sequence,
                              {.explicit_nonce = record.explicit_nonce, .outer_type = {}});
  }
  return keys_.seal(what, sequence);
}

void RecordReader::change_keys(RecordKeys keys) {
  before_ = std::exchange(now_, Counted{std::move(keys), 0});
}

std::optional<Opened> RecordReader::open(View record) { return open_by(now_, record); }

std::optional<Opened> RecordReader::open_as_before(View record) {
  if (before_.keys.clear()) return std::nullopt;
  return open_by(before_, record);
}

std::optional<Opened> RecordReader::open_by(Counted& counted, View record) {
  auto opened = counted.keys.open(record, counted.sequence);
  if (opened) ++counted.sequence;
  return opened;
}

}  // namespace assay::engine
