#include "bench/process.h"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <poll.h>
#include <sstream>
#include <stdexcept>
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

/// A socket on a free port of loopback, which it tells.
int bound_socket(std::uint16_t& port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(descriptor, generic, size) != 0 || ::getsockname(descriptor, generic, &size) != 0) {
    const int error = errno;
    ::close(descriptor);
    throw std::system_error(error, std::generic_category(), "no free port");
  }
  port = ntohs(address.sin_port);
  return descriptor;
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
  if (pid_ < 0) return;
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

std::size_t Child::peak_at_end() {
  rusage used{};
  if (::wait4(pid_, nullptr, 0, &used) != pid_)
    throw std::system_error(errno, std::generic_category(), "wait4");
  pid_ = -1;
  return static_cast<std::size_t>(used.ru_maxrss) * 1024;
}

Door::Door() : socket_(bound_socket(port_)) {
  constexpr int kWaiting = 8;
  ::listen(socket_, kWaiting);
}

Door::~Door() { ::close(socket_); }

void Door::hear() {
  constexpr int kLimit = 10'000;
  pollfd waiting{socket_, POLLIN, 0};
  if (::poll(&waiting, 1, kLimit) != 1) throw std::runtime_error("nobody connected");
  const int peer = ::accept(socket_, nullptr, nullptr);
  waiting = {peer, POLLIN, 0};
  const bool heard = peer >= 0 && ::poll(&waiting, 1, kLimit) == 1;
  ::close(peer);
  if (!heard) throw std::runtime_error("nobody said anything");
}

std::uint16_t free_port() {
  std::uint16_t port = 0;
  ::close(bound_socket(port));
  return port;
}

std::string sibling(std::string_view name) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

}  // namespace assay::bench
