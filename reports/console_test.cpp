#include "reports/console.h"

#include "reports/sample_report.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(Console, shows_a_fail_with_the_bytes_that_prove_it) {
  const RunReport report = sample_report();
  const auto cases = filed_cases(report);
  const auto found = std::ranges::find_if(
      cases, [](const FiledCase& filed) { return filed.result->ending == "answered_inside_tls"; });
  ASSERT_NE(found, cases.end());
  EXPECT_EQ(
      finding_text(report, *found, {}),
      "FAIL  integrity.injection.discards_pipelined_plaintext   MUST   RFC 3207 §4.2   (server)\n"
      "      required  A command pipelined behind the upgrade is never run inside TLS\n"
      "      observed  answered_inside_tls      accepted: discarded, upgrade_refused, "
      "connection_broken\n"
      "      case      integrity.injection.discards_pipelined_plaintext@smtp.upgrade   "
      "smtp://mail.example.test:2525\n"
      "      because   the marker was answered second\n"
      "      part      one segment: answered_inside_tls (fail)\n"
      "      note      the reply came within 27 ms\n"
      "      14:02:11.204 -- connected to 192.0.2.1:2525 --\n"
      "      14:02:11.204 C: STARTTLS\\r\\nNOOP\\r\\n                     one segment, 16 bytes\n"
      "      14:02:11.204 S: 220 2.0.0 Ready\\r\\n\n"
      "      14:02:11.204 -- TLS 1.3, TLS_AES_128_GCM_SHA256, x25519 --\n"
      "      14:02:11.204 S: 250 2.0.0 OK\\r\\n                         <- here\n"
      "      again     assay check smtp://mail.example.test:2525 --only "
      "integrity.injection.discards_pipelined_plaintext --seed 7f3a91c2\n"
      "\n");
}

TEST(Console, shows_the_end_of_a_long_transcript) {
  RunReport report = sample_report();
  ConsoleOptions options;
  options.evidence_lines = 2;
  const std::string text = findings_text(report, options);
  EXPECT_TRUE(holds(text, "(3 lines before these: transcripts/integrity.injection."));
  EXPECT_FALSE(holds(text, "STARTTLS\\r\\n"));
}

TEST(Console, repeats_what_a_second_run_needs) {
  RunReport report = sample_report();
  report.again.options = {"--account", "my account.toml"};
  report.subjects[0].subject.endpoints[0].url = "smtp://mail.example.test:2525?name=a&sni=b";
  const std::string text = findings_text(report, {});
  EXPECT_TRUE(holds(text, "assay check 'smtp://mail.example.test:2525?name=a&sni=b' --only "));
  EXPECT_TRUE(holds(text, "--seed 7f3a91c2 --account 'my account.toml'\n"));
  report.again.names_targets = false;
  EXPECT_TRUE(holds(findings_text(report, {}), "assay check --only integrity."));
}

TEST(Console, gives_lesser_findings_a_line_each) {
  const std::string text = findings_text(sample_report(), {});
  EXPECT_TRUE(holds(
      text, "WEAK  negotiation.hello.refuses@smtp.upgrade.tls13   SHOULD   closed   (library)\n"));
  EXPECT_TRUE(
      holds(text,
            "XFAIL negotiation.hello.refuses@smtp.implicit.tls12   SHOULD   closed   (library)   "
            "baseline: known since 3.1\n"));
  EXPECT_TRUE(holds(text, "XPASS certificate.present.in_time "));
  EXPECT_TRUE(holds(text, "ERROR integrity."));
  EXPECT_FALSE(holds(text, "PASS  "));
}

TEST(Console, a_quiet_report_is_findings_and_one_line) {
  ConsoleOptions options;
  options.detail = ConsoleOptions::Detail::quiet;
  const std::string text = console_text(sample_report(), options);
  EXPECT_FALSE(holds(text, "WEAK"));
  EXPECT_TRUE(text.ends_with(
      "1 pass, 1 weak, 2 fail, 1 xfail, 1 xpass, 1 error, 1 inconclusive, 1 inapplicable\n"));
}

TEST(Console, sums_up) {
  RunReport report = sample_report();
  report.baseline.unmatched = {"b.toml:3: integrity.x matched nothing that ran"};
  const std::string text = summary_text(report, {});
  EXPECT_EQ(text,
            "                  pass  weak  fail  xfail  xpass  error  inconclusive  inapplicable\n"
            "  certificate        0     0     1      0      1      0             0             1\n"
            "  integrity          0     0     1      0      0      1             1             0\n"
            "  negotiation        1     1     0      1      0      0             0             0\n"
            "  total              1     1     2      1      1      1             1             1\n"
            "\n"
            "What you can change (configuration):\n"
            "  error    certificate.present.in_time@smtp.upgrade   expired\n"
            "\n"
            "What your vendor can change (server, library):\n"
            "  error    integrity.injection.discards_pipelined_plaintext@smtp.upgrade   "
            "answered_inside_tls   (server)\n"
            "  warning  negotiation.hello.refuses@smtp.upgrade.tls13   closed   (library)\n"
            "\n"
            "Not decided (1 case):\n"
            "  the control failed: connection refused by 192.0.2.1:4650 (1 case)\n"
            "      integrity.injection.discards_pipelined_plaintext\n"
            "\n"
            "Not run (1 case):\n"
            "  needs trust anchors: give --ca FILE (1 case)\n"
            "      certificate.present.in_time\n"
            "\n"
            "The baseline itself:\n"
            "  b.toml:3: integrity.x matched nothing that ran\n"
            "\n"
            "47 connections, 39 handshakes, 3.204 s, seed 7f3a91c2\n");
}

TEST(Console, says_the_same_with_colour) {
  ConsoleOptions colour;
  colour.colour = true;
  std::string text = console_text(sample_report(), colour);
  EXPECT_TRUE(holds(text, "\x1b[1;31mFAIL\x1b[0m  integrity."));
  for (const char* sgr : {"\x1b[32m", "\x1b[1;31m", "\x1b[33m", "\x1b[2m", "\x1b[0m"}) {
    for (auto at = text.find(sgr); at != std::string::npos; at = text.find(sgr, at)) {
      text.erase(at, std::string_view(sgr).size());
    }
  }
  EXPECT_EQ(text, console_text(sample_report(), {}));
}

}  // namespace
}  // namespace assay
