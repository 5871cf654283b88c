#include "harness/protocol/smtp.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace assay {
namespace {

using namespace std::string_view_literals;

template <typename T>
SmtpSyntax error_of(const SmtpParsed<T>& parsed) {
  EXPECT_FALSE(parsed);
  return parsed.error();
}

TEST(SmtpCommand, verbs_are_known_in_any_case) {
  const auto command = parse_smtp_command("eHlO mx.test");
  EXPECT_EQ(command.verb, SmtpVerb::ehlo);
  EXPECT_EQ(command.argument, "mx.test");
  EXPECT_EQ(command.raw, "eHlO mx.test");
  for (const auto line : {"XYZZY"sv, ""sv, "EHLOO x"sv, "NOOP\tx"sv, " NOOP"sv, "\xffNOOP"sv}) {
    EXPECT_EQ(parse_smtp_command(line).verb, SmtpVerb::unknown) << line;
  }
}

TEST(SmtpCommand, white_space_at_the_end_is_read_over) {
  const auto command = parse_smtp_command("QUIT \t ");
  EXPECT_EQ(command.verb, SmtpVerb::quit);
  EXPECT_EQ(command.argument, "");
}

TEST(SmtpMail, takes_a_path_and_known_parameters) {
  const auto mail =
      parse_mail("from:<a@b.test> SIZE=1024 BODY=8bitmime AUTH=e+2Bmc2@x.test X-Y=z FLAG");
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->reverse_path.text, "a@b.test");
  EXPECT_EQ(mail->size, 1024U);
  EXPECT_EQ(mail->body, SmtpBody::eight_bit_mime);
  EXPECT_EQ(mail->auth, "e+mc2@x.test");
  ASSERT_EQ(mail->others.size(), 2U);
  EXPECT_EQ(mail->others[0], (SmtpParameter{"X-Y", "z"}));
  EXPECT_EQ(mail->others[1], (SmtpParameter{"FLAG", std::nullopt}));
}

TEST(SmtpMail, takes_the_null_path_and_nobody) {
  const auto mail = parse_mail("FROM:<> AUTH=<>");
  ASSERT_TRUE(mail);
  EXPECT_TRUE(mail->reverse_path.null());
  EXPECT_EQ(mail->auth, "<>");
}

TEST(SmtpMail, says_what_is_wrong) {
  EXPECT_EQ(error_of(parse_mail("")), SmtpSyntax::missing_argument);
  EXPECT_EQ(error_of(parse_mail("<a@b>")), SmtpSyntax::bad_argument);
  EXPECT_EQ(error_of(parse_mail("FROM: <a@b>")), SmtpSyntax::bad_path);
  EXPECT_EQ(error_of(parse_mail("FROM:a@b")), SmtpSyntax::bad_path);
  EXPECT_EQ(error_of(parse_mail("FROM:<a@b>SIZE=1")), SmtpSyntax::bad_path);
  EXPECT_EQ(error_of(parse_mail("FROM:<postmaster>")), SmtpSyntax::bad_path);
  EXPECT_EQ(error_of(parse_mail("FROM:<a@b> SIZE=1 size=2")), SmtpSyntax::repeated_parameter);
  for (const auto* parameter : {"SIZE", "SIZE=", "SIZE=x", "SIZE=-1", "BODY=9BIT", "BODY", "AUTH",
                                "AUTH=a", "AUTH=+zz", "A_B=c", "=x", "X=a=b", "X=\x80"}) {
    EXPECT_EQ(error_of(parse_mail(std::string("FROM:<a@b> ") + parameter)),
              SmtpSyntax::bad_parameter)
        << parameter;
  }
}

TEST(SmtpMail, sizes_have_twenty_digits_and_64_bits) {
  EXPECT_EQ(parse_mail("FROM:<> SIZE=18446744073709551615")->size, UINT64_MAX);
  EXPECT_EQ(parse_mail("FROM:<> SIZE=00000000000000000001")->size, 1U);
  EXPECT_EQ(error_of(parse_mail("FROM:<> SIZE=18446744073709551616")),
            SmtpSyntax::number_too_large);
  EXPECT_EQ(error_of(parse_mail("FROM:<> SIZE=000000000000000000001")), SmtpSyntax::bad_parameter);
}

TEST(SmtpRcpt, takes_postmaster_and_refuses_the_null_path) {
  EXPECT_EQ(parse_rcpt("TO:<Postmaster>")->forward_path.mailbox(), "postmaster");
  EXPECT_EQ(parse_rcpt("TO:<@r.test:a@b.test>")->forward_path.text, "a@b.test");
  EXPECT_EQ(parse_rcpt("TO:<a@b> NOTIFY=NEVER")->parameters.size(), 1U);
  EXPECT_EQ(error_of(parse_rcpt("TO:<>")), SmtpSyntax::bad_path);
  EXPECT_EQ(error_of(parse_rcpt("FROM:<a@b>")), SmtpSyntax::bad_argument);
}

TEST(SmtpBdat, reads_size_and_last) {
  EXPECT_EQ(parse_bdat("0")->size, 0U);
  EXPECT_FALSE(parse_bdat("10")->last);
  EXPECT_TRUE(parse_bdat("10 last")->last);
  EXPECT_EQ(parse_bdat("18446744073709551615 LAST")->size, UINT64_MAX);
  EXPECT_EQ(error_of(parse_bdat("")), SmtpSyntax::missing_argument);
  EXPECT_EQ(error_of(parse_bdat("18446744073709551616")), SmtpSyntax::number_too_large);
  for (const auto argument : {"x"sv, "-1"sv, "+1"sv, "1 FIRST"sv, "1  LAST"sv, " 1"sv, "1x"sv}) {
    EXPECT_EQ(error_of(parse_bdat(argument)), SmtpSyntax::bad_argument) << argument;
  }
}

TEST(SmtpAuth, reads_mechanism_and_initial_response) {
  EXPECT_EQ(parse_auth("plain")->mechanism, "PLAIN");
  EXPECT_FALSE(parse_auth("PLAIN")->initial_response);
  EXPECT_EQ(parse_auth("PLAIN =")->initial_response, "=");
  EXPECT_EQ(error_of(parse_auth("")), SmtpSyntax::missing_argument);
  EXPECT_EQ(error_of(parse_auth("PLAIN a b")), SmtpSyntax::bad_argument);
  EXPECT_EQ(error_of(parse_auth("PL/AIN")), SmtpSyntax::bad_argument);
  EXPECT_TRUE(parse_auth(std::string(20, 'X')));
  EXPECT_EQ(error_of(parse_auth(std::string(21, 'X'))), SmtpSyntax::bad_argument);
}

TEST(SmtpHello, takes_a_domain_or_a_literal) {
  EXPECT_EQ(parse_hello("client.test"), "client.test");
  EXPECT_EQ(parse_hello("[127.0.0.1]"), "[127.0.0.1]");
  EXPECT_EQ(error_of(parse_hello("")), SmtpSyntax::missing_argument);
  EXPECT_EQ(error_of(parse_hello("a b")), SmtpSyntax::bad_argument);
  EXPECT_EQ(error_of(parse_hello("127.0.0.1]")), SmtpSyntax::bad_argument);
}

TEST(SmtpCompose, writes_what_is_read_back) {
  const MailCommand mail{.reverse_path = *parse_mailbox("\"a b\"@c.test"),
                         .size = 7,
                         .body = SmtpBody::seven_bit,
                         .auth = "x+y@z.test",
                         .others = {{"FLAG", std::nullopt}, {"KEY", "value"}}};
  const std::string line = compose(mail);
  EXPECT_EQ(line,
            "MAIL FROM:<\"a b\"@c.test> SIZE=7 BODY=7BIT AUTH=x+2By@z.test FLAG KEY=value\r\n");
  const auto command = parse_smtp_command(std::string_view(line).substr(0, line.size() - 2));
  EXPECT_EQ(parse_mail(command.argument), mail);
}

TEST(SmtpCompose, writes_the_other_commands) {
  EXPECT_EQ(compose(SmtpVerb::starttls), "STARTTLS\r\n");
  EXPECT_EQ(compose(SmtpVerb::ehlo, "x.test"), "EHLO x.test\r\n");
  EXPECT_EQ(compose(RcptCommand{*parse_mailbox("a@b")}), "RCPT TO:<a@b>\r\n");
  EXPECT_EQ(compose(BdatCommand{5, false}), "BDAT 5\r\n");
  EXPECT_EQ(compose(BdatCommand{0, true}), "BDAT 0 LAST\r\n");
  EXPECT_EQ(compose_auth("PLAIN"), "AUTH PLAIN\r\n");
  EXPECT_EQ(compose_auth("PLAIN", ""), "AUTH PLAIN =\r\n");
  EXPECT_EQ(compose_auth("LOGIN", "dGlt"), "AUTH LOGIN dGlt\r\n");
  EXPECT_EQ(compose(MailCommand{}), "MAIL FROM:<>\r\n");
}

}  // namespace
}  // namespace assay
