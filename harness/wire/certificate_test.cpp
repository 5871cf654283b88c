#include "harness/wire/certificate.h"

#include "harness/base/hex.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

Bytes octets_of(std::string_view hex) { return from_hex(hex).value(); }

TEST(Certificate, of_each_version_comes_out_as_it_went_in) {
  const Bytes newer = octets_of("01aa 000011 000002 3000 0005 0005 0001 07 000000 0000");
  const auto message = decode<Certificate13>(newer);
  ASSERT_TRUE(message) << message.failed_field;
  ASSERT_EQ(message->certificate_list.size(), 2U);
  EXPECT_EQ(message->certificate_list[0].extensions[0].extension_type, extension::kStatusRequest);
  EXPECT_TRUE(message->certificate_list[1].cert_data.empty());
  EXPECT_EQ(to_hex(encode(*message)), to_hex(newer));

  const Bytes older = octets_of("000008 000002 3000 000000");
  const auto list = decode<Certificate12>(older);
  ASSERT_TRUE(list) << list.failed_field;
  EXPECT_EQ(list->certificate_list.size(), 2U);
  EXPECT_EQ(to_hex(encode(*list)), to_hex(older));
}

TEST(CertificateRequest, of_each_version_comes_out_as_it_went_in) {
  const Bytes newer = octets_of("00 000a 000d 0006 0004 0403 0804");
  EXPECT_EQ(to_hex(encode(*decode<CertificateRequest13>(newer))), to_hex(newer));
  const Bytes older = octets_of("02 0140 0004 0403 0401 0004 0002 3000");
  const auto message = decode<CertificateRequest12>(older);
  ASSERT_TRUE(message) << message.failed_field;
  EXPECT_EQ(message->certificate_authorities.size(), 1U);
  EXPECT_EQ(to_hex(encode(*message)), to_hex(older));
}

TEST(CertificateVerify, names_the_field_that_is_cut) {
  EXPECT_EQ(decode<CertificateVerify>(octets_of("0804 0004 aabb")).failed_field, "signature");
  EXPECT_EQ(decode<CertificateVerify>(octets_of("08")).failed_field, "algorithm");
  EXPECT_EQ(decode<CertificateVerify>(octets_of("0804 0001 aabb")).failed_field, "end");
}

TEST(ContentToSign, is_as_the_example_has_it) {
  // RFC 8446 §4.4.3: a transcript hash of 32 octets of 01, signed by a server.
  const Bytes content = content_to_sign(Signer::server, Bytes(32, 1));
  EXPECT_EQ(to_hex(content),
            "2020202020202020202020202020202020202020202020202020202020202020"
            "2020202020202020202020202020202020202020202020202020202020202020"
            "544c5320312e332c207365727665722043657274696669636174655665726966"
            "79000101010101010101010101010101010101010101010101010101010101010101");
}

}  // namespace
}  // namespace assay
