#include "harness/net/loop.h"

#include "harness/net/tcp_link.h"

#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <exception>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <unistd.h>
#include <unordered_set>

namespace assay {
namespace {

using asio::ip::tcp;

constexpr int kAcceptsATurn = 64;  // then the others have theirs

/// The roots that have not ended. What is left when the loop goes is destroyed, with all that its
/// frames hold.
struct Roots {
  std::unordered_set<void*> waiting;
  std::exception_ptr error;  // the first that left one of them
};

// A root coroutine: owns itself, keeps the exception that left it.
struct Root {
  struct promise_type {
    promise_type(Task<void>& /*task*/, Roots& of) : roots(of) { roots.waiting.insert(address()); }
    promise_type(const promise_type&) = delete;
    promise_type& operator=(const promise_type&) = delete;
    ~promise_type() { roots.waiting.erase(address()); }
    void* address() { return std::coroutine_handle<promise_type>::from_promise(*this).address(); }
    Root get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { roots.error = std::current_exception(); }
    Roots& roots;
  };
};

Root run_root(Task<void> task, Roots& /*of*/) { co_await task; }

std::string text_of(const tcp::endpoint& endpoint) {
  return Address{endpoint.address().to_string(), endpoint.port()}.text();
}

/// Gives the descriptor up to a TcpLink. Asio's reactor must let go of it first.
std::unique_ptr<Link> into_link(asio::io_context& context, WaitRegistry& registry,
                                tcp::socket socket) {
  asio::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
  const tcp::endpoint peer = socket.remote_endpoint(ignored);
  const int descriptor = socket.release();
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  return make_tcp_link(context, registry, descriptor, text_of(peer));
}

class TcpListener final : public Listener {
 public:
  using OnAccept = std::function<void(std::unique_ptr<Link>)>;

  // Shared with the pending accept, which may complete after the listener was let go of.
  struct State {
    State(asio::io_context& on, WaitRegistry& waits, OnAccept accepted)
        : context(on),
          registry(waits),
          acceptor(on),
          on_accept(std::move(accepted)),
          reserve(open_reserve()) {}
    ~State() { ::close(reserve); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    static int open_reserve() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

    asio::io_context& context;
    WaitRegistry& registry;
    tcp::acceptor acceptor;
    OnAccept on_accept;
    int reserve;
    bool closed = false;
  };

  explicit TcpListener(std::shared_ptr<State> state) : state_(std::move(state)) { accept(state_); }
  TcpListener(const TcpListener&) = delete;
  TcpListener& operator=(const TcpListener&) = delete;
  ~TcpListener() override {
    state_->closed = true;
    asio::error_code ignored;
    state_->acceptor.close(ignored);
  }
  [[nodiscard]] Address address() const override {
    const auto local = state_->acceptor.local_endpoint();
    return {local.address().to_string(), local.port()};
  }

 private:
  // Waiting and taking are apart: without a descriptor to spare, accept() fails at once whether
  // somebody waits or not, and asking again would be a spin.
  static void accept(const std::shared_ptr<State>& state) {
    state->acceptor.async_wait(tcp::acceptor::wait_read, [state](const asio::error_code& error) {
      if (state->closed || error) return;
      for (int taken = 0; taken < kAcceptsATurn && take_one(*state);) ++taken;
      if (!state->closed) accept(state);
    });
  }

  /// False when nobody waits any more.
  static bool take_one(State& state) {
    tcp::endpoint peer;
    auto size = static_cast<socklen_t>(peer.capacity());
    const int taken =
        ::accept4(state.acceptor.native_handle(), peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (taken < 0) {
      if (errno == EMFILE || errno == ENFILE) return refuse_one(state);
      return errno == ECONNABORTED || errno == EINTR;
    }
    peer.resize(size);
    const int at_once = 1;
    ::setsockopt(taken, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    state.on_accept(make_tcp_link(state.context, state.registry, taken, text_of(peer)));
    return !state.closed;
  }

  // Out of descriptors: give up the reserve, take the connection, close it.
  static bool refuse_one(State& state) {
    ::close(state.reserve);
    const int taken = ::accept4(state.acceptor.native_handle(), nullptr, nullptr, SOCK_CLOEXEC);
    if (taken >= 0) ::close(taken);
    state.reserve = State::open_reserve();
    return taken >= 0;
  }

  std::shared_ptr<State> state_;
};

ConnectFailure failure_of(const asio::error_code& error) {
  using Kind = ConnectFailure::Kind;
  Kind kind = Kind::unreachable;
  if (error == asio::error::connection_refused) kind = Kind::refused;
  if (error == asio::error::operation_aborted) kind = Kind::timed_out;
  if (error == asio::error::no_descriptors) kind = Kind::no_descriptors;
  return {kind, kind == Kind::timed_out ? "no answer in time" : error.message()};
}

}  // namespace

std::string Address::text() const {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                             : fmt::format("[{}]:{}", host, port);
}

struct Loop::Impl {
  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    while (!roots.waiting.empty()) {
      std::coroutine_handle<>::from_address(*roots.waiting.begin()).destroy();
    }
  }

  asio::io_context context{1};
  WaitRegistry registry;
  Roots roots;
  std::optional<asio::signal_set> signals;
};

Loop::Loop() : impl_(std::make_unique<Impl>()) {}
Loop::~Loop() = default;

void Loop::spawn(Task<void> task) { run_root(std::move(task), impl_->roots); }

void Loop::run_one() {
  if (impl_->context.stopped()) impl_->context.restart();  // it stops whenever nothing is under way
  const std::size_t ran = impl_->context.run_one();
  if (impl_->roots.error) std::rethrow_exception(std::exchange(impl_->roots.error, nullptr));
  if (ran == 0) throw std::logic_error("a task waits for something that nobody will do");
}

Task<void> Loop::sleep_until(Deadline when) {
  class Sleep final : public WaitRegistry::Waiting {
   public:
    Sleep(Impl& impl, Deadline until) : registry_(impl.registry), timer_(impl.context, until) {
      registry_.add(this);
    }
    Sleep(const Sleep&) = delete;
    Sleep& operator=(const Sleep&) = delete;
    ~Sleep() override {
      registry_.remove(this);
      *who_ = {};
    }
    void expire() override { timer_.cancel(); }
    [[nodiscard]] bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> who) {
      *who_ = who;
      timer_.async_wait([sleeper = who_](const asio::error_code&) {
        if (*sleeper) sleeper->resume();
      });
    }
    void await_resume() const {}

   private:
    WaitRegistry& registry_;
    asio::steady_timer timer_;
    // Shared with the handler, which may run after a sleeper that was dropped.
    std::shared_ptr<std::coroutine_handle<>> who_ = std::make_shared<std::coroutine_handle<>>();
  };
  Sleep sleep(*impl_, when);
  co_await sleep;
}

Task<ConnectResult> Loop::connect(Address to, Deadline deadline) {
  // One connection attempt: completes once, by the socket or by the timer that closes it.
  struct Attempt {
    explicit Attempt(asio::io_context& context)
        : resolver(context), socket(context), timer(context) {}
    tcp::resolver resolver;
    tcp::socket socket;
    asio::steady_timer timer;
    asio::error_code error;
    tcp::resolver::results_type endpoints;
    std::coroutine_handle<> who;
  };
  // Nothing interrupts the system's resolver: where the deadline is earlier, its answer finds
  // nobody.
  struct Resolved {
    const std::shared_ptr<Attempt>& attempt;
    const Address& to;
    Deadline deadline;
    static void settle(Attempt& attempt, const asio::error_code& error) {
      attempt.error = error;
      std::exchange(attempt.who, {}).resume();
    }
    [[nodiscard]] bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> who) const {
      attempt->who = who;
      attempt->timer.expires_at(deadline);
      attempt->timer.async_wait([weak = std::weak_ptr(attempt)](const asio::error_code& error) {
        const auto alive = weak.lock();
        if (!error && alive && alive->who) settle(*alive, asio::error::timed_out);
      });
      attempt->resolver.async_resolve(
          to.host, std::to_string(to.port), tcp::resolver::numeric_service,
          [kept = attempt](const asio::error_code& error, tcp::resolver::results_type found) {
            if (!kept->who) return;
            kept->endpoints = std::move(found);
            kept->timer.cancel();
            settle(*kept, error);
          });
    }
    void await_resume() const {}
  };
  struct Connected {
    Attempt& attempt;
    [[nodiscard]] bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> who) const {
      asio::async_connect(attempt.socket, attempt.endpoints,
                          [&a = attempt, who](const asio::error_code& error, const tcp::endpoint&) {
                            a.error = error;
                            a.timer.cancel();
                            who.resume();
                          });
    }
    void await_resume() const {}
  };

  auto attempt = std::make_shared<Attempt>(impl_->context);  // shared with the timer's handler
  asio::error_code not_literal;
  const auto literal = asio::ip::make_address(to.host, not_literal);
  if (!not_literal) {
    attempt->endpoints =
        tcp::resolver::results_type::create(tcp::endpoint(literal, to.port), to.host, "");
  } else {
    Resolved resolved{attempt, to, deadline};
    co_await resolved;
    if (attempt->error) {
      const bool late = attempt->error == asio::error::timed_out;
      co_return ConnectResult(
          ConnectFailure{ConnectFailure::Kind::unknown_host,
                         late ? "nobody has resolved it in time" : attempt->error.message()});
    }
  }
  attempt->timer.expires_at(deadline);
  attempt->timer.async_wait([weak = std::weak_ptr(attempt)](const asio::error_code& error) {
    const auto alive = weak.lock();
    if (error || !alive) return;
    asio::error_code ignored;
    alive->socket.close(ignored);
  });
  Connected connected{*attempt};
  co_await connected;
  if (attempt->error) co_return ConnectResult(failure_of(attempt->error));
  co_return ConnectResult(into_link(impl_->context, impl_->registry, std::move(attempt->socket)));
}

std::unique_ptr<Listener> Loop::listen(const Address& on,
                                       std::function<void(std::unique_ptr<Link>)> on_accept) {
  auto state =
      std::make_shared<TcpListener::State>(impl_->context, impl_->registry, std::move(on_accept));
  const tcp::endpoint endpoint(asio::ip::make_address(on.host), on.port);
  state->acceptor.open(endpoint.protocol());
  ::fcntl(state->acceptor.native_handle(), F_SETFD, FD_CLOEXEC);
  state->acceptor.set_option(tcp::acceptor::reuse_address(true));
  state->acceptor.bind(endpoint);
  state->acceptor.listen(1024);
  state->acceptor.non_blocking(true);
  return std::make_unique<TcpListener>(std::move(state));
}

void Loop::on_signal(std::function<void(int)> then) {
  impl_->signals.emplace(impl_->context, SIGINT, SIGTERM);
  impl_->signals->async_wait([call = std::move(then)](const asio::error_code& error, int number) {
    if (!error) call(number);
  });
}

void Loop::expire_all() { impl_->registry.expire_all(); }
bool Loop::expired() const { return impl_->registry.expired(); }

}  // namespace assay
