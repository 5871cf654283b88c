// Fuzz target tls_record: a stream taken apart into records, and records opened. The first octet
// names what is done (the letters of `examine`), the second seeds the cuts or chooses the keys, the
// rest is the stream or the record.
#include "fuzz/pieces.h"
#include "fuzz/target.h"
#include "harness/crypto/record_keys.h"
#include "harness/wire/describe.h"
#include "harness/wire/record.h"

#include <algorithm>
#include <array>
#include <memory>

namespace assay::fuzz {
namespace {

struct Stream {
  std::vector<Bytes> records;
  RecordSplitter::State state = RecordSplitter::State::reading;
  Bytes rest;
  bool operator==(const Stream&) const = default;
};

void examine_record(const Record& record, std::size_t limit) {
  require(record.fragment().size() == record.header.length, "a record is as long as it says");
  require(record.header.length <= limit, "and no longer than it may be");
  require(read_record_header(record.octets) == record.header, "its header is told alike twice");
  require(compose_record(record.header.type, record.fragment(),
                         record.header.legacy_record_version) == record.octets,
          "a record is put together as it was taken apart");
  const std::string described = describe(record);
  // A message takes four octets at least, and no name more than 23 of them and what is between.
  require(!described.empty() && described.size() <= 80 + 7 * record.fragment().size(),
          "a description is bounded");
  require(std::ranges::all_of(described, [](char c) { return c >= ' ' && c <= '~'; }),
          "a description can be shown");
}

Stream take_apart(const std::vector<View>& parts, std::size_t limit) {
  RecordSplitter splitter(limit);
  Stream stream;
  std::size_t waiting = 0;
  for (const View part : parts) {
    splitter.feed(part);
    waiting += part.size();
    while (auto record = splitter.next()) {
      waiting -= record->octets.size();
      stream.records.push_back(std::move(record->octets));
    }
    require(
        splitter.state() != RecordSplitter::State::reading || waiting < limit + kRecordHeaderSize,
        "what waits for its rest is shorter than a record may be");
  }
  stream.state = splitter.state();
  stream.rest = splitter.take_rest();
  require(stream.rest.size() == waiting, "what is no record is given back");
  require(!splitter.next() && splitter.take_rest().empty(), "and leaves nothing");
  return stream;
}

void examine_splitter(View octets, std::uint8_t seed) {
  const auto parts = pieces(octets, seed);
  constexpr std::size_t kNarrow = 64;
  const std::size_t limit = (seed & 4U) != 0 ? kNarrow : kMaxCiphertext12;
  const Stream whole = take_apart({octets}, limit);
  require(take_apart(parts, limit) == whole, "records do not depend on the cuts");
  require(!begins_like_record(octets) || whole.state != RecordSplitter::State::not_tls ||
              !whole.records.empty(),
          "what begins like a record is taken for one");
  Bytes again;
  for (const Bytes& octets_of : whole.records) {
    const auto header = read_record_header(octets_of);
    require(header.has_value(), "a record has a header");
    examine_record({*header, octets_of}, limit);
    append(again, octets_of);
  }
  append(again, whole.rest);
  require(equal(again, octets), "records and rest are the stream");
}

// --- protection ----------------------------------------------------------------------------------

struct Way {
  std::uint16_t suite;
  MacOrder order = MacOrder::mac_then_encrypt;
};
constexpr Way kWays[] = {
    {0x1301}, {0x1302},
    {0x1303}, {0x1304},
    {0x1305}, {0xc02b},
    {0xcca9}, {0xc0ae},
    {0xc009}, {0xc009, MacOrder::encrypt_then_mac},
    {0xc024}, {0xc024, MacOrder::encrypt_then_mac},
    {0xc008}, {0xc006},
};

RecordKeys keys_of(const Way& way) {
  const CipherSuite& suite = *find_suite(way.suite);
  const Bytes secret(size_of(suite.hash), 0x5a);
  if (suite.tls13) return RecordKeys::of_traffic_secret(suite, secret);
  const Bytes master(48, 0x4d);
  const Bytes random(32, 0x52);
  return RecordKeys::of_master_secret(suite, {master, random, random}, Writer::client, way.order);
}

/// Made once: what is under test is the opening.
const RecordKeys& keys_for(std::uint8_t choice) {
  static const std::vector<RecordKeys> kKeys = [] {
    std::vector<RecordKeys> keys;
    for (const Way& way : kWays) keys.push_back(keys_of(way));
    return keys;
  }();
  return kKeys[choice % kKeys.size()];
}

void require_bounded(const std::optional<Opened>& opened, View record) {
  require(!opened || opened->content.size() + opened->padding <= record.size(),
          "what is opened is no longer than it came");
}

/// All the ways to look at a record. A fuzzer sees what its octets are compared with, so it can
/// forge a MAC: that one does not verify is for records to say that were altered.
void examine_open(const RecordKeys& keys, View record, std::uint64_t sequence) {
  require_bounded(keys.open(record, sequence), record);
  if (const RecordProtection* aead = keys.aead()) {
    const std::size_t tag = aead->suite().tag_size();
    require_bounded(aead->open_unverified(record, sequence), record);
    require_bounded(aead->open_by({tag, 0}, record, sequence), record);
    require_bounded(aead->open_by({tag / 2, 0}, record, sequence), record);
    return;
  }
  for (const CbcNeglect neglect : {CbcNeglect::padding, CbcNeglect::mac, CbcNeglect::both}) {
    require_bounded(keys.cbc()->open_neglecting(neglect, record, sequence), record);
  }
}

/// `octets`: the type of the record, the place that is altered, two octets each, and the fragment.
void examine_protection(View octets, std::uint8_t choice) {
  if (octets.size() < 4) return;
  const RecordKeys& keys = keys_for(choice);
  const auto type = static_cast<ContentType>(octets[0]);
  const std::uint64_t sequence = octets[1];
  const std::size_t place = static_cast<std::size_t>(octets[2]) << 8 | octets[3];
  const View fragment = octets.subspan(4);
  examine_open(keys, compose_record(type, fragment), sequence);

  const Opened honest = {
      octets[0], bytes_of(fragment.first(std::min<std::size_t>(fragment.size(), kMaxPlaintext))),
      keys.suite()->tls13 ? place % 64 : 0};
  if (honest.type == 0) return;
  Bytes sealed = keys.seal(honest, sequence);
  const auto header = read_record_header(sealed);
  require(header && header->length + kRecordHeaderSize == sealed.size(), "a sealed record is one");
  const auto opened = keys.open(sealed, sequence);
  require(opened && opened->type == honest.type && opened->content == honest.content,
          "what is sealed is opened");
  require(keys.cbc() != nullptr || opened->padding == honest.padding, "padding and all");
  require(!keys.open(sealed, sequence + 1), "and not out of its turn");
  const std::size_t at = place % sealed.size();
  if (at == 3 || at == 4) return;  // a length that is wrong makes no whole record
  sealed[at] ^= static_cast<std::uint8_t>(1U << (sequence % 8));
  require(!keys.open(sealed, sequence), "a record that was altered is not opened");
  examine_open(keys, sealed, sequence);
}

void examine(std::uint8_t what, std::uint8_t choice, View octets) {
  switch (what) {
    case 'S':
      return examine_splitter(octets, choice);
    case 'P':
      return examine_protection(octets, choice);
    default:
      return;
  }
}

}  // namespace
}  // namespace assay::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return -1;
  assay::fuzz::examine(data[0], data[1], assay::View(data + 2, size - 2));
  return 0;
}
