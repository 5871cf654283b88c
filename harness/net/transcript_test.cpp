#include "harness/net/transcript.h"

#include "harness/base/base64.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

using Kind = TranscriptEntry::Kind;

std::string all_of(const std::vector<TranscriptEntry>& entries) {
  std::string text;
  for (const auto& entry : entries) text += std::string(text_of(entry.octets)) + entry.note;
  return text;
}

Redactor redactor_for(std::string_view password) {
  Redactor redactor;
  redactor.add(Secret(password));
  return redactor;
}

TEST(Transcript, keeps_what_the_budget_allows_and_counts_the_rest) {
  Transcript transcript(8);
  const auto connection = transcript.open_connection("");
  transcript.said(Kind::server, connection, false, view_of("0123456789"));
  transcript.said(Kind::server, connection, false, view_of("abc"));
  const auto entries = transcript.finish({});
  EXPECT_EQ(text_of(entries.back().octets), "01234567");
  EXPECT_EQ(entries.back().cut, 5U);
}

TEST(Redactor, masks_a_password_that_is_split_over_segments) {
  Transcript transcript(1'000);
  const auto connection = transcript.open_connection("");
  for (const std::string_view piece : {"PASS hun", "ter2x\r\n"}) {
    transcript.said(Kind::client, connection, false, view_of(piece));
    transcript.said(Kind::server, connection, false, view_of("."));
  }
  const auto text = all_of(transcript.finish(redactor_for("hunter2x")));
  EXPECT_EQ(text.find("hun"), std::string::npos) << text;
  EXPECT_NE(text.find("PASS ***"), std::string::npos) << text;
}

TEST(Redactor, masks_base64_at_every_alignment) {
  const std::string password = "correct-horse";
  for (const std::string_view user : {"a", "ab", "abc", "abcd"}) {
    std::string plain(1, '\0');
    plain += user;
    plain += '\0';
    plain += password;
    Transcript transcript(1'000);
    const auto connection = transcript.open_connection("");
    const std::string coded = to_base64(view_of(plain));
    transcript.said(Kind::client, connection, true, view_of("AUTH PLAIN " + coded + "\r\n"));
    const auto text = all_of(transcript.finish(redactor_for(password)));
    EXPECT_EQ(text, "AUTH PLAIN " + std::string(coded.size(), '*') + "\r\n");
  }
}

TEST(Redactor, masks_hex_and_notes) {
  Transcript transcript(1'000);
  const auto connection = transcript.open_connection("login as s3cret");
  transcript.said(Kind::client, connection, true, view_of("733363726574"));
  EXPECT_EQ(all_of(transcript.finish(redactor_for("s3cret"))), "login as ******************");
}

}  // namespace
}  // namespace assay
