#include "harness/base/secret.h"

#include <gtest/gtest.h>

#include <utility>

namespace assay {
namespace {

TEST(Secret, matches_only_the_whole_text) {
  const Secret secret("hunter2");
  EXPECT_TRUE(secret.matches("hunter2"));
  EXPECT_FALSE(secret.matches("hunter"));
  EXPECT_FALSE(secret.matches("hunter3"));
}

TEST(Secret, leaves_nothing_behind_in_what_it_was_moved_from) {
  Secret first("a secret that is too long for the small string buffer");
  Secret second;
  second = std::move(first);
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_FALSE(second.empty());
}

TEST(Secret, wipe_overwrites_the_buffer) {
  std::string text(64, 'x');
  const char* buffer = text.data();
  wipe(text);
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(buffer[0], '\0');
}

}  // namespace
}  // namespace assay
