#include "harness/net/program.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves it to us

namespace assay {
namespace {

constexpr Milliseconds kLookAgain{2};
constexpr Milliseconds kTimeToGo{200};  // between being asked to end and being ended

/// A file in memory that the program writes into: nobody has to read while it runs.
class Output {
 public:
  Output() : descriptor_(::memfd_create("output", MFD_CLOEXEC)) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] Bytes kept() const {
    Bytes octets(kKeptOutput);
    const ssize_t got = ::pread(descriptor_, octets.data(), octets.size(), 0);
    octets.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return octets;
  }

 private:
  int descriptor_;
};

/// A started program; its process group ends with this object.
class Running {
 public:
  explicit Running(pid_t pid) : pid_(pid) {}
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  /// It is reaped last: until then nobody else can have the id of its group.
  ~Running() {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  void ask_to_end() const { ::kill(-pid_, SIGTERM); }
  /// Whether it has ended; `how` then says how.
  bool ended(siginfo_t& how) const {
    how.si_pid = 0;
    return ::waitid(P_PID, static_cast<id_t>(pid_), &how, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           how.si_pid == pid_;
  }

 private:
  pid_t pid_;
};

/// 0, or the error; `pid` is then a process that leads a group of its own.
int start(const std::vector<std::string>& words, int output, pid_t& pid) {
  std::vector<std::string> kept = words;
  std::vector<char*> argv;
  for (std::string& word : kept) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
  // We ignore SIGPIPE; a client under test is started as a shell would start it.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  ::posix_spawnattr_setsigdefault(&attributes, &pipe);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  const int error = ::posix_spawnp(&pid, argv.front(), &actions, &attributes, argv.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

Task<ProgramEnd> run_program(Loop& loop, std::vector<std::string> words, Deadline deadline) {
  ProgramEnd end;
  const Output output;
  pid_t pid = 0;
  end.code = output.descriptor() < 0 ? errno : start(words, output.descriptor(), pid);
  if (end.code != 0) co_return end;
  const Running running(pid);
  siginfo_t how{};
  bool in_time = true;
  while (!running.ended(how)) {
    if (Clock::now() >= deadline || loop.expired()) {
      in_time = false;
      running.ask_to_end();
      const Deadline gone = Clock::now() + kTimeToGo;
      while (!running.ended(how) && Clock::now() < gone && !loop.expired())
        co_await loop.sleep_until(Clock::now() + kLookAgain);
      break;
    }
    co_await loop.sleep_until(Clock::now() + kLookAgain);
  }
  end.output = output.kept();
  if (!in_time) {
    end.how = ProgramEnd::How::timed_out;
  } else {
    end.how = how.si_code == CLD_EXITED ? ProgramEnd::How::exited : ProgramEnd::How::signalled;
    end.code = how.si_status;
  }
  co_return end;
}

}  // namespace assay
