#include "harness/channel/event.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(AlertName, is_ianas_and_survives_unknown_values) {
  EXPECT_EQ(alert_name(20), "bad_record_mac");
  EXPECT_EQ(alert_name(116), "certificate_required");
  EXPECT_EQ(alert_name(199), "alert_199");
}

TEST(TlsVersion, has_a_slug_for_case_names_and_a_name_for_people) {
  EXPECT_EQ(slug_of(TlsVersion::tls13), "tls13");
  EXPECT_EQ(name_of(TlsVersion::tls12), "TLS 1.2");
}

}  // namespace
}  // namespace assay
