// The record layer of one end: what goes out is cut, protected and numbered, what comes in is
// opened. Knows keys and limits, nothing of messages. Used by the engine's core.
#pragma once

#include "harness/crypto/record_keys.h"
#include "harness/engine/flight.h"
#include "harness/wire/record.h"

namespace assay::engine {

/// Content cut into records of at most `limit` octets; an empty content is one empty record.
[[nodiscard]] std::vector<PlainRecord> cut(ContentType type, View content, std::size_t limit);

class RecordWriter {
 public:
  void change_keys(RecordKeys keys);
  [[nodiscard]] const RecordKeys& keys() const { return keys_; }
  [[nodiscard]] Bytes seal(const PlainRecord& record);

  /// Octets of content in a record: 2^14, or what was agreed (RFC 8449 §4, RFC 6066 §4).
  std::size_t limit = kMaxPlaintext;

 private:
  RecordKeys keys_;
  std::uint64_t sequence_ = 0;
};

class RecordReader {
 public:
  void change_keys(RecordKeys keys);
  [[nodiscard]] bool protects() const { return !now_.keys.clear(); }
  /// Nothing when it does not verify; its number is then not used up.
  [[nodiscard]] std::optional<Opened> open(View record);
  /// The same under the keys before these, which go on counting.
  [[nodiscard]] std::optional<Opened> open_as_before(View record);

 private:
  struct Counted {
    RecordKeys keys;
    std::uint64_t sequence = 0;
  };
  static std::optional<Opened> open_by(Counted& counted, View record);

  Counted now_;
  Counted before_;
};

}  // namespace assay::engine
