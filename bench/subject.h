// The servers that the benchmarks measure: our reference server and nginx, each in a process of its
// own, with certificates of one kind.
#pragma once

#include "bench/process.h"
#include "harness/check/subject.h"

#include <memory>
#include <optional>
#include <string>

namespace assay::bench {

/// `assay serve` with both listeners.
class ReferenceServer {
 public:
  /// Throws std::runtime_error when it does not come up.
  explicit ReferenceServer(const std::string& program);

  [[nodiscard]] const Child& process() const { return *child_; }
  /// As `assay check` would see it, with its account and CA.
  [[nodiscard]] const Subject& subject() const { return subject_; }
  [[nodiscard]] std::uint16_t port(Access access) const;

 private:
  Scratch scratch_;
  std::unique_ptr<Child> child_;
  Subject subject_;
};

/// nginx, one process: a stream server that greets inside TLS, and an http server.
class Nginx {
 public:
  Nginx();
  /// Why there is none; nothing once it listens.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }
  [[nodiscard]] const Child& process() const { return *child_; }
  [[nodiscard]] std::uint16_t stream_port() const { return stream_port_; }
  [[nodiscard]] std::uint16_t http_port() const { return http_port_; }

 private:
  Scratch scratch_;
  std::unique_ptr<Child> child_;
  std::uint16_t stream_port_ = 0;
  std::uint16_t http_port_ = 0;
  std::string trouble_;
};

}  // namespace assay::bench
