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
  return keys_.seal({static_cast<std::uint8_t>(record.type), record.content, record.padding},
                    sequence);
}

void RecordReader::change_keys(RecordKeys keys) {
  keys_ = std::move(keys);
  sequence_ = 0;
}

std::optional<Opened> RecordReader::open(View record) {
  auto opened = keys_.open(record, sequence_);
  if (opened) ++sequence_;
  return opened;
}

}  // namespace assay::engine
