#include "harness/protocol/cram_md5.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

constexpr std::string_view kChallenge = "<1896.697170952@postoffice.reston.mci.net>";

TEST(CramMd5, agrees_with_the_example_of_rfc2195) {
  EXPECT_EQ(cram_challenge("1896.697170952", "postoffice.reston.mci.net"), kChallenge);
  EXPECT_EQ(cram_digest(kChallenge, "tanstaaftanstaaf"), "b913a602c7eda7a495b4e6e7334d3890");
  EXPECT_EQ(compose_cram_response("tim", kChallenge, Secret("tanstaaftanstaaf")),
            "tim b913a602c7eda7a495b4e6e7334d3890");
}

TEST(CramMd5, reads_what_it_writes_and_names_with_spaces) {
  const auto read = parse_cram_response("tim the second b913a602c7eda7a495b4e6e7334d3890");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->user, "tim the second");
  EXPECT_EQ(read->digest, "b913a602c7eda7a495b4e6e7334d3890");
}

TEST(CramMd5, is_strict_and_bounded) {
  using namespace std::string_view_literals;
  for (const auto response :
       {""sv, "tim"sv, " b913a602c7eda7a495b4e6e7334d3890"sv,
        "tim b913a602c7eda7a495b4e6e7334d389"sv, "tim b913a602c7eda7a495b4e6e7334d38900"sv,
        "tim B913A602C7EDA7A495B4E6E7334D3890"sv, "tim b913a602c7eda7a495b4e6e7334d3890 "sv,
        "tim b913a602c7eda7a495b4e6e7334d389g"sv, "t\xffm b913a602c7eda7a495b4e6e7334d3890"sv,
        "t\0m b913a602c7eda7a495b4e6e7334d3890"sv}) {
    EXPECT_FALSE(parse_cram_response(response)) << response;
  }
  const std::string digest = " b913a602c7eda7a495b4e6e7334d3890";
  EXPECT_TRUE(parse_cram_response(std::string(1024, 'a') + digest));
  EXPECT_FALSE(parse_cram_response(std::string(1025, 'a') + digest));
}

}  // namespace
}  // namespace assay
