#include "harness/check/ending.h"

#include <gtest/gtest.h>

#include <set>

namespace assay {
namespace {

TEST(Ending, names_alerts_as_the_registry_does) {
  EXPECT_EQ(ending_of_alert(20).slug, "alert_bad_record_mac");
  EXPECT_EQ(ending_of_alert(70).slug, "alert_protocol_version");
  EXPECT_EQ(ending_of_alert(199).slug, "alert_199");
}

TEST(Ending, every_alert_has_one_of_its_own) {
  std::set<std::string_view> slugs;
  for (unsigned i = 0; i < 256; ++i) {
    const Ending ending = ending_of_alert(static_cast<std::uint8_t>(i));
    EXPECT_TRUE(is_alert(ending)) << i;
    EXPECT_TRUE(slugs.insert(ending.slug).second) << ending.slug;
  }
  EXPECT_FALSE(slugs.contains(ending::another_alert.slug));
}

TEST(Ending, of_a_close_is_no_alert) {
  EXPECT_FALSE(is_alert(ending::closed_without_alert));
  EXPECT_FALSE(is_alert(ending::hang));
}

}  // namespace
}  // namespace assay
