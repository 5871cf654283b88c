#include "harness/pki/pem.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Pem, survives_a_round_trip) {
  const std::vector<Bytes> chain{Bytes(200, 0x30), Bytes{1}, Bytes(48, 0xff)};
  EXPECT_EQ(certificates_from_pem(certificates_pem(chain)), chain);
}

TEST(Pem, breaks_lines_at_64_characters) {
  EXPECT_EQ(certificate_pem(Bytes(49, 0)), "-----BEGIN CERTIFICATE-----\n" + std::string(64, 'A') +
                                               "\nAA==\n-----END CERTIFICATE-----\n");
}

TEST(Pem, passes_over_what_is_no_certificate) {
  const std::string text =
      "# Trust\r\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" +
      certificate_pem(Bytes{7, 8}) +
      "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n" +
      "-----BEGIN CERTIFICATE-----\nAAAA\n";
  EXPECT_EQ(certificates_from_pem(text), std::vector<Bytes>{(Bytes{7, 8})});
  EXPECT_TRUE(certificates_from_pem("").empty());
}

}  // namespace
}  // namespace assay
