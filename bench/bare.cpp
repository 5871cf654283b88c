#include "bench/bare.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <netinet/tcp.h>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace assay::bench {
namespace {

constexpr std::string_view kClearWords[] = {"EHLO bench.invalid\r\n", "STARTTLS\r\n"};

SSL_CTX* make_context(int version) {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(context, version);
  SSL_CTX_set_max_proto_version(context, version);
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  return context;
}

sockaddr_in loopback(std::uint32_t host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + host);
  address.sin_port = htons(port);
  return address;
}

}  // namespace

class Connection {
 public:
  enum class State { under_way, done, failed };

  Connection(const Target& target, SSL_CTX* context, std::uint32_t source)
      : target_(target),
        ssl_(SSL_new(context)),
        descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
        clear_(target.upgrade) {
    const int yes = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    ::setsockopt(descriptor_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    const sockaddr_in from = loopback(source, 0);
    const sockaddr_in to = loopback(0, target.port);
    if (::bind(descriptor_, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0 ||
        (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 &&
         errno != EINPROGRESS)) {
      state_ = State::failed;
    }
    SSL_set_fd(ssl_, descriptor_);
    SSL_set_connect_state(ssl_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    if (SSL_is_init_finished(ssl_) == 1) SSL_shutdown(ssl_);
    SSL_free(ssl_);
    ::close(descriptor_);
  }

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] std::uint32_t awaited() const { return wants_write_ ? EPOLLOUT : EPOLLIN; }
  [[nodiscard]] bool alive() const {
    char octet = 0;
    const ssize_t got = ::recv(descriptor_, &octet, 1, MSG_PEEK | MSG_DONTWAIT);
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
  }

  void go_on() {
    wants_write_ = false;
    if (clear_ && !speak_in_the_clear()) return;
    ERR_clear_error();
    if (SSL_is_init_finished(ssl_) == 0) {
      const int done = SSL_do_handshake(ssl_);
      if (done != 1) return waits(done);
      if (!target_.request.empty()) {
        SSL_write(ssl_, target_.request.data(), static_cast<int>(target_.request.size()));
      }
    }
    if (target_.answered) {
      char answer[512];
      const int got = SSL_read(ssl_, answer, sizeof answer);
      if (got <= 0) return waits(got);
    }
    state_ = State::done;
  }

 private:
  void waits(int result) {
    const int error = SSL_get_error(ssl_, result);
    wants_write_ = error == SSL_ERROR_WANT_WRITE;
    if (!wants_write_ && error != SSL_ERROR_WANT_READ) state_ = State::failed;
  }

  /// True once the go-ahead has come.
  bool speak_in_the_clear() {
    for (;;) {
      char octets[1024];
      const ssize_t got = ::recv(descriptor_, octets, sizeof octets, 0);
      if (got <= 0) {
        if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) state_ = State::failed;
        return false;
      }
      reply_.append(octets, static_cast<std::size_t>(got));
      // The last line of a reply has a space behind its code (RFC 5321 §4.2).
      const std::size_t end = reply_.rfind("\r\n", reply_.size() - 3);
      const std::size_t line = end == std::string::npos ? 0 : end + 2;
      if (!reply_.ends_with("\r\n") || reply_.size() < line + 4 || reply_[line + 3] != ' ')
        continue;
      reply_.clear();
      if (said_ == std::size(kClearWords)) {
        clear_ = false;
        return true;
      }
      const std::string_view word = kClearWords[said_++];
      ::send(descriptor_, word.data(), word.size(), MSG_NOSIGNAL);
    }
  }

  const Target& target_;
  SSL* ssl_;
  int descriptor_;
  bool clear_;
  std::string reply_;
  std::size_t said_ = 0;
  bool wants_write_ = true;  // connect() is under way
  State state_ = State::under_way;
};

Bare::Bare() : tls13_(make_context(TLS1_3_VERSION)), tls12_(make_context(TLS1_2_VERSION)) {}

Bare::~Bare() {
  held_.clear();
  SSL_CTX_free(tls13_);
  SSL_CTX_free(tls12_);
}

Served Bare::run(const Load& load) { return drive(load, false); }
Served Bare::hold(const Load& load) { return drive(load, true); }
void Bare::let_go() { held_.clear(); }

std::size_t Bare::alive() const {
  std::size_t count = 0;
  for (const auto& connection : held_) {
    if (connection->alive()) ++count;
  }
  return count;
}

Served Bare::drive(const Load& load, bool keep) {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  std::vector<const Target*> turn;
  for (const Target& target : load.targets) turn.insert(turn.end(), target.count, &target);
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<std::unique_ptr<Connection>> under_way(load.in_flight);
  std::size_t started = 0;
  std::size_t open = 0;
  Served served;
  const auto watch = [&](std::size_t slot, int operation) {
    epoll_event event{under_way[slot]->awaited(), {.u64 = slot}};
    ::epoll_ctl(epoll, operation, under_way[slot]->descriptor(), &event);
  };
  const auto start = [&](std::size_t slot) {
    if (started == load.connections) return;
    // A step that shares no factor with small counts mixes the kinds.
    const Target& target = *turn[started * 7919 % turn.size()];
    under_way[slot] = std::make_unique<Connection>(
        target, target.tls12 ? tls12_ : tls13_, static_cast<std::uint32_t>(started % load.sources));
    ++started;
    ++open;
    watch(slot, EPOLL_CTL_ADD);
  };
  for (std::size_t slot = 0; slot < load.in_flight; ++slot) start(slot);
  while (open > 0) {
    epoll_event events[64];
    const int count = ::epoll_wait(epoll, events, 64, 10'000);
    if (count <= 0) {
      served.errors += open;
      break;
    }
    for (int i = 0; i < count; ++i) {
      const auto slot = static_cast<std::size_t>(events[i].data.u64);
      Connection& connection = *under_way[slot];
      const std::uint32_t before = connection.awaited();
      if (connection.state() == Connection::State::under_way) connection.go_on();
      if (connection.state() == Connection::State::under_way) {
        if (connection.awaited() != before) watch(slot, EPOLL_CTL_MOD);
        continue;
      }
      const bool good = connection.state() == Connection::State::done;
      ++(good ? served.connections : served.errors);
      --open;
      if (keep && good) {
        ::epoll_ctl(epoll, EPOLL_CTL_DEL, connection.descriptor(), nullptr);
        held_.push_back(std::move(under_way[slot]));
      }
      under_way[slot].reset();
      start(slot);
    }
  }
  ::close(epoll);
  served.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return served;
}

}  // namespace assay::bench
