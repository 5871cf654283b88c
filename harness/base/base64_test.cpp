#include "harness/base/base64.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Base64, agrees_with_the_vectors_of_rfc4648_section_10) {
  const std::pair<std::string_view, std::string_view> vectors[] = {{"", ""},
                                                                   {"f", "Zg=="},
                                                                   {"fo", "Zm8="},
                                                                   {"foo", "Zm9v"},
                                                                   {"foob", "Zm9vYg=="},
                                                                   {"fooba", "Zm9vYmE="},
                                                                   {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    EXPECT_EQ(to_base64(view_of(plain)), coded);
    EXPECT_EQ(from_base64(coded), bytes_of(plain));
  }
}

TEST(Base64, refuses_what_is_not_canonical) {
  for (const std::string_view bad :
       {"Zg=", "Zg", "Zh==", "Zm9=", "Z===", "====", "Zm 9v", "Zg==Zg=="}) {
    EXPECT_FALSE(from_base64(bad)) << bad;
  }
}

}  // namespace
}  // namespace assay
