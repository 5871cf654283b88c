// Runs a fuzz target without a fuzzer: over files, folders, and inputs mutated from them with a
// fixed seed. Any compiler builds it; CTest runs it over each corpus, and a finding is looked at
// with it.
#include "fuzz/target.h"
#include "harness/base/entropy.h"
#include "harness/base/words.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::fuzz {
namespace {

constexpr std::string_view kUsage =
    "usage: replay_TARGET [--mutations=COUNT] FILE-OR-FOLDER...\n"
    "Runs the target over every file, then over COUNT inputs made of them, the same each time.\n";
constexpr std::string_view kMutations = "--mutations=";
constexpr std::size_t kLongest = 4096;

void run(View input) {
  // A copy of its own length, so that AddressSanitizer sees reads behind it.
  const Bytes copy(input.begin(), input.end());
  LLVMFuzzerTestOneInput(copy.data(), copy.size());
}

Bytes contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  Bytes octets(std::istreambuf_iterator<char>(file), {});
  return octets;
}

std::vector<std::filesystem::path> files_under(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return {path};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

/// One edit: an octet changed or added, a range removed, or a range of another input put in.
void mutate(Bytes& input, const Bytes& other, Entropy& chance) {
  const auto place = [&](const Bytes& in) {
    return in.begin() + static_cast<std::ptrdiff_t>(chance.below(in.size() + 1));
  };
  const auto at = place(input);
  const auto octet = static_cast<std::uint8_t>(chance.next());
  switch (chance.below(4)) {
    case 0:
      if (at != input.end()) input[static_cast<std::size_t>(at - input.begin())] ^= octet;
      break;
    case 1:
      input.insert(at, octet);
      break;
    case 2: {
      const auto room = static_cast<std::uint64_t>(input.end() - at);
      input.erase(at, at + static_cast<std::ptrdiff_t>(chance.below(std::min(room, 16UL) + 1)));
      break;
    }
    default: {
      const auto from = place(other);
      const auto room = static_cast<std::uint64_t>(other.end() - from);
      input.insert(at, from, from + static_cast<std::ptrdiff_t>(chance.below(room + 1)));
    }
  }
  input.resize(std::min(input.size(), kLongest));
}

void run_mutations(const std::vector<Bytes>& seeds, std::uint64_t count) {
  Entropy chance(0);
  const auto any = [&]() -> const Bytes& { return seeds[chance.below(seeds.size())]; };
  for (std::uint64_t i = 0; i < count; ++i) {
    Bytes input = any();
    for (std::uint64_t edits = 1 + chance.below(4); edits > 0; --edits) {
      mutate(input, any(), chance);
    }
    run(input);
  }
}

int replay(const std::vector<std::string_view>& arguments) {
  std::optional<std::uint64_t> mutations = 0;
  std::vector<Bytes> seeds;
  for (const std::string_view argument : arguments) {
    if (argument.starts_with(kMutations)) {
      mutations = parse_number(argument.substr(kMutations.size()));
      continue;
    }
    if (!std::filesystem::exists(argument)) {
      seeds.clear();
      break;
    }
    for (const auto& path : files_under(argument)) {
      seeds.push_back(contents(path));
      run(seeds.back());
    }
  }
  if (seeds.empty() || !mutations) {
    std::fputs(kUsage.data(), stderr);
    return 2;
  }
  run_mutations(seeds, *mutations);
  std::printf("%zu files and %llu mutations, nothing found\n", seeds.size(),
              static_cast<unsigned long long>(*mutations));
  return 0;
}

}  // namespace
}  // namespace assay::fuzz

int main(int count, char** arguments) {
  return assay::fuzz::replay({arguments + 1, arguments + count});
}
