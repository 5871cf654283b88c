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

// RFC 2202 §2.
TEST(HmacMd5, gives_the_published_tags) {
  EXPECT_EQ(to_hex(hmac_md5(Bytes(16, 0x0b), view_of("Hi There"))),
            "9294727a3638bb1c13f48ef8158bfc9d");
  EXPECT_EQ(to_hex(hmac_md5(view_of("Jefe"), view_of("what do ya want for nothing?"))),
            "750c783e6ab0b503eaa86e310a5db738");
  EXPECT_EQ(to_hex(hmac_md5({}, {})), "74e6f7298a9c2d168935f58c001bad88");
}

}  // namespace
}  // namespace assay
