#include "bench/process.h"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <sstream>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace assay::bench {
namespace {

Seconds seconds_of(const timeval& time) {
  return Seconds(static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6);
}

Seconds seconds_of_ticks(double ticks) {
  return Seconds(ticks / static_cast<double>(::sysconf(_SC_CLK_TCK)));
}

std::string text_of_file(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A line "Name:  123 kB" of /proc/PID/status, in octets.
std::size_t status_field(pid_t pid, std::string_view name) {
  std::istringstream status(text_of_file(fmt::format("/proc/{}/status", pid)));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return std::stoul(line.substr(name.size())) * 1024;
  }
  return 0;
}

/// CLOCK_PROCESS_CPUTIME_ID of another process: nanoseconds, where /proc/PID/stat has ticks.
Seconds cpu_clock(pid_t pid) {
  clockid_t clock{};
  timespec now{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &now) != 0) return {};
  return Seconds(static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9);
}

/// Time that all processors together were busy.
Seconds machine_busy() {
  std::istringstream stat(text_of_file("/proc/stat"));
  std::string cpu;
  double user = 0;
  double nice = 0;
  double system = 0;
  double idle = 0;
  double waiting = 0;
  double interrupt = 0;
  double soft = 0;
  stat >> cpu >> user >> nice >> system >> idle >> waiting >> interrupt >> soft;
  return seconds_of_ticks(user + nice + system + interrupt + soft);
}

}  // namespace

Child::Child(const std::vector<std::string>& words) : pid_(::fork()) {
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ > 0) return;
  std::vector<std::string> copies = words;
  std::vector<char*> arguments;
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int nothing = ::open("/dev/null", O_RDWR);
  for (int standard = 0; standard < 3; ++standard) ::dup2(nothing, standard);
  ::execvp(arguments.front(), arguments.data());
  ::_exit(127);
}

Child::~Child() {
  ::kill(pid_, SIGTERM);
  for (int i = 0; i < 100; ++i) {
    if (::waitpid(pid_, nullptr, WNOHANG) != 0) return;
    ::usleep(20'000);
  }
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool Child::running() const {
  siginfo_t how{};
  return ::waitid(P_PID, static_cast<id_t>(pid_), &how, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         how.si_pid == 0;
}

Seconds Child::cpu() const { return cpu_clock(pid_); }
std::size_t Child::resident_anonymous() const { return status_field(pid_, "RssAnon:"); }
std::size_t Child::resident() const { return status_field(pid_, "VmRSS:"); }

Seconds own_cpu() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
}

Others::Others(const Child& child)
    : child_(child),
      busy_(machine_busy()),
      ours_(own_cpu() + child.cpu()),
      begin_(std::chrono::steady_clock::now()) {}

std::string Others::share() const {
  const Seconds whole = (std::chrono::steady_clock::now() - begin_) *
                        static_cast<double>(::sysconf(_SC_NPROCESSORS_ONLN));
  const Seconds others = machine_busy() - busy_ - (own_cpu() + child_.cpu() - ours_);
  // Interrupts on behalf of others are nobody's: a little below nothing is nothing.
  return fmt::format("{:.0f} %", 100 * std::max(0.0, others / whole));
}

Scratch::Scratch() {
  std::string pattern = std::filesystem::temp_directory_path() / "assay-bench-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(), pattern);
  directory_ = pattern;
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

std::uint16_t free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool bound =
      ::bind(descriptor, generic, size) == 0 && ::getsockname(descriptor, generic, &size) == 0;
  const int error = errno;
  ::close(descriptor);
  if (!bound) throw std::system_error(error, std::generic_category(), "no free port");
  return ntohs(address.sin_port);
}

std::string sibling(std::string_view name) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

}  // namespace assay::bench
