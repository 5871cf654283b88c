#include "harness/net/tcp_link.h"

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>

#include <cerrno>
#include <coroutine>
#include <sys/socket.h>

namespace assay {
namespace {

// Somebody who waits on a link: one coroutine and its deadline. The timer is re-armed only when it
// is due too late, and looks at the deadline again when it fires: most waits never touch it.
struct Waiter {
  explicit Waiter(asio::io_context& context) : timer(context) {}
  std::coroutine_handle<> who;
  Deadline deadline = kNever;
  Deadline armed = kNever;
  asio::steady_timer timer;
};

class Core : public std::enable_shared_from_this<Core>, public WaitRegistry::Waiting {
 public:
  Core(asio::io_context& context, WaitRegistry& registry, int descriptor)
      : registry_(registry), socket_(context, descriptor), reader_(context), drainer_(context) {
    registry_.add(this);
  }
  ~Core() override { registry_.remove(this); }

  std::optional<ReadResult> read_now() {
    if (dead_) return ReadResult{ReadResult::Kind::reset, {}};
    for (;;) {
      std::uint8_t buffer[32UL * 1024];
      const ssize_t got = ::recv(socket_.native_handle(), buffer, sizeof buffer, 0);
      if (got > 0) return ReadResult{ReadResult::Kind::bytes, Bytes(buffer, buffer + got)};
      if (got == 0) return ReadResult{ReadResult::Kind::end, {}};
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return std::nullopt;
      dead_ = true;
      return ReadResult{ReadResult::Kind::reset, {}};
    }
  }

  void write(Bytes octets) {
    if (dead_ || finished_) return;
    std::size_t sent = 0;
    if (queued() == 0) sent = send_some(octets);
    if (dead_ || sent == octets.size()) return;
    if (queue_.empty()) {
      queue_ = std::move(octets);
      queue_at_ = sent;
    } else {
      append(queue_, octets);
    }
    wait_writable();
  }

  void finish() {
    finished_ = true;
    if (queued() == 0 && !dead_) ::shutdown(socket_.native_handle(), SHUT_WR);
  }

  void abort() {
    if (dead_) return;
    dead_ = true;
    const linger reset{1, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close();
  }

  void close() {
    dead_ = true;
    queue_.clear();
    asio::error_code ignored;
    socket_.close(ignored);
    reader_.timer.cancel();
    drainer_.timer.cancel();
  }

  [[nodiscard]] std::size_t queued() const { return queue_.size() - queue_at_; }
  [[nodiscard]] bool dead() const { return dead_; }
  [[nodiscard]] bool expired() const { return registry_.expired(); }

  void wait_readable(std::coroutine_handle<> who, Deadline deadline) {
    reader_.who = who;
    reader_.deadline = deadline;
    arm(reader_);
    if (reading_) return;
    reading_ = true;
    // The handler owns the core: the link may be gone before the reactor lets go of the descriptor.
    socket_.async_wait(asio::posix::stream_descriptor::wait_read,
                       [self = shared_from_this()](const asio::error_code&) {
                         self->reading_ = false;
                         self->wake(self->reader_);
                       });
  }

  void wait_drained(std::coroutine_handle<> who, std::size_t left, Deadline deadline) {
    drainer_.who = who;
    drainer_.deadline = deadline;
    drain_to_ = left;
    arm(drainer_);
  }

  void forget(std::coroutine_handle<> who) {
    if (reader_.who == who) reader_.who = {};
    if (drainer_.who == who) drainer_.who = {};
  }

  void forget_all() {
    reader_.who = {};
    drainer_.who = {};
  }

  void expire() override {
    const auto self = shared_from_this();
    wake(reader_);
    wake(drainer_);
  }

 private:
  std::size_t send_some(View octets) {
    std::size_t sent = 0;
    while (sent < octets.size()) {
      const ssize_t count =
          ::send(socket_.native_handle(), octets.data() + sent, octets.size() - sent, MSG_NOSIGNAL);
      if (count >= 0) {
        sent += static_cast<std::size_t>(count);
      } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
        break;
      } else if (errno != EINTR) {
        // What the peer sent before its reset may still be read; only writing is over.
        finished_ = true;
        queue_.clear();
        queue_at_ = 0;
        return octets.size();
      }
    }
    return sent;
  }

  void wait_writable() {
    if (writing_) return;
    writing_ = true;
    socket_.async_wait(asio::posix::stream_descriptor::wait_write,
                       [self = shared_from_this()](const asio::error_code& error) {
                         self->writing_ = false;
                         if (!error && !self->dead_) self->flush_queue();
                       });
  }

  void flush_queue() {
    const std::size_t sent = send_some(View(queue_).subspan(queue_at_));
    if (queue_at_ + sent >= queue_.size()) {
      Bytes().swap(queue_);
      queue_at_ = 0;
      if (finished_ && !dead_) ::shutdown(socket_.native_handle(), SHUT_WR);
    } else {
      queue_at_ += sent;
      wait_writable();
    }
    if (queued() <= drain_to_) wake(drainer_);
  }

  void arm(Waiter& waiter) {
    if (waiter.deadline == kNever || waiter.armed <= waiter.deadline) return;
    waiter.armed = waiter.deadline;
    waiter.timer.expires_at(waiter.deadline);
    waiter.timer.async_wait([self = shared_from_this(), &waiter](const asio::error_code& error) {
      if (error) return;
      waiter.armed = kNever;
      if (!waiter.who) return;
      Clock::now() >= waiter.deadline ? self->wake(waiter) : self->arm(waiter);
    });
  }

  static void wake(Waiter& waiter) {
    if (const auto who = std::exchange(waiter.who, {})) who.resume();
  }

  WaitRegistry& registry_;
  asio::posix::stream_descriptor socket_;
  Waiter reader_;
  Waiter drainer_;
  Bytes queue_;
  std::size_t queue_at_ = 0;
  std::size_t drain_to_ = 0;
  bool reading_ = false;
  bool writing_ = false;
  bool finished_ = false;
  bool dead_ = false;
};

// A task that is dropped while it waits takes its handle back; the link may have gone before it.
class Readable {
 public:
  Readable(std::shared_ptr<Core> core, Deadline deadline)
      : core_(std::move(core)), deadline_(deadline) {}
  Readable(const Readable&) = delete;
  Readable& operator=(const Readable&) = delete;
  ~Readable() { core_->forget(me_); }
  [[nodiscard]] bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> who) {
    me_ = who;
    core_->wait_readable(who, deadline_);
  }
  void await_resume() const {}

 private:
  std::shared_ptr<Core> core_;
  Deadline deadline_;
  std::coroutine_handle<> me_;
};

class Drained {
 public:
  Drained(std::shared_ptr<Core> core, std::size_t left, Deadline deadline)
      : core_(std::move(core)), left_(left), deadline_(deadline) {}
  Drained(const Drained&) = delete;
  Drained& operator=(const Drained&) = delete;
  ~Drained() { core_->forget(me_); }
  [[nodiscard]] bool await_ready() const { return core_->queued() <= left_ || core_->dead(); }
  void await_suspend(std::coroutine_handle<> who) {
    me_ = who;
    core_->wait_drained(who, left_, deadline_);
  }
  void await_resume() const {}

 private:
  std::shared_ptr<Core> core_;
  std::size_t left_;
  Deadline deadline_;
  std::coroutine_handle<> me_;
};

class TcpLink final : public Link {
 public:
  TcpLink(std::shared_ptr<Core> core, std::string peer)
      : core_(std::move(core)), peer_(std::move(peer)) {}
  TcpLink(const TcpLink&) = delete;
  TcpLink& operator=(const TcpLink&) = delete;
  ~TcpLink() override {
    core_->forget_all();
    core_->close();
  }

  Task<ReadResult> read(Deadline deadline) override {
    for (;;) {
      if (auto there = core_->read_now()) co_return std::move(*there);
      if (Clock::now() >= deadline || core_->expired()) co_return ReadResult{};
      Readable readable(core_, deadline);
      co_await readable;
    }
  }
  std::optional<ReadResult> read_now() override { return core_->read_now(); }
  void write(Bytes octets) override { core_->write(std::move(octets)); }
  Task<bool> drain(std::size_t left, Deadline deadline) override {
    while (core_->queued() > left && !core_->dead()) {
      if (Clock::now() >= deadline || core_->expired()) co_return false;
      Drained drained(core_, left, deadline);
      co_await drained;
    }
    co_return !core_->dead();
  }
  void finish() override { core_->finish(); }
  void abort() override { core_->abort(); }
  [[nodiscard]] std::string peer() const override { return peer_; }

 private:
  std::shared_ptr<Core> core_;  // shared with the reactor's pending handlers
  std::string peer_;
};

}  // namespace

void WaitRegistry::expire_all() {
  expired_ = true;
  const auto all = all_;
  for (Waiting* waiting : all) {
    if (all_.contains(waiting)) waiting->expire();
  }
}

std::unique_ptr<Link> make_tcp_link(asio::io_context& context, WaitRegistry& registry,
                                    int descriptor, std::string peer) {
  auto core = std::make_shared<Core>(context, registry, descriptor);
  return std::make_unique<TcpLink>(std::move(core), std::move(peer));
}

}  // namespace assay
