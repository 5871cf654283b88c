#include "clients/ldap.h"

#include "clients/dialogue_fixture_test.h"
#include "harness/protocol/ber.h"

namespace assay {
namespace {

using Code = LdapResultCode;

class LdapDialogueTest : public DialogueFixture<LdapDialogue> {
 protected:
  /// The requests that the peer hears now.
  std::vector<LdapMessage> requests() {
    std::vector<LdapMessage> all;
    const std::string octets = heard();
    for (View rest = view_of(octets); !rest.empty();) {
      const MessageFront front = front_message(rest, 1UL << 16);
      if (front.kind != MessageFront::Kind::complete) throw std::logic_error("no whole message");
      all.push_back(decode_ldap(rest.first(front.size)).message.value());
      rest = rest.subspan(front.size);
    }
    return all;
  }
  void respond(const LdapMessage& message) { say(text_of(encode_ldap(message))); }
  void done(std::int32_t id, Code code = Code::success) {
    respond({.id = id, .op = LdapResponse{LdapOp::search_done, {.code = code}}});
  }
  void extended(std::int32_t id, Code code) {
    respond({.id = id, .op = LdapExtendedResponse{{.code = code}}});
  }
};

TEST_F(LdapDialogueTest, lists_what_the_root_dse_says_in_whatever_case_and_however_it_is_cut) {
  auto task = dialogue->greet();
  task.start();
  const auto asked = requests();
  ASSERT_EQ(asked.size(), 1U);
  const auto& search = std::get<LdapSearchRequest>(asked[0].op);
  EXPECT_EQ(search.base, "");
  const Bytes entry = encode_ldap(
      {.id = asked[0].id,
       .op = LdapSearchEntry{
           .name = "",
           .attributes = {{"SUPPORTEDEXTENSION", {"1.2.3", std::string(ldap::kStartTls)}},
                          {"supportedsaslmechanisms", {"PLAIN"}}}}});
  say(text_of(View(entry).first(7)));
  say(text_of(View(entry).subspan(7)));
  EXPECT_FALSE(task.done());
  done(asked[0].id);
  EXPECT_TRUE(result_of(task));
  EXPECT_EQ(dialogue->capabilities(),
            (std::vector<std::string>{"supportedExtension: 1.2.3",
                                      "supportedExtension: 1.3.6.1.4.1.1466.20037",
                                      "supportedSASLMechanisms: PLAIN"}));
  EXPECT_EQ(dialogue->upgrade_listed(), 1U);
}

TEST_F(LdapDialogueTest, a_root_dse_that_is_refused_leaves_nothing_listed) {
  auto task = dialogue->greet();
  task.start();
  done(requests().at(0).id, Code::insufficient_access_rights);
  EXPECT_TRUE(result_of(task));
  EXPECT_EQ(dialogue->upgrade_listed(), 0U);
}

TEST_F(LdapDialogueTest, a_busy_server_asks_for_patience) {
  auto task = dialogue->greet();
  task.start();
  done(requests().at(0).id, Code::busy);
  EXPECT_FALSE(result_of(task));
  EXPECT_EQ(probe.lost(), ending::throttled);
}

TEST_F(LdapDialogueTest, a_busy_server_may_say_so_by_a_notice_of_disconnection) {
  auto task = dialogue->greet();
  task.start();
  respond(ldap_notice_of_disconnection(Code::busy, "too many"));
  EXPECT_FALSE(result_of(task));
  EXPECT_EQ(probe.lost(), ending::throttled);
  EXPECT_EQ(probe.why(), "no capabilities: notice of disconnection: busy (51) too many");
}

TEST_F(LdapDialogueTest, answers_in_the_other_order_are_given_to_their_requests) {
  Bytes segment = dialogue->unknown_command();
  append(segment, dialogue->canary());
  dialogue->say(segment);
  const auto asked = requests();
  ASSERT_EQ(asked.size(), 2U);
  done(asked[1].id);
  auto first = dialogue->answer();
  first.start();
  EXPECT_FALSE(first.done());
  extended(asked[0].id, Code::protocol_error);
  EXPECT_EQ(result_of(first).code, 2);
  auto second = dialogue->answer();
  second.start();
  const Answer answer = result_of(second);
  EXPECT_TRUE(answer.positive && !answer.unasked) << answer.text;
}

TEST_F(LdapDialogueTest, the_answer_that_is_next_may_be_to_any_request) {
  Bytes segment = dialogue->unknown_command();
  append(segment, dialogue->canary());
  dialogue->say(segment);
  const auto asked = requests();
  done(asked.at(1).id);
  auto next = dialogue->any_answer();
  next.start();
  EXPECT_TRUE(result_of(next).positive);
  EXPECT_EQ(dialogue->response().id, asked.at(1).id);
  auto other = dialogue->answer();
  other.start();
  extended(asked.at(0).id, Code::protocol_error);
  EXPECT_EQ(result_of(other).code, 2);
}

TEST_F(LdapDialogueTest, the_answer_to_the_last_request_does_not_wait_for_others) {
  Bytes segment = dialogue->canary();
  append(segment, dialogue->upgrade_request());
  dialogue->say(segment);
  const auto asked = requests();
  auto last = dialogue->answer_to_last();
  last.start();
  done(asked.at(0).id);
  EXPECT_FALSE(last.done());
  EXPECT_TRUE(dialogue->has_answer_waiting());
  extended(asked.at(1).id, Code::success);
  EXPECT_TRUE(dialogue->is_go_ahead(result_of(last)));
}

TEST_F(LdapDialogueTest, an_answer_that_belongs_to_no_request_is_told_apart) {
  auto task = dialogue->marker();
  task.start();
  const std::int32_t id = requests().at(0).id;
  done(id + 100, Code::insufficient_access_rights);
  const MarkerResult marker = result_of(task);
  EXPECT_FALSE(marker.answered);
  EXPECT_TRUE(marker.unasked);
}

TEST_F(LdapDialogueTest, an_entry_that_belongs_to_no_search_is_told_apart) {
  auto task = dialogue->marker();
  task.start();
  respond({.id = requests().at(0).id, .op = LdapSearchEntry{.name = "cn=a"}});
  EXPECT_FALSE(task.done());  // of the extended request: passed over
  respond({.id = 99, .op = LdapSearchEntry{.name = "cn=a"}});
  EXPECT_TRUE(result_of(task).unasked);
}

TEST_F(LdapDialogueTest, an_answer_behind_the_markers_is_seen_before_the_end) {
  auto task = dialogue->owes_nothing();
  task.start();
  EXPECT_TRUE(std::holds_alternative<LdapUnbindRequest>(requests().at(0).op));
  done(77);
  EXPECT_FALSE(result_of(task));
}

TEST_F(LdapDialogueTest, a_session_that_closes_behind_the_unbind_owes_nothing) {
  auto task = dialogue->owes_nothing();
  task.start();
  peer->finish();
  EXPECT_TRUE(result_of(task));
}

TEST_F(LdapDialogueTest, an_upgrade_refused_for_an_operation_that_is_over_is_asked_for_again) {
  auto task = dialogue->ask_for_upgrade();
  task.start();
  extended(requests().at(0).id, Code::operations_error);
  EXPECT_FALSE(task.done());
  loop.run_until_done([](Loop& clock) -> Task<void> {
    co_await clock.sleep_until(Clock::now() + Milliseconds(50));
  }(loop));
  extended(requests().at(0).id, Code::success);
  EXPECT_TRUE(dialogue->is_go_ahead(result_of(task)));
}

TEST_F(LdapDialogueTest, an_upgrade_refused_for_another_reason_is_refused) {
  auto task = dialogue->ask_for_upgrade();
  task.start();
  extended(requests().at(0).id, Code::protocol_error);
  EXPECT_EQ(result_of(task).code, 2);
}

TEST_F(LdapDialogueTest, a_notice_of_disconnection_is_an_end_with_a_code) {
  auto task = dialogue->ask(dialogue->canary());
  task.start();
  respond(ldap_notice_of_disconnection(Code::protocol_error, ""));
  const Answer answer = result_of(task);
  EXPECT_EQ(answer.stop, Stop::closed);
  EXPECT_EQ(answer.code, 2);
}

TEST_F(LdapDialogueTest, other_notices_are_passed_over) {
  auto task = dialogue->ask(dialogue->canary());
  task.start();
  const std::int32_t id = requests().at(0).id;
  respond({.id = 0, .op = LdapExtendedResponse{.name = "1.2.3"}});
  EXPECT_FALSE(task.done());
  done(id);
  EXPECT_TRUE(result_of(task).positive);
}

TEST_F(LdapDialogueTest, what_is_no_response_is_malformed) {
  EXPECT_EQ(dialogue->read_clear(bytes_of("220 mx.test\r\n")), ClearWord::no);
  EXPECT_EQ(dialogue->read_clear(encode_ldap(ldap_unbind(1))), ClearWord::no);
  auto task = dialogue->ask(dialogue->canary());
  task.start();
  respond({.id = requests().at(0).id, .op = LdapBindResponse{}});
  EXPECT_EQ(result_of(task).stop, Stop::malformed);
}

TEST_F(LdapDialogueTest, more_entries_than_the_budget_allows_are_malformed) {
  auto task = dialogue->ask(dialogue->canary());
  task.start();
  const std::int32_t id = requests().at(0).id;
  for (std::size_t i = 0; i <= Budget{}.reply_lines; ++i) {
    respond({.id = id, .op = LdapSearchEntry{.name = "cn=a"}});
  }
  EXPECT_EQ(result_of(task).stop, Stop::malformed);
}

TEST_F(LdapDialogueTest, in_the_clear_an_entry_or_a_success_is_a_yes) {
  const Bytes entry = encode_ldap({.id = 3, .op = LdapSearchEntry{.name = ""}});
  EXPECT_EQ(dialogue->read_clear(entry), ClearWord::yes);
  EXPECT_EQ(dialogue->read_clear(View(entry).first(4)), ClearWord::incomplete);
  EXPECT_EQ(dialogue->read_clear(encode_ldap(
                {.id = 3, .op = LdapResponse{LdapOp::search_done, {.code = Code::busy}}})),
            ClearWord::no);
  EXPECT_EQ(
      dialogue->read_clear(encode_ldap(ldap_notice_of_disconnection(Code::protocol_error, ""))),
      ClearWord::no);
}

}  // namespace
}  // namespace assay
