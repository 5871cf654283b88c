// Runs the built `assay` as its users do: an argument vector, two streams, an exit code; and keeps
// the files of a test in a directory that goes with it. Peers of a test live on the loop that waits
// for the program.
#pragma once

#include "harness/base/bytes.h"
#include "harness/net/loop.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace assay {

/// The path of the binary; cli_run_test.cpp has it from the build.
extern const char* const kProgram;

inline std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = testing::TempDir() + "assay-cli-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr)
      throw std::system_error(errno, std::generic_category(), pattern);
    path_ = pattern;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string path(std::string_view name) const { return path_ / name; }
  /// A file with that text, for its owner alone unless told otherwise.
  [[nodiscard]] std::string file(std::string_view name, std::string_view text,
                                 mode_t mode = 0600) const {
    std::ofstream(path(name), std::ios::binary) << text;
    ::chmod(path(name).c_str(), mode);
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

struct Ran {
  int code = -1;  // 128+n where signal n ended it, -1 where it had to be killed
  std::string out;
  std::string err;
  Milliseconds took{0};
};

/// One run of the program, under way from the constructor on.
class Program {
 public:
  explicit Program(std::vector<std::string> arguments, std::string out = {})
      : out_(out.empty() ? files_.path("out") : std::move(out)), begin_(Clock::now()) {
    arguments.insert(arguments.begin(), kProgram);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    constexpr int kWrite = O_WRONLY | O_CREAT;
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 1, out_.c_str(), kWrite, 0600);
    ::posix_spawn_file_actions_addopen(&actions, 2, files_.path("err").c_str(), kWrite, 0600);
    const int error = ::posix_spawn(&pid_, kProgram, &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::system_error(error, std::generic_category(), kProgram);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() {
    if (ended_) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  void signal(int number) const { ::kill(pid_, number); }
  [[nodiscard]] bool ended() {
    if (ended_) return true;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
    ended_ = true;
    ran_.took = std::chrono::duration_cast<Milliseconds>(Clock::now() - begin_);
    ran_.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return true;
  }
  /// Waits on `loop`, so that the test's own peers go on meanwhile.
  Task<Ran> finish(Loop& loop, Milliseconds patience) {
    const Deadline deadline = begin_ + patience;
    while (!ended() && Clock::now() < deadline)
      co_await loop.sleep_until(Clock::now() + Milliseconds(10));
    if (std::filesystem::is_regular_file(out_)) ran_.out = text_of_file(out_);
    ran_.err = text_of_file(files_.path("err"));
    co_return ran_;
  }

 private:
  TemporaryDirectory files_;
  std::string out_;
  pid_t pid_ = -1;
  bool ended_ = false;
  Deadline begin_;
  Ran ran_;
};

class CliTest : public testing::Test {
 protected:
  Ran run(std::vector<std::string> arguments, Milliseconds patience = std::chrono::seconds(60)) {
    Program program(std::move(arguments));
    return loop.run_until_done(program.finish(loop, patience));
  }
  void sleep(int milliseconds) {
    loop.run_until_done(loop.sleep_until(Clock::now() + Milliseconds(milliseconds)));
  }

  Loop loop;
  TemporaryDirectory files;
};

inline bool says(std::string_view text, std::string_view words) {
  return text.find(words) != std::string_view::npos;
}

/// The program's complaint: the one line on stderr that begins with its name.
inline std::string complaint_of(const Ran& ran) {
  std::string found;
  std::size_t lines = 0;
  std::string_view rest = ran.err;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (!line.starts_with("assay: ")) continue;
    found = line;
    ++lines;
  }
  EXPECT_EQ(lines, 1U) << ran.err;
  return found;
}

/// A row that is over in a moment against a good server.
inline constexpr const char* kQuickRow = "integrity.injection.discards_pipelined_plaintext";

}  // namespace assay
