#include "fuzz/conversation.h"

#include "fuzz/pieces.h"
#include "harness/channel/oracle.h"
#include "harness/pki/authority.h"
#include "harness/protocol/replies.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace assay::fuzz {
namespace {

/// What is made once for all inputs: keys, contexts, the loop of which only sleeps would be asked.
struct Ground {
  Ground() : server(context(server_config())) {
    for (const TlsVersion version : {TlsVersion::tls12, TlsVersion::tls13}) {
      OracleConfig config;
      config.min_version = config.max_version = version;
      clients.at(version == TlsVersion::tls13 ? 1 : 0) = context(std::move(config));
    }
    accounts.add("ann", {.password = Secret("secret"), .mailbox = "ann@a.test"});
  }

  static std::shared_ptr<const OracleContext> context(OracleConfig config) {
    return std::make_shared<const OracleContext>(std::move(config));
  }
  static OracleConfig server_config() {
    KeyRing keys;
    const Authority authority(std::chrono::system_clock::now(), keys);
    const std::vector<std::string> names = {"mx.a.test"};
    const Identity issued = authority.issue({}, names);
    OracleConfig config;
    config.role = Role::server;
    config.identity = {issued.chain, issued.key.private_der(), issued.staple};
    return config;
  }

  Loop loop;
  Accounts accounts;
  ServerBudget budget;
  std::shared_ptr<const OracleContext> server;                  // shared with channels
  std::array<std::shared_ptr<const OracleContext>, 2> clients;  // TLS 1.2, TLS 1.3
};

Ground& ground() {
  // libFuzzer calls a plain function: there is no main that could own this.
  static Ground once;
  return once;
}

class Conversation {
 public:
  Conversation(const Scenario& scenario, Delivery delivery)
      : scenario_(scenario),
        delivery_(delivery),
        store_({.message = 8UL * 1024, .messages = 3, .octets = 16UL * 1024}),
        service_(scenario.config, ground().accounts, store_),
        links_(MemoryLink::pair()),
        client_(std::move(links_.first)),
        server_(links_.second.get()),
        session_(
            ground().loop, service_, ground().budget, hooks(),
            [] { return make_oracle(ground().server); }, std::move(links_.second)),
        task_(session_.run(scenario.implicit)) {}

  Outcome run() {
    task_.start();
    listen();
    const bool to_tls = scenario_.implicit || speak_in_the_clear();
    if (to_tls && scenario_.moment != Moment::before_tls) begin_tls();
    end();
    if (outcome_.over) task_.result();
    outcome_.stored_count = store_.count();
    for (const Message* message : store_.list("ann@a.test")) outcome_.stored.push_back(*message);
    return std::move(outcome_);
  }

 private:
  /// Honest hooks: they look at what the session holds and change nothing.
  SessionHooks hooks() {
    SessionHooks watch;
    watch.on_command = [this](View input, const SessionState&) -> std::optional<Step> {
      waiting_ = input.size();
      return std::nullopt;
    };
    watch.on_reply = [this](View unit, const Step& step, const SessionState&) {
      // What comes behind an end or an upgrade waits for nothing: it is forgotten.
      waiting_ = step.next == Step::Next::go_on ? waiting_ - unit.size() : 0;
    };
    return watch;
  }

  /// Everything that the server wrote; the session has run as far as it could when this is called.
  void listen() {
    outcome_.held = std::max(outcome_.held, waiting_);
    while (client_) {
      auto got = client_->read_now();
      if (!got) break;
      if (got->kind != ReadResult::Kind::bytes) {
        outcome_.closed = true;
        break;
      }
      if (channel_) {
        channel_->feed(got->bytes);
        write(channel_->take_output());
      } else if (outcome_.went_ahead || scenario_.implicit) {
        append(outcome_.behind_go_ahead, got->bytes);
      } else {
        hear_in_the_clear(got->bytes);
      }
    }
    if (channel_) take_events();
  }

  void hear_in_the_clear(View octets) {
    outcome_.clear += text_of(octets);
    replies_.feed(octets);
    while (const auto reply = replies_.take()) {
      // The greeting is a 220, too.
      outcome_.went_ahead = std::exchange(greeted_, true) && *reply && (*reply)->code == 220;
    }
  }

  void take_events() {
    while (const auto event = channel_->next_event()) {
      if (std::holds_alternative<HandshakeDone>(*event)) outcome_.established = true;
      if (std::holds_alternative<LocalFailure>(*event)) outcome_.client_refused = true;
      if (const auto* received = std::get_if<Received>(&*event))
        outcome_.inside += text_of(received->octets);
    }
  }

  [[nodiscard]] std::vector<View> parts(View octets) const {
    if (delivery_ == Delivery::whole && !octets.empty()) return {octets};
    return pieces(octets, scenario_.seed);
  }

  void write(View octets) {
    if (client_ && !octets.empty()) client_->write(bytes_of(octets));
  }

  /// True once the server gave the go-ahead. A client that cuts its octets says no more then; one
  /// that sends them as a whole has said the rest already.
  bool speak_in_the_clear() {
    for (const View part : parts(scenario_.clear)) {
      write(part);
      listen();
      if (outcome_.went_ahead) return true;
    }
    return false;
  }

  void begin_tls() {
    if (scenario_.opening == Opening::raw) {
      for (const View part : parts(scenario_.inside)) write(part);
      listen();
      return;
    }
    auto channel = make_oracle(ground().clients.at(scenario_.version == TlsVersion::tls13 ? 1 : 0),
                               "mx.a.test");
    if (scenario_.opening == Opening::early) {
      channel->send(view_of(kFirstInside));
      channel->send(scenario_.inside);
    }
    channel->start();
    Bytes hello = channel->take_output();
    if (scenario_.opening == Opening::flipped) hello.at(scenario_.seed % hello.size()) ^= 0x02;
    channel_ = std::move(channel);
    for (const View part : parts(hello)) write(part);
    if (scenario_.moment == Moment::within_handshake) return;
    listen();
    if (outcome_.established && scenario_.opening != Opening::early) speak_inside();
    if (outcome_.established && scenario_.clear_inside) write(view_of("\r\nNOOP\r\n"));
    listen();
  }

  void speak_inside() {
    say_inside(view_of(kFirstInside));
    for (const View part : parts(scenario_.inside)) say_inside(part);
  }

  void say_inside(View octets) {
    channel_->send(octets);
    write(channel_->take_output());
    listen();
  }

  void end() {
    switch (scenario_.ending) {
      case Ending::expire:
        break;
      case Ending::close_notify:
        if (!channel_) break;
        channel_->close();
        write(channel_->take_output());
        break;
      case Ending::shut_down:
        if (!task_.done()) session_.shut_down();
        listen();
        client_->finish();
        break;
      case Ending::fin:
        client_->finish();
        break;
      case Ending::reset:
        listen();
        client_->abort();
        break;
      case Ending::drop:
        listen();
        client_.reset();
        break;
    }
    listen();
    if (scenario_.ending == Ending::expire || scenario_.ending == Ending::close_notify) expire();
    outcome_.over = task_.done();
  }

  /// A wait for the client, then the wait for its FIN.
  void expire() {
    for (int wait = 0; wait < 2 && !task_.done(); ++wait) {
      server_->expire();
      listen();
    }
  }

  const Scenario& scenario_;
  Delivery delivery_;
  Outcome outcome_;
  std::size_t waiting_ = 0;
  Store store_;
  SmtpService service_;
  std::pair<std::unique_ptr<MemoryLink>, std::unique_ptr<MemoryLink>> links_;
  std::unique_ptr<MemoryLink> client_;
  MemoryLink* server_;  // the session owns it
  Session session_;
  Task<void> task_;
  ReplyParser replies_;
  bool greeted_ = false;
  std::unique_ptr<Channel> channel_;
};

}  // namespace

Outcome converse(const Scenario& scenario, Delivery delivery) {
  Conversation conversation(scenario, delivery);
  return conversation.run();
}

}  // namespace assay::fuzz
