#include "reference_server/local_stage.h"

#include "harness/base/entropy.h"
#include "reference_server/services.h"

namespace assay {
namespace {

constexpr int kSeeded = 4;
constexpr Milliseconds kLookAgain{2};

/// Reads the store of a server in this process.
class StoreSink final : public Sink {
 public:
  explicit StoreSink(const Store& store) : store_(store) {}

 protected:
  std::vector<View> arrived() override {
    std::vector<View> mails;
    for (const Message* message : store_.list(kStagedSink)) mails.emplace_back(message->content);
    return mails;
  }

 private:
  const Store& store_;
};

class StagedLocally final : public WatchedServer {
 public:
  StagedLocally(Loop& loop, ServerConfig config, const Authority& authority, Account account)
      : loop_(loop), witness_(config.witness), server_(loop, std::move(config), authority) {
    subject_.name = "the reference server";
    subject_.endpoints = server_.endpoints();
    subject_.anchors = {authority.root()};
    account.sink_read = std::make_shared<StoreSink>(server_.store());
    server_.add_user(account.user, account.password, account.sink);
    // A mailbox and a newsgroup that can be read from the start, also behind a fault that loses
    // what is in them.
    for (int i = 0; i < kSeeded; ++i) {
      [[maybe_unused]] const Delivery seeded = server_.store().deliver(
          {.recipients = {account.sink}, .content = bytes_of("Subject: seed\r\n\r\nHello.\r\n")});
    }
    [[maybe_unused]] const Filing filed = server_.news().file(
        {.message_id = "<seed@assay.test>",
         .groups = {account.group},
         .content = bytes_of("From: seed@assay.test\r\nNewsgroups: assay.test\r\nSubject: seed\r\n"
                             "Message-ID: <seed@assay.test>\r\n\r\nHello.\r\n"),
         .arrived = {}});
    subject_.account = std::move(account);
  }
  [[nodiscard]] const Subject& subject() const override { return subject_; }
  [[nodiscard]] const Transcript& transcript() const override { return *witness_; }
  Task<void> quiet(Deadline deadline) override {
    // Whoever has just connected is not a session yet: one turn of the loop makes it one.
    do co_await loop_.sleep_until(Clock::now() + kLookAgain);
    while (server_.sessions() > 0 && Clock::now() < deadline && !loop_.expired());
  }

 private:
  Loop& loop_;
  std::shared_ptr<const Transcript> witness_;  // null where nobody asked for it
  Server server_;
  Subject subject_;
};

}  // namespace

std::string staged_name() { return entry_name(ServerConfig().domains.front(), kStagedUser); }

LocalStage::LocalStage(Loop& loop, ServerBudget budget)
    : loop_(loop),
      budget_(budget),
      authority_(std::chrono::system_clock::now(), keys_),
      password_(Entropy(system_seed()).word(20)) {}

Account LocalStage::account() const {
  Account account;
  account.user = kStagedUser;
  account.password = password_;
  account.bind_dn = staged_name();
  account.sink = kStagedSink;
  account.group = kNewsGroup;
  return account;
}

std::unique_ptr<Staged> LocalStage::serve(const Setup& setup,
                                          std::span<const NamedFault* const> faults) {
  std::vector<ListenerSpec> listeners;
  for (const Protocol protocol : {Protocol::smtp, Protocol::pop3, Protocol::nntp, Protocol::ldap}) {
    listeners.push_back({protocol, Access::upgrade});
    listeners.push_back({protocol, Access::implicit});
  }
  return open(std::move(listeners), setup, faults, ServerConfig().hostname, nullptr);
}

std::unique_ptr<WatchedServer> LocalStage::serve_watched(const Reception& reception) {
  return open({{reception.protocol, reception.access}}, reception.setup, reception.faults,
              reception.host,
              std::make_shared<Transcript>(reception.evidence));  // shared with the sessions
}

std::unique_ptr<WatchedServer> LocalStage::open(std::vector<ListenerSpec> listeners,
                                                const Setup& setup,
                                                std::span<const NamedFault* const> faults,
                                                const std::string& host,
                                                std::shared_ptr<Transcript> witness) {
  ServerConfig config;
  config.hostname = config.names.front() = config.faults.host = host;
  config.listeners = std::move(listeners);
  config.setup = setup;
  config.budget = budget_;
  config.witness = std::move(witness);
  config.auth = setup.clear_auth ? AuthLevel::clear : AuthLevel::tls_only;
  config.faults.chain = chain_for(setup);
  for (const NamedFault* fault : faults) fault->apply(config.faults);
  Account account = this->account();
  account.auth_tls_only = !setup.clear_auth;
  account.tls_required = setup.tls_required;
  if (setup.several_names) account.names = {std::string(kSecondName)};
  // Twice the limit of the honest server, so that three times the limit is late.
  account.handshake_budget = budget_.handshake * 2;
  return std::make_unique<StagedLocally>(loop_, std::move(config), authority_, std::move(account));
}

}  // namespace assay
