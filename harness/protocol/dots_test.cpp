#include "harness/protocol/dots.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace assay {
namespace {

using namespace std::string_view_literals;

struct Decoded {
  std::string content;
  std::size_t used = 0;
  DotDecoder decoder;
  bool operator==(const Decoded&) const = default;
};

Decoded decoded(std::string_view wire, std::size_t piece) {
  Decoded result;
  Bytes content;
  while (result.used < wire.size() && !result.decoder.ended()) {
    result.used += result.decoder.decode(view_of(wire.substr(result.used, piece)), &content);
  }
  result.content = text_of(content);
  return result;
}

Decoded decoded(std::string_view wire) { return decoded(wire, wire.size()); }

std::string stuffed(std::string_view content) {
  return std::string(text_of(dot_stuffed(view_of(content))));
}

TEST(DotDecoder, ends_at_a_lone_dot_and_uses_nothing_behind_it) {
  const auto result = decoded("one\r\ntwo\r\n.\r\nQUIT\r\n");
  EXPECT_TRUE(result.decoder.ended());
  EXPECT_EQ(result.content, "one\r\ntwo\r\n");
  EXPECT_EQ(result.used, 13U);
  EXPECT_EQ(result.decoder.octets(), 10U);
}

TEST(DotDecoder, takes_an_empty_text) {
  const auto result = decoded(".\r\n");
  EXPECT_TRUE(result.decoder.ended());
  EXPECT_EQ(result.content, "");
}

TEST(DotDecoder, removes_the_first_dot_of_a_line) {
  EXPECT_EQ(decoded("..\r\n..x\r\n.x\r\na.b\r\n.\r\n").content, ".\r\n.x\r\nx\r\na.b\r\n");
}

TEST(DotDecoder, takes_no_other_spelling_for_the_end) {
  constexpr std::array kSpellings = {"a\n.\nb"sv,      "a\n.\r\nb"sv,       "a\r\n.\nb"sv,
                                     "a\r.\rb"sv,      "a\r\n.\rb"sv,       "a\r.\r\nb"sv,
                                     "a\n.\rb"sv,      "a\r\r\n.\r\r\nb"sv, "a\r\n.\r\r\nb"sv,
                                     "a\r\n\0.\r\n"sv, "a\r\n.\0\r\nb"sv};
  for (const auto spelling : kSpellings) {
    const auto result = decoded(std::string(spelling) + "\r\n.\r\n");
    EXPECT_TRUE(result.decoder.ended());
    EXPECT_EQ(result.used, spelling.size() + 5) << spelling;
  }
}

TEST(DotDecoder, keeps_bare_cr_and_lf_and_says_so) {
  const auto lf = decoded("a\nb\r\n.\r\n");
  EXPECT_EQ(lf.content, "a\nb\r\n");
  EXPECT_TRUE(lf.decoder.bare_lf());
  EXPECT_FALSE(lf.decoder.bare_cr());
  const auto cr = decoded("a\rb\r\n.\r\n");
  EXPECT_EQ(cr.content, "a\rb\r\n");
  EXPECT_TRUE(cr.decoder.bare_cr());
  EXPECT_FALSE(cr.decoder.bare_lf());
  const auto clean = decoded("a\r\n\r\n..\r\n.\r\n");
  EXPECT_FALSE(clean.decoder.bare_cr() || clean.decoder.bare_lf());
  EXPECT_EQ(decoded("a\r\r\n.\r\n").content, "a\r\r\n");
  EXPECT_TRUE(decoded("a\r\r\n.\r\n").decoder.bare_cr());
  EXPECT_TRUE(decoded(".\rx\r\n.\r\n").decoder.bare_cr());
}

TEST(DotDecoder, decodes_alike_however_the_input_is_cut) {
  constexpr std::array kInputs = {"one\r\n..two\r\n.\r\nrest"sv,
                                  "a\rb\n.c\r\n..\r\r\n.\r.\r\n.\r\n"sv, ".\rx\r\n.\r\n"sv,
                                  "\r\n.\n\n.\r\n\r\n.\r\n.\r\n"sv};
  for (const auto input : kInputs) {
    const auto whole = decoded(input);
    for (std::size_t piece = 1; piece < input.size(); ++piece) {
      EXPECT_EQ(decoded(input, piece), whole) << input << " by " << piece;
    }
  }
}

TEST(DotDecoder, counts_without_keeping) {
  DotDecoder decoder;
  decoder.decode(view_of("..one\r\ntwo\r\n.\r\n"), nullptr);
  EXPECT_TRUE(decoder.ended());
  EXPECT_EQ(decoder.octets(), 11U);
}

TEST(DotEncoder, doubles_dots_and_ends_the_text) {
  EXPECT_EQ(stuffed(".\r\n..\r\na.\r\n"), "..\r\n...\r\na.\r\n.\r\n");
  EXPECT_EQ(stuffed(""), ".\r\n");
  EXPECT_EQ(stuffed("no end"), "no end\r\n.\r\n");
  EXPECT_EQ(stuffed("a\n.b"), "a\n.b\r\n.\r\n");
}

TEST(DotEncoder, stuffs_alike_however_the_content_is_cut) {
  const auto content = ".a\r\n.\r\n\r.b\n.c\r\r\n.d"sv;
  for (std::size_t piece = 1; piece <= content.size(); ++piece) {
    DotEncoder encoder;
    Bytes wire;
    for (std::size_t at = 0; at < content.size(); at += piece) {
      encoder.encode(view_of(content.substr(at, piece)), wire);
    }
    encoder.finish(wire);
    EXPECT_EQ(text_of(wire), stuffed(content)) << piece;
  }
}

TEST(Dots, what_was_stuffed_comes_back) {
  for (const auto content : {"\r\n.\r\n..\r\n"sv, "x\n.\n.\r.\r\n"sv, "\r\r\n.\r\r\n"sv}) {
    const auto result = decoded(stuffed(content));
    EXPECT_TRUE(result.decoder.ended());
    EXPECT_EQ(result.content, content);
  }
}

}  // namespace
}  // namespace assay
