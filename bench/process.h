// What the benchmarks ask the system: child processes with their CPU time and memory, the CPU time
// of everybody, descriptors, a free port, a directory that goes away.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace assay::bench {

using Seconds = std::chrono::duration<double>;

/// A program that runs beside us, silent, until this object goes.
class Child {
 public:
  /// Throws std::system_error where it cannot start.
  explicit Child(const std::vector<std::string>& words);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  [[nodiscard]] bool running() const;
  /// User and system time of all its threads so far.
  [[nodiscard]] Seconds cpu() const;
  /// Anonymous and whole resident memory, octets.
  [[nodiscard]] std::size_t resident_anonymous() const;
  [[nodiscard]] std::size_t resident() const;
  /// Waits for its end; the most that was resident, octets.
  [[nodiscard]] std::size_t peak_at_end();

 private:
  pid_t pid_;  // -1 once it has ended
};

/// A listener on loopback that says nothing.
class Door {
 public:
  /// Throws std::system_error where it cannot listen.
  Door();
  ~Door();
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Waits until somebody has connected and said something; throws std::runtime_error when nobody
  /// does in ten seconds.
  void hear();

 private:
  std::uint16_t port_ = 0;
  int socket_;
};

/// User and system time of this process.
[[nodiscard]] Seconds own_cpu();

/// The share of the machine's processors that neither we nor `child` took between construction and
/// share().
class Others {
 public:
  explicit Others(const Child& child);
  [[nodiscard]] std::string share() const;

 private:
  const Child& child_;
  Seconds busy_;
  Seconds ours_;
  std::chrono::steady_clock::time_point begin_;
};

/// A new directory, removed with all that is in it.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] std::string file(std::string_view name) const { return directory_ / name; }

 private:
  std::filesystem::path directory_;
};

/// As many descriptors as this process may have; its children inherit it.
std::size_t raise_descriptor_limit();
[[nodiscard]] std::uint16_t free_port();
/// The program beside this one in the build.
[[nodiscard]] std::string sibling(std::string_view name);

}  // namespace assay::bench
