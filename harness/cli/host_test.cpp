#include "harness/cli/host.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

bool says(const std::string& host, std::string_view words) {
  return trouble_with_host(host).value_or("nothing").find(words) != std::string::npos;
}

TEST(Host, is_a_name_of_letters_digits_and_hyphens) {
  for (const char* const wrong : {"", ".", "a..b", ".a", "a.", "-a.test", "a-.test", "a_b.test",
                                  "a b", "127.0.0.1", "::1", "http://a", "a.test:25", "*.test"}) {
    EXPECT_TRUE(says(wrong, "not the name of a host")) << wrong;
  }
  EXPECT_TRUE(says(std::string(64, 'a') + ".localhost", "not the name of a host"));
  EXPECT_TRUE(says("a\x1b[31m.test", "\\x1b"));
}

// RFC 6761 §6.3.
TEST(Host, under_localhost_leads_to_us_whoever_is_asked) {
  for (const char* const good : {"localhost", "mail.a.b.localhost", "A.LocalHost", "1.localhost"})
    EXPECT_EQ(trouble_with_host(good), std::nullopt);
  EXPECT_NE(trouble_with_host("notlocalhost"), std::nullopt);
}

// RFC 6761 §6.4: nobody resolves a name under invalid.
TEST(Host, that_is_not_resolved_is_told_with_what_to_do) {
  EXPECT_TRUE(says("mail.b.invalid", "--host mail.b.invalid: this machine does not resolve it"));
  EXPECT_TRUE(says("mail.b.invalid", "add the line \"127.0.0.1 mail.b.invalid\" to /etc/hosts"));
}

}  // namespace
}  // namespace assay
