#include "harness/base/entropy.h"

#include <gtest/gtest.h>

#include <set>

namespace assay {
namespace {

TEST(Entropy, repeats_with_its_seed) {
  Entropy a(7);
  Entropy b(7);
  EXPECT_EQ(a.word(), b.word());
  EXPECT_EQ(a.bytes(5), b.bytes(5));
}

TEST(Entropy, draws_below_its_bound_and_reaches_all_of_it) {
  Entropy entropy(1);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 200; ++i) seen.insert(entropy.below(5));
  EXPECT_EQ(seen, (std::set<std::uint64_t>{0, 1, 2, 3, 4}));
}

TEST(Entropy, words_begin_with_a_letter) {
  Entropy entropy(3);
  for (int i = 0; i < 100; ++i) EXPECT_GE(entropy.word(1)[0], 'a');
}

TEST(StableHash, is_the_same_on_every_machine) {
  EXPECT_EQ(stable_hash(""), 0xc3817c016ba4ff30ULL);
  EXPECT_NE(stable_hash("a"), stable_hash("b"));
  EXPECT_NE(stable_hash("a", 1), stable_hash("a", 2));
}

}  // namespace
}  // namespace assay
