// TcpLink: a Link over a connected TCP socket. Made by Loop; nobody else sees this header.
#pragma once

#include "harness/net/link.h"

#include <memory>
#include <unordered_set>

namespace asio {
class io_context;
}

namespace assay {

/// Every link and sleeper with a wait that SIGINT must be able to end.
class WaitRegistry {
 public:
  class Waiting {
   public:
    virtual ~Waiting() = default;
    virtual void expire() = 0;
  };
  void add(Waiting* waiting) { all_.insert(waiting); }
  void remove(Waiting* waiting) { all_.erase(waiting); }
  void expire_all();
  [[nodiscard]] bool expired() const { return expired_; }

 private:
  std::unordered_set<Waiting*> all_;
  bool expired_ = false;
};

/// Takes over a connected, non-blocking descriptor.
[[nodiscard]] std::unique_ptr<Link> make_tcp_link(asio::io_context& context, WaitRegistry& registry,
                                                  int descriptor, std::string peer);

}  // namespace assay
