#include "fuzz/conversation.h"

#include "fuzz/pieces.h"
#include "fuzz/target.h"
#include "harness/channel/oracle.h"
#include "harness/net/memory_link.h"
#include "harness/pki/authority.h"
#include "reference_server/session.h"

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
    accounts.add(std::string(kUser),
                 {.password = Secret(kPassword), .mailbox = std::string(kMailbox)});
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
  Conversation(const Scenario& scenario, const Dialect& dialect, Served& served, Delivery delivery)
      : scenario_(scenario),
        dialect_(dialect),
        served_(served),
        delivery_(delivery),
        links_(MemoryLink::pair()),
        client_(std::move(links_.first)),
        server_(links_.second.get()),
        session_(
            ground().loop, served_.service(), ground().budget, hooks(),
            [] { return make_oracle(ground().server); }, std::move(links_.second)),
        task_(session_.run(scenario.implicit)) {}

  Outcome run() {
    task_.start();
    listen();
    const bool to_tls = scenario_.implicit || speak_in_the_clear();
    if (to_tls && scenario_.moment != Moment::before_tls) begin_tls();
    end();
    if (outcome_.over) task_.result();
    return std::move(outcome_);
  }

 private:
  /// Honest hooks: they look at what the session does and change nothing.
  SessionHooks hooks() {
    SessionHooks watch;
    watch.on_greeting = [this](const Bytes& greeting, const SessionState& state) {
      said(state).greeting = text_of(greeting);
    };
    watch.on_command = [this](View input, const SessionState& before) -> std::optional<Step> {
      waiting_ = input.size();
      served_.look(before);
      return std::nullopt;
    };
    watch.on_reply = [this](View unit, const Step& step, const SessionState& after) {
      // What comes behind an end or an upgrade waits for nothing: it is forgotten.
      waiting_ = step.next == Step::Next::go_on ? waiting_ - unit.size() : 0;
      said(after).answered += text_of(step.output);
      if (after.secured() && outcome_.first_inside.empty()) outcome_.first_inside = bytes_of(unit);
      if (step.next == Step::Next::start_tls) outcome_.went_ahead = true;
      served_.examine_step(unit, step, after);
    };
    watch.on_upgrade = [this](const Upgrade& upgrade) { examine_upgrade(upgrade); };
    return watch;
  }

  Said& said(const SessionState& state) {
    return state.secured() ? outcome_.inside : outcome_.clear;
  }

  /// RFC 3207 §4.2, RFC 2595 §4, RFC 4642 §2.2.2, RFC 4513 §3.2: what was said in the clear is
  /// forgotten.
  void examine_upgrade(const Upgrade& upgrade) const {
    const SessionState fresh = served_.service().fresh(Security::upgraded);
    const SessionState& after = upgrade.after;
    require(upgrade.input.empty(), "no octet in the clear gets inside");
    require(after.secured() && after.user.empty() && after.errors == 0 && !after.quitting &&
                after.discarded_line == 0 && after.protocol == fresh.protocol,
            "an upgraded session begins as a fresh one");
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
      } else if (wholly_heard()) {
        append(outcome_.behind_go_ahead, got->bytes);
      } else {
        outcome_.clear.heard += text_of(got->bytes);
      }
    }
    if (channel_) take_events();
  }

  /// What comes now is TLS, or should be. The go-ahead itself, and whatever else came with it, is
  /// in the clear.
  [[nodiscard]] bool wholly_heard() const {
    const Said& clear = outcome_.clear;
    return scenario_.implicit || (outcome_.went_ahead && clear.heard.ends_with(clear.answered));
  }

  void take_events() {
    while (const auto event = channel_->next_event()) {
      if (std::holds_alternative<HandshakeDone>(*event)) outcome_.established = true;
      if (std::holds_alternative<LocalFailure>(*event)) outcome_.client_refused = true;
      if (const auto* received = std::get_if<Received>(&*event))
        outcome_.inside.heard += text_of(received->octets);
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
      channel->send(view_of(dialect_.first_inside));
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
    if (outcome_.established && scenario_.clear_inside) write(view_of(dialect_.first_inside));
    listen();
  }

  void speak_inside() {
    say_inside(view_of(dialect_.first_inside));
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
  const Dialect& dialect_;
  Served& served_;
  Delivery delivery_;
  Outcome outcome_;
  std::size_t waiting_ = 0;
  std::pair<std::unique_ptr<MemoryLink>, std::unique_ptr<MemoryLink>> links_;
  std::unique_ptr<MemoryLink> client_;
  MemoryLink* server_;  // the session owns it
  Session session_;
  Task<void> task_;
  std::unique_ptr<Channel> channel_;
};

}  // namespace

Outcome converse(const Scenario& scenario, const Dialect& dialect, Served& served,
                 Delivery delivery) {
  Outcome outcome;
  {
    Conversation conversation(scenario, dialect, served, delivery);
    outcome = conversation.run();
  }
  // With the session, whatever it held of the stores is given back.
  outcome.kept = served.kept();
  return outcome;
}

const Accounts& accounts() { return ground().accounts; }

}  // namespace assay::fuzz
