#include "suites/dripping.h"

#include "harness/wire/record.h"

#include <algorithm>
#include <utility>

namespace assay::suites {
namespace {

constexpr Milliseconds kPause{1};
// Behind so many segments there is no pause any more: each is one of its own all the same, and a
// busy machine must not make a whole handshake late.
constexpr std::size_t kPauses = 24;

}  // namespace

void Dripping::write(Bytes octets) {
  if (shape_ == Shape::whole) {
    inner().write(std::move(octets));
  } else {
    append(waiting_, octets);
  }
}

Task<ReadResult> Dripping::read(Deadline deadline) {
  for (std::size_t i = 0; !waiting_.empty(); ++i) {
    const std::size_t size = next_segment();
    inner().write(bytes_of(View(waiting_).first(size)));
    drop_front(waiting_, size);
    if (i < kPauses) co_await loop_.sleep_until(Clock::now() + kPause);
  }
  co_return co_await inner().read(deadline);
}

std::size_t Dripping::next_segment() {
  if (shape_ == Shape::octets) return 1;
  if (in_record_ == 0) {
    in_record_ = 1;
    return 1;
  }
  if (in_record_ == 1 && waiting_.size() >= 4) {
    // What is left of the header: its last two octets are the length.
    in_record_ = kRecordHeaderSize + (static_cast<std::size_t>(waiting_[2]) << 8 | waiting_[3]);
    return 4;
  }
  const std::size_t rest = in_record_ - std::min(in_record_, kRecordHeaderSize);
  in_record_ = 0;
  return std::clamp<std::size_t>(rest, 1, waiting_.size());
}

void Dripping::finish() {
  if (!waiting_.empty()) inner().write(std::exchange(waiting_, {}));
  inner().finish();
}

}  // namespace assay::suites
