#include "harness/check/encounter.h"

#include "harness/check/scripted_test.h"
#include "harness/protocol/ldap.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace assay {
namespace {

constexpr std::string_view kPassword = "correct horse battery";

std::vector<Errand> errands(Protocol protocol, std::string_view text) {
  std::vector<Errand> all;
  for (const ClientCommand& command : commands_of(protocol, view_of(text)))
    all.push_back(command.errand);
  return all;
}
using Errands = std::vector<Errand>;
constexpr Errand kPrepares = Errand::preparing;
constexpr Errand kLeaves = Errand::leaving;
constexpr Errand kWorks = Errand::working;

TEST(ClientCommands, of_line_protocols_are_told_apart_by_their_verb) {
  EXPECT_EQ(errands(Protocol::smtp, "EHLO a\r\nstarttls\r\nMAIL FROM:<>\r\nQUIT\r\n"),
            (Errands{kPrepares, kPrepares, kWorks, kLeaves}));
  EXPECT_EQ(errands(Protocol::pop3, "CAPA\r\nSTLS\r\nUSER a\r\nAUTH\r\nAUTH PLAIN\r\nquit\r\n"),
            (Errands{kPrepares, kPrepares, kWorks, kPrepares, kWorks, kLeaves}));
  EXPECT_EQ(errands(Protocol::nntp, "CAPABILITIES\r\nMODE READER\r\nAUTHINFO USER a\r\nQUIT\r\n"),
            (Errands{kPrepares, kPrepares, kWorks, kLeaves}));
}

TEST(ClientCommands, that_are_none_are_work) {
  EXPECT_EQ(errands(Protocol::smtp, "AGFsaWNlAHNlY3JldA==\r\n\xff\xfe"), (Errands{kWorks, kWorks}));
  EXPECT_EQ(errands(Protocol::smtp, "QUITE\r\n"), Errands{kWorks});
  EXPECT_EQ(errands(Protocol::ldap, "EHLO a\r\n"), Errands{kWorks});
  EXPECT_EQ(errands(Protocol::ldap, "\x30\x03\x02\x01\x01"), Errands{kWorks});  // no operation
  EXPECT_EQ(errands(Protocol::smtp, ""), Errands{});
}

TEST(ClientCommands, of_ldap_are_told_apart_by_what_they_ask_for) {
  Bytes said = encode_ldap(ldap_extended(1, ldap::kStartTls));
  append(said, encode_ldap(ldap_read_entry(2, "", {"1.1"})));
  append(said, encode_ldap(ldap_simple_bind(3, "", Secret())));
  append(said, encode_ldap(ldap_simple_bind(4, "cn=a", Secret(kPassword))));
  append(said, encode_ldap(ldap_read_entry(5, "dc=test", {"1.1"})));
  append(said, encode_ldap(ldap_unbind(6)));
  said.push_back(0x30);
  EXPECT_EQ(errands(Protocol::ldap, text_of(said)),
            (Errands{kPrepares, kPrepares, kPrepares, kWorks, kWorks, kLeaves, kWorks}));
}

TEST(ClientCommands, end_where_a_client_hello_came_with_them) {
  EXPECT_EQ(errands(Protocol::smtp, "STARTTLS\r\n\x16\x03\x01\x02"), Errands{kPrepares});
  Bytes said = encode_ldap(ldap_extended(1, ldap::kStartTls));
  append(said, "\x16\x03\x01\x02");
  EXPECT_EQ(errands(Protocol::ldap, text_of(said)), Errands{kPrepares});
  EXPECT_EQ(errands(Protocol::smtp, "\x16\x04"), Errands{kWorks});
}

class EncounterTest : public testing::Test {
 protected:
  EncounterTest() { met.nonces.add(Secret(kPassword)); }
  void said(std::string_view text, bool secured = false) {
    transcript.said(TranscriptEntry::Kind::client, 1, secured, view_of(text));
  }
  Encounter& seen() {
    met.conversations = conversations_of(transcript);
    return met;
  }
  Ending honest() { return ending_with_honest(probe, seen()); }
  Ending impostor() { return ending_with_impostor(probe, seen()); }

  Loop loop;
  OracleContexts contexts;
  Counters counters;
  RunContext context{loop, contexts, counters, Budget{}, {}};
  Subject subject;
  std::vector<Facts> facts;
  Check check = row_for_tests("a.b.c");
  Case the_case{&check, 0, Access::upgrade, std::nullopt, "a.b.c"};
  Probe probe{context, subject, facts, the_case, 1, 1};
  Transcript transcript{1'000};
  Encounter met;
};

TEST_F(EncounterTest, keeps_apart_what_was_said_before_inside_and_behind_tls) {
  transcript.open_connection("one");
  said("EHLO a\r\n");
  transcript.tls_begins(1);
  said("MAIL", false);
  said("inside", true);
  transcript.said(TranscriptEntry::Kind::server, 1, true, view_of("250 "));
  said(" more", true);
  const Conversation& one = seen().conversations.at(0);
  EXPECT_TRUE(one.tls);
  EXPECT_EQ(text_of(one.clear), "EHLO a\r\n");
  EXPECT_EQ(text_of(one.clear_again), "MAIL");
  EXPECT_EQ(text_of(one.secured), "inside more");
  EXPECT_EQ(one.unanswered, 6U);
}

TEST_F(EncounterTest, knows_who_asked_for_a_staple) {
  transcript.open_connection("one");
  transcript.open_connection("two");
  said("EHLO a\r\n");
  transcript.said(TranscriptEntry::Kind::client, 2, true, view_of("EHLO a\r\n"));
  EXPECT_FALSE(seen().wants_staple());
  transcript.staple_wanted(2);
  EXPECT_TRUE(seen().wants_staple());
}

TEST_F(EncounterTest, finds_a_password_in_the_forms_that_protocols_give_it) {
  transcript.open_connection("one");
  said("PASS ");
  said(kPassword);
  EXPECT_EQ(honest(), ending::leaked_in_clear);
  transcript.open_connection("two");
  transcript.said(TranscriptEntry::Kind::client, 2, true,
                  view_of("AUTH PLAIN AGFsaWNlAGNvcnJlY3QgaG9yc2UgYmF0dGVyeQ==\r\n"));
  EXPECT_TRUE(seen().leaked_inside());
}

TEST_F(EncounterTest, work_in_the_clear_is_going_on_without_tls) {
  transcript.open_connection("one");
  said("EHLO a\r\nMAIL FROM:<>\r\n");
  EXPECT_EQ(honest(), ending::went_on_in_clear);
  EXPECT_EQ(impostor(), ending::went_on_in_clear);
}

TEST_F(EncounterTest, work_inside_tls_is_right_with_an_honest_server_alone) {
  transcript.open_connection("one");
  transcript.tls_begins(1);
  said("EHLO a\r\nMAIL FROM:<>\r\n", true);
  EXPECT_EQ(honest(), ending::secured_first);
  EXPECT_EQ(impostor(), ending::trusted_impostor);
  said(std::string("AUTH ") + std::string(kPassword), true);
  EXPECT_EQ(impostor(), ending::leaked_to_impostor);
}

TEST_F(EncounterTest, a_farewell_inside_tls_is_turning_away) {
  transcript.open_connection("one");
  transcript.tls_begins(1);
  said("QUIT\r\n", true);
  EXPECT_EQ(impostor(), ending::turned_away);
  met.end.how = ClientEnd::How::succeeded;
  EXPECT_EQ(impostor(), ending::turned_away_silently);
}

TEST_F(EncounterTest, a_client_that_did_not_come_or_go_or_begin_tls_is_not_judged) {
  EXPECT_EQ(honest(), ending::inconclusive);
  EXPECT_EQ(impostor(), ending::inconclusive);
  transcript.open_connection("one");
  said("EHLO a\r\nQUIT\r\n");
  EXPECT_EQ(honest(), ending::turned_away);
  EXPECT_EQ(impostor(), ending::inconclusive);
  met.end.how = ClientEnd::How::timed_out;
  EXPECT_EQ(honest(), ending::inconclusive);
}

TEST_F(EncounterTest, what_leaked_is_told_also_of_a_client_that_did_not_end) {
  transcript.open_connection("one");
  said(kPassword);
  met.end.how = ClientEnd::How::timed_out;
  EXPECT_EQ(honest(), ending::leaked_in_clear);
}

TEST_F(EncounterTest, of_which_a_part_was_not_kept_is_no_pass) {
  transcript.open_connection("one");
  transcript.tls_begins(1);
  said("MAIL FROM:<>\r\n", true);
  met.cut = true;
  EXPECT_EQ(honest(), ending::inconclusive);
  EXPECT_EQ(impostor(), ending::trusted_impostor);
}

TEST_F(EncounterTest, counts_the_commands_that_did_not_wait_for_an_answer) {
  transcript.open_connection("one");
  transcript.tls_begins(1);
  said("EHLO a\r\nAUTH PLAIN\r\nQUIT\r\n", true);
  EXPECT_EQ(seen().unanswered_inside(), 2U);
  transcript.said(TranscriptEntry::Kind::server, 1, true, view_of("250 a\r\n"));
  said("MAIL FROM:<>\r\n", true);
  EXPECT_EQ(seen().unanswered_inside(), 2U);
}

}  // namespace
}  // namespace assay
