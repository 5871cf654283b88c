#include "reports/json.h"

#include "reports/json_document.h"
#include "reports/sample_report.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace assay {
namespace {

JsonDocument parsed(std::string_view text) { return JsonDocument::parse(text).value(); }

std::string canonical(std::string_view text) { return parsed(text).at(""); }

/// The case of that name, in canonical form.
std::string case_named(const JsonDocument& run, std::string_view name) {
  for (std::size_t i = 0; i < run.size("/cases"); ++i) {
    if (run.text(fmt::format("/cases/{}/case", i)) == name) {
      return run.at(fmt::format("/cases/{}", i));
    }
  }
  return "no such case";
}

TEST(RunJson, holds_every_member_of_a_case) {
  const JsonDocument run = parsed(run_json(sample_report(), false));
  EXPECT_EQ(case_named(run, "integrity.injection.discards_pipelined_plaintext@smtp.upgrade"),
            canonical(R"({
      "subject": "mail.example.test",
      "endpoint": "smtp://mail.example.test:2525",
      "case": "integrity.injection.discards_pipelined_plaintext@smtp.upgrade",
      "id": "integrity.injection.discards_pipelined_plaintext",
      "suite": "integrity",
      "topic": "injection",
      "protocol": "smtp",
      "access": "upgrade",
      "version": null,
      "level": "must",
      "severity": "error",
      "component": "server",
      "sources": ["RFC 3207 §4.2"],
      "title": "A command pipelined behind the upgrade is never run inside TLS",
      "outcome": "fail",
      "ending": "answered_inside_tls",
      "reason": "the marker was answered second",
      "notes": ["the reply came within 27 ms"],
      "parts": [{"name": "one segment", "ending": "answered_inside_tls", "outcome": "fail"},
                {"name": "two", "ending": "discarded", "outcome": "pass"}],
      "baseline": null,
      "ms": 41,
      "connections": 2,
      "transcript":
          "transcripts/integrity.injection.discards_pipelined_plaintext@smtp.upgrade.txt"})"));
}

TEST(RunJson, holds_what_is_known_of_the_subject) {
  const JsonDocument run = parsed(run_json(sample_report(), false));
  EXPECT_EQ(run.at("/schema"), "1");
  EXPECT_EQ(run.text("/tool/version"), "0.1.0");
  EXPECT_EQ(run.text("/seed"), "7f3a91c2");
  EXPECT_EQ(run.at("/counts/fail"), "2");
  EXPECT_EQ(run.at("/counts/suites/integrity/error"), "1");
  const std::string endpoint = "/subjects/0/endpoints/0";
  EXPECT_EQ(run.text(endpoint + "/url"), "smtp://mail.example.test:2525");
  EXPECT_EQ(run.text(endpoint + "/banner"), "220 mail.example.test ESMTP");
  EXPECT_EQ(run.at(endpoint + "/capabilities"), R"(["PIPELINING","STARTTLS"])");
  EXPECT_EQ(run.at(endpoint + "/versions"), R"(["tls13"])");
  EXPECT_EQ(run.at(endpoint + "/suites"), R"(["TLS_AES_128_GCM_SHA256"])");
  EXPECT_EQ(run.at(endpoint + "/groups"), R"(["x25519"])");
  EXPECT_EQ(run.at(endpoint + "/rate"), "3.0");
  EXPECT_EQ(run.text(endpoint + "/chain/0/sha256").size(), 64U);
  EXPECT_EQ(run.text(endpoint + "/chain/0/subject"), "");
}

TEST(RunJson, is_equal_for_equal_runs_when_stable) {
  RunReport one = sample_report();
  RunReport other = sample_report();
  other.started += std::chrono::hours(1);
  other.took += Milliseconds(9);
  SubjectRun& run = other.subjects[0];
  run.took += Milliseconds(9);
  run.counters.connections += 3;
  std::ranges::reverse(run.results);
  for (Result& result : run.results) {
    result.took += Milliseconds(5);
    result.connections += 1;
    result.second_try = true;
  }
  run.subject.endpoints[1].address.port = 34567;
  run.subject.endpoints[1].url = "smtps://mail.example.test:34567";
  for (Result& result : run.results) {
    if (result.which.endpoint == 1) result.endpoint = run.subject.endpoints[1].url;
    const auto port = result.reason.find(":4650");
    if (port != std::string::npos) result.reason.replace(port, 5, ":34567");
  }
  EXPECT_NE(run_json(one, false), run_json(other, false));
  EXPECT_EQ(run_json(one, true), run_json(other, true));
  EXPECT_NE(run_json(other, false).find("the first try hung"), std::string::npos);
  EXPECT_EQ(run_json(one, true).find(":2525"), std::string::npos);
  EXPECT_NE(run_json(one, true).find("\"smtp://mail.example.test\""), std::string::npos);
}

TEST(RunJson, names_no_transcript_that_is_not_written) {
  RunReport report = sample_report();
  report.keeps_transcripts = false;
  const JsonDocument run = parsed(run_json(report, false));
  ASSERT_GT(run.size("/cases"), 0U);
  for (std::size_t i = 0; i < run.size("/cases"); ++i) {
    EXPECT_EQ(run.at(fmt::format("/cases/{}/transcript", i)), "null");
  }
}

TEST(RunJson, is_ascii_and_sorted) {
  const std::string text = run_json(sample_report(), false);
  EXPECT_TRUE(
      std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); }));
  EXPECT_LT(text.find("\"baseline\""), text.find("\"cases\""));
}

TEST(ListJson, describes_a_check) {
  const Check* checks[] = {&sample_check(), &configuration_check()};
  const JsonDocument list = parsed(list_json(checks));
  ASSERT_EQ(list.size(""), 2U);
  EXPECT_EQ(list.at("/1"), canonical(R"({
      "id": "integrity.injection.discards_pipelined_plaintext",
      "side": "server",
      "level": "must",
      "levels": {"smtp": "must", "pop3": "bcp"},
      "severity": "error",
      "component": "server",
      "protocols": ["smtp", "pop3"],
      "access": ["upgrade"],
      "version": "once",
      "needs": [],
      "traits": [],
      "sources": ["RFC 3207 §4.2"],
      "title": "A command pipelined behind the upgrade is never run inside TLS",
      "accepts": ["discarded", "upgrade_refused", "connection_broken"],
      "weak": [],
      "watches": [],
      "breakers": [{"fault": "keep_plaintext", "ending": "answered_inside_tls"}],
      "liberties": [{"name": "refuse_pipelined_upgrade", "ending": "upgrade_refused"}],
      "impossible": null,
      "unbuildable": null})"));
  EXPECT_EQ(list.at("/0/needs"), R"(["account","anchors"])");
  EXPECT_EQ(list.at("/0/traits"), R"(["slow"])");
  EXPECT_EQ(list.text("/0/impossible"), "there is no such fault yet");
  EXPECT_EQ(list.size("/0/protocols"), 4U);  // all but tls://: it speaks of the application
}

}  // namespace
}  // namespace assay
