#include "suites/uniform.h"

#include <gtest/gtest.h>

namespace assay::suites {
namespace {

TEST(Uniformity, knows_the_lady_who_tastes_tea) {
  // R. A. Fisher's own example: 1 in 70 to be right of all, twice that with those who are wrong of
  // all.
  EXPECT_NEAR(chance_of(4, 4, 0, 4), 2.0 / 70, 1e-9);
  EXPECT_NEAR(chance_of(3, 4, 1, 4), 34.0 / 70, 1e-9);
  EXPECT_NEAR(chance_of(2, 4, 2, 4), 1, 1e-9);
}

TEST(Uniformity, is_sure_of_what_is_always_so) {
  EXPECT_LT(chance_of(24, 24, 0, 24) * 30, 1e-6);
  EXPECT_LT(chance_of(24, 24, 2, 24) * 30, 1e-6);
  EXPECT_GT(chance_of(24, 24, 12, 24) * 30, 1e-6);
  EXPECT_NEAR(chance_of(24, 24, 24, 24), 1, 1e-9);
  EXPECT_NEAR(chance_of(0, 24, 0, 24), 1, 1e-9);
}

}  // namespace
}  // namespace assay::suites
