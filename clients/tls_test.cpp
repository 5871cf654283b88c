#include "clients/tls.h"

#include "clients/dialogue_fixture_test.h"

#include <algorithm>

namespace assay {
namespace {

using TlsDialogueTest = DialogueFixture<TlsDialogue>;

TEST_F(TlsDialogueTest, takes_back_what_was_said_as_its_answer) {
  auto answer = dialogue->ask(dialogue->canary());
  answer.start();
  say(heard());
  EXPECT_TRUE(result_of(answer).positive);
}

TEST_F(TlsDialogueTest, takes_a_line_that_comes_back_reversed) {
  auto answer = dialogue->ask(dialogue->canary());
  answer.start();
  std::string line = heard();
  std::ranges::reverse(line);
  say(line);
  EXPECT_TRUE(result_of(answer).positive);
}

TEST_F(TlsDialogueTest, passes_over_what_answers_nobody) {
  auto answer = dialogue->ask(dialogue->canary());
  answer.start();
  const std::string asked = heard();
  say("a banner\r\n");
  EXPECT_FALSE(answer.done());
  say(asked.substr(0, 8));
  EXPECT_FALSE(answer.done());
  say(asked.substr(8));
  EXPECT_TRUE(result_of(answer).positive);
}

// An answer to a command that was to be refused must not be taken for one to the next.
TEST_F(TlsDialogueTest, hears_the_answer_to_an_earlier_command_first) {
  dialogue->say(dialogue->canary());
  const std::string first = heard();
  auto answer = dialogue->ask(dialogue->canary());
  answer.start();
  say(first);
  EXPECT_TRUE(result_of(answer).positive);
  auto next = dialogue->answer();
  next.start();
  EXPECT_FALSE(next.done());
  say(heard());
  EXPECT_TRUE(result_of(next).positive);
}

}  // namespace
}  // namespace assay
