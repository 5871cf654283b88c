#include "harness/wire/record.h"

#include "harness/base/reader.h"

#include <stdexcept>
#include <utility>

namespace assay {
namespace {

bool is_known(std::uint8_t type) {
  return type >= static_cast<std::uint8_t>(ContentType::change_cipher_spec) &&
         type <= static_cast<std::uint8_t>(ContentType::heartbeat);
}

}  // namespace

std::optional<RecordHeader> read_record_header(View octets) {
  Reader reader(octets);
  RecordHeader header;
  header.type = static_cast<ContentType>(reader.u8("type"));
  header.legacy_record_version = reader.u16("legacy_record_version");
  header.length = reader.u16("length");
  if (!reader.ok()) return std::nullopt;
  return header;
}

Bytes compose_record(ContentType type, View fragment, std::uint16_t version) {
  if (fragment.size() > 0xffff) throw std::length_error("a record fragment over 65535 octets");
  Bytes record;
  record.reserve(kRecordHeaderSize + fragment.size());
  put_u8(record, static_cast<std::uint8_t>(type));
  put_u16(record, version);
  put_vector(record, 2, fragment);
  return record;
}

void RecordSplitter::feed(View octets) {
  drop_front(buffer_, std::exchange(at_, 0));
  append(buffer_, octets);
  judge();
}

std::optional<Record> RecordSplitter::next() {
  if (state_ != State::reading) return std::nullopt;
  const View rest = View(buffer_).subspan(at_);
  const auto header = read_record_header(rest);
  if (!header || rest.size() - kRecordHeaderSize < header->length) return std::nullopt;
  Record record{*header, bytes_of(rest.first(kRecordHeaderSize + header->length))};
  at_ += record.octets.size();
  any_record_ = true;
  if (at_ == buffer_.size()) {
    Bytes().swap(buffer_);  // an idle session keeps no buffer
    at_ = 0;
  }
  judge();
  return record;
}

Bytes RecordSplitter::take_rest() {
  drop_front(buffer_, std::exchange(at_, 0));
  return std::exchange(buffer_, {});
}

/// Looks at the header at hand. The first record must look like one in type and in major version;
/// later either will do, since one of the two may be wrong on purpose.
void RecordSplitter::judge() {
  const View rest = View(buffer_).subspan(at_);
  if (state_ != State::reading || rest.empty()) return;
  const bool type_fits = is_known(rest[0]);
  if (!any_record_ && !type_fits) {
    state_ = State::not_tls;
    return;
  }
  if (rest.size() < 2) return;
  const bool version_fits = rest[1] == 0x03;
  if (!version_fits && (!any_record_ || !type_fits)) {
    state_ = State::not_tls;
    return;
  }
  const auto header = read_record_header(rest);
  if (header && header->length > max_fragment_) state_ = State::too_large;
}

bool begins_like_record(View octets) {
  return octets.size() >= 2 &&
         octets[0] >= static_cast<std::uint8_t>(ContentType::change_cipher_spec) &&
         octets[0] <= static_cast<std::uint8_t>(ContentType::application_data) && octets[1] == 0x03;
}

}  // namespace assay
