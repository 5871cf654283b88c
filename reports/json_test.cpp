#include "reports/json.h"

#include "reports/sample_report.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace assay {
namespace {

using Json = nlohmann::json;

const Json& case_named(const Json& run, std::string_view name) {
  for (const Json& entry : run.at("cases")) {
    if (entry.at("case") == name) return entry;
  }
  throw std::out_of_range(std::string(name));
}

TEST(RunJson, holds_every_member_of_a_case) {
  const Json run = Json::parse(run_json(sample_report(), false));
  const Json& entry =
      case_named(run, "integrity.injection.discards_pipelined_plaintext@smtp.upgrade");
  const Json expected = {
      {"subject", "mail.example.test"},
      {"endpoint", "smtp://mail.example.test:2525"},
      {"case", "integrity.injection.discards_pipelined_plaintext@smtp.upgrade"},
      {"id", "integrity.injection.discards_pipelined_plaintext"},
      {"suite", "integrity"},
      {"topic", "injection"},
      {"protocol", "smtp"},
      {"access", "upgrade"},
      {"version", nullptr},
      {"level", "must"},
      {"severity", "error"},
      {"component", "server"},
      {"sources", {"RFC 3207 §4.2"}},
      {"title", "A command pipelined behind the upgrade is never run inside TLS"},
      {"outcome", "fail"},
      {"ending", "answered_inside_tls"},
      {"reason", "the marker was answered second"},
      {"notes", {"the reply came within 27 ms"}},
      {"parts",
       {{{"name", "one segment"}, {"ending", "answered_inside_tls"}, {"outcome", "fail"}},
        {{"name", "two"}, {"ending", "discarded"}, {"outcome", "pass"}}}},
      {"baseline", nullptr},
      {"ms", 41},
      {"connections", 2},
      {"transcript",
       "transcripts/integrity.injection.discards_pipelined_plaintext@smtp.upgrade.txt"}};
  EXPECT_EQ(entry, expected) << Json::diff(expected, entry);
}

TEST(RunJson, holds_what_is_known_of_the_subject) {
  const Json run = Json::parse(run_json(sample_report(), false));
  EXPECT_EQ(run.at("schema"), 1);
  EXPECT_EQ(run.at("tool").at("version"), "0.1.0");
  EXPECT_EQ(run.at("seed"), "7f3a91c2");
  EXPECT_EQ(run.at("counts").at("fail"), 2);
  EXPECT_EQ(run.at("counts").at("suites").at("integrity").at("error"), 1);
  const Json& endpoint = run.at("subjects").at(0).at("endpoints").at(0);
  EXPECT_EQ(endpoint.at("url"), "smtp://mail.example.test:2525");
  EXPECT_EQ(endpoint.at("banner"), "220 mail.example.test ESMTP");
  EXPECT_EQ(endpoint.at("capabilities"), Json({"PIPELINING", "STARTTLS"}));
  EXPECT_EQ(endpoint.at("versions"), Json({"tls13"}));
  EXPECT_EQ(endpoint.at("suites"), Json({"TLS_AES_128_GCM_SHA256"}));
  EXPECT_EQ(endpoint.at("groups"), Json({"x25519"}));
  EXPECT_EQ(endpoint.at("rate"), 3.0);
  EXPECT_EQ(endpoint.at("chain").at(0).at("sha256").get<std::string>().size(), 64U);
  EXPECT_EQ(endpoint.at("chain").at(0).at("subject"), "");
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
  EXPECT_EQ(run_json(one, true).find(":2525"), std::string::npos);
  EXPECT_NE(run_json(one, true).find("\"smtp://mail.example.test\""), std::string::npos);
}

TEST(RunJson, names_no_transcript_that_is_not_written) {
  RunReport report = sample_report();
  report.keeps_transcripts = false;
  const Json run = Json::parse(run_json(report, false));
  for (const Json& entry : run.at("cases")) EXPECT_TRUE(entry.at("transcript").is_null());
}

TEST(RunJson, is_ascii_and_sorted) {
  const std::string text = run_json(sample_report(), false);
  EXPECT_TRUE(
      std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); }));
  EXPECT_LT(text.find("\"baseline\""), text.find("\"cases\""));
}

TEST(ListJson, describes_a_check) {
  const Check* checks[] = {&sample_check(), &configuration_check()};
  const Json list = Json::parse(list_json(checks));
  ASSERT_EQ(list.size(), 2U);
  const Json expected = {
      {"id", "integrity.injection.discards_pipelined_plaintext"},
      {"side", "server"},
      {"level", "must"},
      {"levels", {{"smtp", "must"}, {"pop3", "bcp"}}},
      {"severity", "error"},
      {"component", "server"},
      {"protocols", {"smtp", "pop3"}},
      {"access", {"upgrade"}},
      {"version", "once"},
      {"needs", Json::array()},
      {"traits", Json::array()},
      {"sources", {"RFC 3207 §4.2"}},
      {"title", "A command pipelined behind the upgrade is never run inside TLS"},
      {"accepts", {"discarded", "upgrade_refused", "connection_broken"}},
      {"weak", Json::array()},
      {"breakers", {{{"fault", "keep_plaintext"}, {"ending", "answered_inside_tls"}}}},
      {"liberties", {{{"name", "refuse_pipelined_upgrade"}, {"ending", "upgrade_refused"}}}},
      {"impossible", nullptr},
      {"unbuildable", nullptr}};
  EXPECT_EQ(list.at(1), expected) << Json::diff(expected, list.at(1));
  EXPECT_EQ(list.at(0).at("needs"), Json({"account", "anchors"}));
  EXPECT_EQ(list.at(0).at("traits"), Json({"slow"}));
  EXPECT_EQ(list.at(0).at("impossible"), "there is no such fault yet");
  EXPECT_EQ(list.at(0).at("protocols").size(), 5U);
}

}  // namespace
}  // namespace assay
