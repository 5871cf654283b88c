#include "harness/crypto/md5.h"

#include "harness/base/hex.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

// RFC 1321 §A.5.
TEST(Md5, gives_the_published_digests) {
  const auto digest = [](std::string_view text) { return to_hex(md5(view_of(text))); };
  EXPECT_EQ(digest(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(digest("abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(digest("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
}

}  // namespace
}  // namespace assay
