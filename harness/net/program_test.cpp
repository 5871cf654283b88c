#include "harness/net/program.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>

namespace assay {
namespace {

using How = ProgramEnd::How;

ProgramEnd run(std::vector<std::string> words, Milliseconds limit = Milliseconds(10'000)) {
  Loop loop;
  return loop.run_until_done(run_program(loop, std::move(words), Clock::now() + limit));
}

TEST(Program, says_how_it_ended_and_what_it_said) {
  const ProgramEnd end = run({"sh", "-c", "echo out; echo err >&2; exit 7"});
  EXPECT_EQ(end.how, How::exited);
  EXPECT_EQ(end.code, 7);
  EXPECT_EQ(text_of(end.output), "out\nerr\n");
}

TEST(Program, words_reach_it_as_they_are) {
  const ProgramEnd end = run({"printf", "[%s]", "a b", "$HOME;", "*"});
  EXPECT_EQ(text_of(end.output), "[a b][$HOME;][*]");
}

TEST(Program, has_nothing_to_read) {
  const ProgramEnd end = run({"cat"});
  EXPECT_EQ(end.how, How::exited);
  EXPECT_TRUE(end.output.empty());
}

TEST(Program, that_a_signal_ended_is_told_from_one_that_exited) {
  const ProgramEnd end = run({"sh", "-c", "kill -KILL $$"});
  EXPECT_EQ(end.how, How::signalled);
  EXPECT_EQ(end.code, SIGKILL);
}

TEST(Program, that_is_not_there_is_not_started) {
  const ProgramEnd end = run({"/nowhere/to/be/found"});
  EXPECT_EQ(end.how, How::not_started);
  EXPECT_EQ(end.code, ENOENT);
}

TEST(Program, that_outlasts_its_deadline_is_ended) {
  const auto begin = Clock::now();
  const ProgramEnd end = run({"sh", "-c", "echo begun; trap '' TERM; sleep 60"}, Milliseconds(300));
  EXPECT_EQ(end.how, How::timed_out);
  EXPECT_EQ(text_of(end.output), "begun\n");
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(20));
}

TEST(Program, takes_what_it_started_along) {
  const ProgramEnd end = run({"sh", "-c", "sleep 60 & echo $!"});
  EXPECT_EQ(end.how, How::exited);
  const int left = std::stoi(std::string(text_of(end.output)));
  // Whoever adopted it may not have buried it yet.
  const Deadline patience = Clock::now() + std::chrono::seconds(10);
  const auto lives = [&] {
    std::ifstream file("/proc/" + std::to_string(left) + "/stat");
    std::string pid;
    std::string name;
    std::string state;
    return static_cast<bool>(file >> pid >> name >> state) && state != "Z" && state != "X";
  };
  while (lives() && Clock::now() < patience) {
  }
  EXPECT_FALSE(lives());
}

TEST(Program, that_says_too_much_is_kept_in_part) {
  const ProgramEnd end = run({"head", "-c", "200000", "/dev/zero"});
  EXPECT_EQ(end.how, How::exited);
  EXPECT_EQ(end.output.size(), kKeptOutput);
}

}  // namespace
}  // namespace assay
