// The bare baseline: an epoll loop over libssl that makes TLS connections and nothing else. What a
// handshake costs at least, and the load for servers; nothing of the product is in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct ssl_ctx_st;

namespace assay::bench {

/// One kind of connection.
struct Target {
  std::uint16_t port = 0;
  bool upgrade = false;   // greeting, EHLO and STARTTLS before TLS
  bool tls12 = false;     // else TLS 1.3
  std::string request;    // sent once TLS is up
  bool answered = true;   // ends, or is held, when octets have come inside TLS
  std::size_t count = 1;  // how many of these to one of the others
};

struct Load {
  std::vector<Target> targets;  // taken in turn, by their counts
  std::size_t in_flight = 8;
  std::size_t connections = 0;
  std::size_t sources = 1;  // addresses of ours, from 127.0.0.1 on
};

struct Served {
  std::size_t connections = 0;
  std::size_t errors = 0;
  double seconds = 0;
};

/// One connection, from connect() to its end.
class Connection;

class Bare {
 public:
  Bare();
  ~Bare();
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;

  /// Makes the connections and closes each, with close_notify, as soon as it has done its part.
  Served run(const Load& load);
  /// The same, and keeps them open until let_go().
  Served hold(const Load& load);
  void let_go();
  /// How many of those held are still open at the other end.
  [[nodiscard]] std::size_t alive() const;

 private:
  Served drive(const Load& load, bool keep);

  ssl_ctx_st* tls13_;
  ssl_ctx_st* tls12_;
  std::vector<std::unique_ptr<Connection>> held_;
};

}  // namespace assay::bench
