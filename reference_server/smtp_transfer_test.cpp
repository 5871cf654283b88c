#include "reference_server/smtp_transfer.h"

#include "reference_server/smtp_fixture_test.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace assay {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kTrace =
    "Received: from c.test\r\n\tby mx.a.test with ESMTP\r\n\tfor <ann@a.test>;\r\n\tDATE\r\n";
constexpr std::size_t kMessageLimit = 16UL * 1024 * 1024;

/// What ann's only message says behind its trace header.
std::string content_of(const SmtpTalk& talk) {
  const auto list = talk.store.list("ann@a.test");
  EXPECT_EQ(list.size(), 1U);
  if (list.empty()) return {};
  const std::string content(text_of(list.front()->content));
  EXPECT_EQ(content.substr(0, kTrace.size()), kTrace);
  return content.substr(std::min(kTrace.size(), content.size()));
}

TEST(SmtpData, stores_what_was_sent_behind_a_trace_header) {
  SmtpTalk talk;
  talk.begin_mail();
  EXPECT_EQ(talk.say("DATA\r\n"), "354 Start mail input; end with <CRLF>.<CRLF>\r\n");
  EXPECT_EQ(talk.say("Subject: x\r\n\r\n..dot\r\n.\r\n"), "250 2.0.0 Message accepted\r\n");
  EXPECT_EQ(content_of(talk), "Subject: x\r\n\r\n.dot\r\n");
  const Message& message = *talk.store.list("ann@a.test").front();
  EXPECT_EQ(message.reverse_path, "b@b.test");
  EXPECT_EQ(message.recipients, std::vector<std::string>{"ann@a.test"});
  EXPECT_EQ(message.transport, "ESMTP");
  EXPECT_FALSE(talk.state.smtp().transaction.open);
  EXPECT_EQ(talk.code("DATA"), 503);
}

TEST(SmtpData, names_the_transport_as_rfc3848_does) {
  SmtpTalk secured(config_for_tests(), Security::implicit);
  secured.begin_mail();
  EXPECT_EQ(transport_name(secured.state), "ESMTPS");
  secured.state.user = "ann";
  EXPECT_EQ(transport_name(secured.state), "ESMTPSA");
  SmtpTalk clear;
  clear.say("HELO c.test\r\n");
  EXPECT_EQ(transport_name(clear.state), "SMTP");
}

TEST(SmtpData, leaves_the_date_out_where_there_is_no_clock) {
  SmtpConfig config = config_for_tests();
  config.date = nullptr;
  SmtpTalk talk(config);
  talk.begin_mail();
  talk.say("RCPT TO:<bob@a.test>\r\nDATA\r\n.\r\n");
  EXPECT_EQ(text_of(talk.store.list("bob@a.test").front()->content),
            "Received: from c.test\r\n\tby mx.a.test with ESMTP\r\n");
}

TEST(SmtpData, needs_a_recipient) {
  SmtpTalk talk;
  talk.say("EHLO c.test\r\n");
  EXPECT_EQ(talk.code("DATA"), 503);
  talk.say("MAIL FROM:<>\r\n");
  EXPECT_EQ(talk.code("DATA"), 503);
  talk.say("RCPT TO:<x@elsewhere.test>\r\n");
  EXPECT_EQ(talk.code("DATA"), 554);
}

TEST(SmtpData, takes_no_other_end_for_the_end_of_data) {
  for (const auto spelling : {"\n.\n"sv, "\n.\r\n"sv, "\r\n.\r"sv, "\r\n.\n"sv, "\r.\r"sv}) {
    SmtpTalk talk;
    talk.begin_mail();
    EXPECT_EQ(talk.code("DATA"), 354);
    EXPECT_EQ(talk.code("a" + std::string(spelling) + "MAIL FROM:<smug@b.test>\r\nDATA\r\nS\r\n."),
              250);
    EXPECT_EQ(talk.store.count(), 1U);
  }
}

TEST(SmtpData, keeps_bare_cr_and_lf_as_they_came) {
  SmtpTalk talk;
  talk.begin_mail();
  talk.say("DATA\r\na\n.\nb\rc\0d\r\n.\r\n"sv);
  EXPECT_EQ(content_of(talk), "a\n.\nb\rc\0d\r\n"sv);
}

TEST(SmtpData, a_dot_cut_into_octets_is_seen_once) {
  SmtpTalk talk;
  talk.begin_mail();
  EXPECT_EQ(talk.code("DATA"), 354);
  EXPECT_EQ(talk.say("x\r\n.\r\n", 1), "250 2.0.0 Message accepted\r\n");
  EXPECT_EQ(talk.store.count(), 1U);
}

TEST(SmtpData, sixteen_mebibytes_are_taken_and_not_one_octet_more) {
  SmtpTalk talk;
  talk.begin_mail();
  const std::string line(kMessageLimit - 2, 'x');
  EXPECT_EQ(talk.code("DATA"), 354);
  EXPECT_EQ(talk.code(line + "\r\n."), 250);
  EXPECT_EQ(content_of(talk).size(), kMessageLimit);
  talk.begin_mail();
  EXPECT_EQ(talk.code("DATA"), 354);
  EXPECT_EQ(talk.say(line + "x\r\nmore\r\n", 1 << 20), "");
  EXPECT_EQ(talk.state.smtp().transaction.content.capacity(), 0U);
  EXPECT_EQ(talk.code("."), 552);
  EXPECT_EQ(talk.store.count(), 1U);
  EXPECT_EQ(talk.code("NOOP"), 250);
}

TEST(SmtpData, what_is_thrown_away_ends_somewhere) {
  SmtpConfig config = config_for_tests();
  config.limits.message = 10;
  config.limits.skipped = 20;
  SmtpTalk talk(config);
  talk.begin_mail();
  talk.say("DATA\r\n");
  EXPECT_EQ(talk.code("123456789012345678\r\n."), 552);
  talk.begin_mail();
  talk.say("DATA\r\n");
  EXPECT_EQ(talk.code("1234567890123456789\r\n."), 421);
  EXPECT_EQ(talk.next, Step::Next::close);
}

TEST(SmtpData, a_full_store_is_a_transient_refusal) {
  SmtpTalk talk;
  talk.store = Store({.messages = 0});
  talk.begin_mail();
  EXPECT_EQ(talk.code("DATA"), 354);
  EXPECT_EQ(talk.say(".\r\n").substr(0, 9), "452 4.3.1");
}

TEST(SmtpData, content_is_told_from_commands) {
  SmtpTalk talk;
  talk.begin_mail();
  EXPECT_FALSE(talk.service.receiving_content(talk.state));
  talk.say("DATA\r\n");
  EXPECT_TRUE(talk.service.receiving_content(talk.state));
  talk.say("x\r\n.\r\n");
  EXPECT_FALSE(talk.service.receiving_content(talk.state));
  talk.say("BDAT 1\r\n");
  EXPECT_TRUE(talk.service.receiving_content(talk.state));
}

TEST(SmtpData, nothing_is_stored_before_the_end) {
  SmtpTalk talk;
  talk.begin_mail();
  talk.say("DATA\r\nhalf of it\r\n.");
  EXPECT_EQ(talk.store.count(), 0U);
  SmtpTalk chunked;
  chunked.begin_mail();
  chunked.say("BDAT 1000 LAST\r\n" + std::string(999, 'x'));
  EXPECT_EQ(chunked.store.count(), 0U);
}

TEST(SmtpBdat, joins_chunks_octet_by_octet) {
  SmtpTalk talk;
  talk.begin_mail();
  EXPECT_EQ(talk.say("BDAT 6\r\nab\r\n.\r"), "250 2.0.0 Chunk accepted\r\n");
  EXPECT_EQ(talk.say("BDAT 3 LAST\r\n..\nQUIT\r\n").substr(0, 9), "250 2.0.0");
  EXPECT_EQ(content_of(talk), "ab\r\n.\r..\n");
  EXPECT_EQ(talk.next, Step::Next::close);
}

TEST(SmtpBdat, an_empty_last_chunk_ends_a_message) {
  SmtpTalk talk;
  talk.begin_mail();
  EXPECT_EQ(talk.code("BDAT 0"), 250);
  EXPECT_EQ(talk.say("BDAT 3\r\nabc"), "250 2.0.0 Chunk accepted\r\n");
  EXPECT_EQ(talk.code("BDAT 0 LAST"), 250);
  EXPECT_EQ(content_of(talk), "abc");
}

TEST(SmtpBdat, does_not_mix_with_data_nor_with_new_recipients) {
  SmtpTalk talk;
  talk.begin_mail();
  talk.say("BDAT 3\r\nabc");
  EXPECT_EQ(talk.code("DATA"), 503);
  EXPECT_EQ(talk.code("RCPT TO:<bob@a.test>"), 503);
  EXPECT_EQ(talk.code("MAIL FROM:<>"), 503);
  EXPECT_EQ(talk.code("BDAT 0 LAST"), 250);
  EXPECT_EQ(talk.code("BDAT 0 LAST"), 503);
}

TEST(SmtpBdat, skips_the_octets_of_a_refused_chunk) {
  SmtpTalk talk;
  talk.say("EHLO c.test\r\nMAIL FROM:<>\r\n");
  EXPECT_EQ(talk.say("BDAT 12\r\nQUIT\r\nQUIT\r\nNOOP\r\n"),
            "503 5.5.1 RCPT first\r\n250 2.0.0 OK\r\n");
  EXPECT_EQ(talk.say("BDAT 6 LAST\r\nQUIT\r\n"), "503 5.5.1 MAIL first\r\n");
  EXPECT_EQ(talk.next, Step::Next::go_on);
}

TEST(SmtpBdat, sixteen_mebibytes_in_all_are_taken_and_not_one_octet_more) {
  SmtpTalk talk;
  const std::string half(kMessageLimit / 2, 'x');
  const std::string chunk = "BDAT " + std::to_string(half.size());
  talk.begin_mail();
  EXPECT_EQ(talk.say(chunk + "\r\n" + half), "250 2.0.0 Chunk accepted\r\n");
  EXPECT_EQ(talk.say(chunk + " LAST\r\n" + half), "250 2.0.0 Message accepted\r\n");
  talk.begin_mail();
  talk.say("BDAT 1\r\nx" + chunk + "\r\n" + half);
  EXPECT_EQ(talk.say(chunk + " LAST\r\n" + half).substr(0, 9), "552 5.3.4");
  EXPECT_EQ(talk.store.count(), 1U);
  EXPECT_EQ(talk.code("NOOP"), 250);
}

TEST(SmtpBdat, a_chunk_that_cannot_be_skipped_ends_the_session) {
  for (const auto size : {"67108865"sv, "18446744073709551615"sv, "18446744073709551616"sv}) {
    SmtpTalk talk;
    talk.begin_mail();
    EXPECT_EQ(talk.code("BDAT " + std::string(size)), 421);
    EXPECT_EQ(talk.next, Step::Next::close);
  }
  SmtpTalk talk;
  talk.begin_mail();
  EXPECT_EQ(talk.say("BDAT 67108864\r\n"), "");
  EXPECT_EQ(talk.next, Step::Next::go_on);
}

TEST(SmtpBdat, says_what_is_wrong_with_its_argument) {
  SmtpTalk talk;
  talk.begin_mail();
  EXPECT_EQ(talk.code("BDAT"), 501);
  EXPECT_EQ(talk.code("BDAT x"), 501);
  EXPECT_EQ(talk.code("BDAT 1 FIRST"), 501);
}

}  // namespace
}  // namespace assay
