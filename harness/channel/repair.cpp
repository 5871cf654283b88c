#include "harness/channel/repair.h"

#include "harness/wire/record.h"

#include <algorithm>
#include <utility>

namespace assay {
namespace {

constexpr std::uint64_t kWindow = 8;  // how far from its turn a record is looked for
constexpr std::size_t kRemembered = 2 * kWindow;
constexpr std::size_t kTellingOctets = 4;  // so many octets of a tag do not agree by chance

/// RFC 8446 §5.2: what may stand as the type inside a protected record.
bool is_inner_type(std::uint8_t type) {
  return type == static_cast<std::uint8_t>(ContentType::alert) ||
         type == static_cast<std::uint8_t>(ContentType::handshake) ||
         type == static_cast<std::uint8_t>(ContentType::application_data);
}

}  // namespace

RecordRepair::RecordRepair(Sins tolerated, RecordProtection protection, std::uint64_t next)
    : tolerated_(tolerated),
      protection_(std::move(protection)),
      expected_(next),
      honest_next_(next) {}

RecordRepair::Outcome RecordRepair::take(View record) {
  auto found = found_in_place(record);
  if (!found) found = found_elsewhere(record);
  if (!found && tolerated_.has(Sin::half_record_tag)) found = found_by_half_tag(record);
  if (!found && tolerated_.has(Sin::bad_record_tag)) found = found_without_tag(record);
  if (!found) {
    ++expected_;  // the peer has used this number up, whatever became of it
    if (tolerated_.has(Sin::bad_record_dropped)) return {};
    return {refusable(record), std::nullopt};
  }
  expected_ = std::max(expected_, found->number + 1);
  mark_taken(found->number);
  const std::uint64_t number = honest_next_++;
  if (found->verified && found->number == number) {
    return {bytes_of(record), std::move(found->opened)};
  }
  // Sealing twice under one number is no matter here: the record goes no further than this process.
  return {protection_.seal(found->opened, number), std::move(found->opened)};
}

/// After an earlier repair the honest end counts otherwise than the peer. A record out of its turn,
/// which is to be refused, must not fit there by chance.
Bytes RecordRepair::refusable(View record) const {
  Bytes same = bytes_of(record);
  if (protection_.open(record, honest_next_)) same.back() ^= 0x01;
  return same;
}

std::optional<RecordRepair::Finding> RecordRepair::found_in_place(View record) const {
  auto opened = protection_.open(record, expected_);
  if (!opened) return std::nullopt;
  return Finding{std::move(*opened), expected_, true};
}

std::optional<RecordRepair::Finding> RecordRepair::found_elsewhere(View record) const {
  const bool replays = tolerated_.has(Sin::record_replayed);
  const bool disorder = tolerated_.has(Sin::record_out_of_order);
  if (!replays && !disorder) return std::nullopt;
  const std::uint64_t first = expected_ - std::min(expected_, kWindow);
  for (std::uint64_t number = first; number <= expected_ + kWindow; ++number) {
    const bool tolerated = was_taken(number) ? replays : disorder;
    if (!tolerated || number == expected_) continue;
    if (auto opened = protection_.open(record, number)) {
      return Finding{std::move(*opened), number, true};
    }
  }
  return std::nullopt;
}

std::optional<RecordRepair::Finding> RecordRepair::found_by_half_tag(View record) const {
  const std::size_t size = protection_.suite().tag_size();
  auto opened = protection_.open_by({.present = size, .compared = size / 2}, record, expected_);
  if (!opened) return std::nullopt;
  return Finding{std::move(*opened), expected_, false};
}

std::optional<RecordRepair::Finding> RecordRepair::found_without_tag(View record) const {
  const std::size_t full = protection_.suite().tag_size();
  const auto with = [&](std::size_t present, std::size_t compared) -> std::optional<Finding> {
    auto opened = protection_.open_by({present, compared}, record, expected_);
    if (!opened) return std::nullopt;
    return Finding{std::move(*opened), expected_, false};
  };
  // A tag that was cut short still agrees as far as it goes.
  for (std::size_t present = full - 1; present >= kTellingOctets; --present) {
    if (auto found = with(present, present)) return found;
  }
  auto whole = with(full, 0);
  if (!protection_.suite().tls13 || (whole && is_inner_type(whole->opened.type))) return whole;
  // Almost or wholly without a tag: in TLS 1.3 the type at the end of the plaintext tells.
  for (std::size_t present = kTellingOctets; present-- > 0;) {
    auto found = with(present, present);
    if (found && is_inner_type(found->opened.type)) return found;
  }
  return whole;
}

bool RecordRepair::was_taken(std::uint64_t number) const {
  return std::ranges::find(taken_, number) != taken_.end();
}

void RecordRepair::mark_taken(std::uint64_t number) {
  if (taken_.size() == kRemembered) taken_.erase(taken_.begin());
  taken_.push_back(number);
}

}  // namespace assay
