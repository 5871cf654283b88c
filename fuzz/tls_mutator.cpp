#include "fuzz/tls_mutator.h"

#include "fuzz/edits.h"
#include "harness/base/entropy.h"
#include "harness/wire/record.h"

#include <algorithm>
#include <map>
#include <utility>

// libFuzzer's own; there is none in a replay. NOLINTNEXTLINE(readability-identifier-naming)
extern "C" [[gnu::weak]] std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size,
                                                      std::size_t most);

namespace assay::fuzz {
namespace {

constexpr std::size_t kMostRecordings = 1024;

/// Some data and a farewell behind the handshake.
const Bytes& conversation() {
  constexpr auto kTalk = static_cast<std::uint8_t>(static_cast<unsigned>(Layer::talk) * 8 << 2U);
  static const Bytes kEdits = {kTalk + (2U << 2U) + 2, 0, 0, 'h', 'i', kTalk + (3U << 2U), 0, 0};
  return kEdits;
}

/// What the peer says where nothing is edited, record by record; kept by the choices.
const std::vector<Bytes>& recording(const Subject& subject, const TlsChoice& choice, View choices) {
  static std::map<Bytes, std::vector<Bytes>> recordings;
  if (recordings.size() > kMostRecordings) recordings.clear();
  // Not the mode, nor the seed.
  const auto [found, made] = recordings.try_emplace(bytes_of(choices.subspan(2)));
  if (!made) return found->second;
  Bytes heard;
  static_cast<void>(play_opposite(subject, choice, conversation(), choice.seed, &heard));
  RecordSplitter splitter;
  splitter.feed(heard);
  while (auto record = splitter.next()) found->second.push_back(std::move(record->octets));
  return found->second;
}

/// A record out, twice, in another's place, or altered inside.
void change(std::vector<Bytes>& records, Entropy& chance) {
  if (records.empty()) return;
  const auto at = records.begin() + static_cast<std::ptrdiff_t>(chance.below(records.size()));
  switch (chance.below(8)) {
    case 0:
      records.erase(at);
      return;
    case 1: {
      Bytes copy = *at;
      records.insert(at, std::move(copy));
      return;
    }
    case 2:
      std::iter_swap(at,
                     records.begin() + static_cast<std::ptrdiff_t>(chance.below(records.size())));
      return;
    case 3:
      records.erase(at, records.end());
      return;
    default: {
      Bytes fragment(at->begin() + kRecordHeaderSize, at->end());
      const std::size_t size = fragment.size();
      fragment.resize(size + 64);
      fragment.resize(LLVMFuzzerMutate(fragment.data(), size, fragment.size()));
      *at = compose_record(static_cast<ContentType>(at->front()), fragment);
    }
  }
}

}  // namespace

std::size_t mutate_tls(const Subject& subject, std::uint8_t* data, std::size_t size,
                       std::size_t most, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, most);
  const View input(data, size);
  const auto choice = read_choice(input);
  Entropy chance(seed);
  if (!choice || !choice->opposite || chance.below(8) == 0) return size;
  std::vector<Bytes> records = recording(subject, *choice, input.first(kChoiceOctets));
  for (auto changes = 1 + chance.below(2); changes > 0; --changes) change(records, chance);
  Bytes mutant = bytes_of(input.first(kChoiceOctets));
  mutant[0] = 0;
  for (const Bytes& record : records) append(mutant, record);
  mutant.resize(std::min(mutant.size(), most));
  std::ranges::copy(mutant, data);
  return mutant.size();
}

}  // namespace assay::fuzz
