// A dialogue in memory whose peer is the test: it says what it likes, and sees what it is told.
#pragma once

#include "clients/dialogue.h"
#include "harness/check/scripted_test.h"
#include "harness/net/memory_link.h"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>

namespace assay {

template <typename Spoken>
class DialogueFixture : public testing::Test {
 protected:
  DialogueFixture() {
    subject.account.sink = "ann@a.test";
    auto [ours, theirs] = MemoryLink::pair();
    our_link = ours.get();
    peer = std::move(theirs);
    dialogue.emplace(probe, subject.endpoints[0],
                     std::make_unique<SecureLink>(std::move(ours), Role::client, nullptr));
  }
  /// What the peer hears now.
  std::string heard() {
    const auto there = peer->read_now();
    return there ? std::string(text_of(there->bytes)) : "";
  }
  void say(std::string_view text) { peer->write(bytes_of(text)); }
  template <typename T>
  T result_of(Task<T>& task) {
    EXPECT_TRUE(task.done());
    if (!task.done()) throw std::logic_error("the dialogue still waits");
    return task.result();
  }
  static Task<bool> always() { co_return true; }

  Loop loop;
  OracleContexts contexts;
  Counters counters;
  RunContext context{loop, contexts, counters, Budget{}, always};
  Subject subject = subject_for_tests(nullptr);
  std::vector<Facts> facts = {facts_for_tests()};
  Check check = row_for_tests("a.b.c");
  Case the_case{&check, 0, Access::upgrade, std::nullopt, "a.b.c@smtp.upgrade"};
  Probe probe{context, subject, facts, the_case, 1, 1};
  std::unique_ptr<MemoryLink> peer;
  MemoryLink* our_link = nullptr;
  std::optional<Spoken> dialogue;
};

}  // namespace assay
