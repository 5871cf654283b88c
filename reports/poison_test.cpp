// A corpus of hostile texts through every writer; each output is read again by another parser.
#include "reports/console.h"
#include "reports/json.h"
#include "reports/json_document.h"
#include "reports/junit.h"
#include "reports/sample_report.h"
#include "reports/transcript_text.h"

#include <gtest/gtest.h>
#include <pugixml.hpp>

namespace assay {
namespace {

using namespace std::string_literals;

std::vector<std::string> poisons() {
  return {
      "\x1b[2J\x1b[1;1Hcleared"s,                      // CSI
      "\x1b]0;title\x07\x1b]8;;http://x.test\x1b\\"s,  // OSC
      "\x1bP+q544e\x1b\\"s,                            // DCS
      "\xc2\x9b"
      "2J and \x9b"
      "2J"s,  // C1, as UTF-8 and as an octet
      "\xe2\x80\xae"
      "gnp.exe \xe2\x81\xa6 \xe2\x80\x8f"s,  // bidi overrides
      "<script>alert(1)</script>&amp;&#27;<!DOCTYPE a [<!ENTITY b 'c'>]>"s,
      "]]> --> <![CDATA["s,
      "a\n::error file=x::forged\n##vso[task.complete]\n::set-output name=a::b"s,
      "a\r\nFAIL  forged.by.peer   MUST\n      again     rm -rf /\n"s,
      "=cmd|' /C calc'!A0"s,
      "nul\0nul"s,
      "\xff\xfe\xfa \xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \xe2\x82"s,  // not UTF-8
      "\xef\xbf\xbe\xef\xbf\xbf"s,  // U+FFFE, U+FFFF: no XML characters
      "\x7f\x08\x08\x0b\x0c\x01"s,
      "{fmt} %s %n ${x} $(x) `x`"s,
      std::string(100'000, '\x9b'),
  };
}

bool is_ascii_line_text(std::string text) {
  // The section sign of our own sources is the one character beyond ASCII.
  for (auto at = text.find("§"); at != std::string::npos; at = text.find("§")) text.erase(at, 2);
  return std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); });
}

/// Lines that begin with `start`: what a peer forged would raise the count.
std::size_t lines_beginning(std::string_view text, std::string_view start) {
  std::size_t count = text.starts_with(start) ? 1 : 0;
  for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    if (text.substr(at + 1).starts_with(start)) ++count;
  }
  return count;
}

TEST(Poison, json_is_ascii_and_parses) {
  for (const std::string& poison : poisons()) {
    for (const bool stable : {false, true}) {
      const std::string text = run_json(poisoned_report(poison), stable);
      EXPECT_TRUE(is_ascii_line_text(text));
      EXPECT_EQ(lines_beginning(text, "::"), 0U);
      const auto run = JsonDocument::parse(text);
      ASSERT_TRUE(run);
      EXPECT_EQ(run->size("/cases"), 9U);
    }
  }
}

TEST(Poison, json_keeps_a_text_that_is_utf8) {
  const std::string text = "\x1b[2J \xe2\x80\xae caf\xc3\xa9\n";
  const auto run = JsonDocument::parse(run_json(poisoned_report(text), false));
  ASSERT_TRUE(run);
  EXPECT_EQ(run->text("/subjects/0/endpoints/0/banner"), text);
}

TEST(Poison, junit_parses_and_holds_legal_characters_alone) {
  for (const std::string& poison : poisons()) {
    const std::string text = junit_xml(poisoned_report(poison));
    EXPECT_TRUE(is_ascii_line_text(text));
    // pugixml reads references to forbidden characters without complaint: there must be none.
    for (std::size_t at = text.find("&#"); at != std::string::npos; at = text.find("&#", at + 1)) {
      EXPECT_TRUE(text.substr(at, 5) == "&#10;") << text.substr(at, 8);
    }
    EXPECT_EQ(lines_beginning(text, "::"), 0U);
    EXPECT_EQ(lines_beginning(text, "FAIL"), 0U);
    pugi::xml_document document;
    ASSERT_TRUE(document.load_buffer(text.data(), text.size()));
    EXPECT_EQ(document.select_nodes("//testcase").size(), 9U);
    EXPECT_EQ(document.select_nodes("//script").size(), 0U);
  }
}

TEST(Poison, the_console_shows_printable_characters_alone) {
  ConsoleOptions options;
  options.detail = ConsoleOptions::Detail::verbose;
  const std::size_t honest = lines_beginning(console_text(sample_report(), options), "FAIL");
  for (const std::string& poison : poisons()) {
    const std::string text = console_text(poisoned_report(poison), options);
    EXPECT_TRUE(is_ascii_line_text(text));
    EXPECT_EQ(lines_beginning(text, "FAIL"), honest);
    EXPECT_EQ(lines_beginning(text, "::"), 0U);
  }
}

TEST(Poison, colour_adds_our_own_escapes_alone) {
  ConsoleOptions options;
  options.colour = true;
  for (const std::string& poison : poisons()) {
    std::string text = console_text(poisoned_report(poison), options);
    for (const char* sgr : {"\x1b[32m", "\x1b[1;31m", "\x1b[33m", "\x1b[2m", "\x1b[0m"}) {
      for (auto at = text.find(sgr); at != std::string::npos; at = text.find(sgr, at)) {
        text.erase(at, std::string_view(sgr).size());
      }
    }
    EXPECT_TRUE(is_ascii_line_text(text));
  }
}

TEST(Poison, transcripts_show_printable_characters_alone) {
  for (const std::string& poison : poisons()) {
    const RunReport report = poisoned_report(poison);
    for (const Result& result : report.subjects[0].results) {
      const std::string text = transcript_text(result);
      EXPECT_TRUE(is_ascii_line_text(text));
      EXPECT_EQ(lines_beginning(text, "FAIL"), 0U);
      EXPECT_EQ(lines_beginning(text, "::"), 0U);
    }
  }
}

}  // namespace
}  // namespace assay
