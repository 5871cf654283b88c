#include "reference_server/local_stage.h"

#include "harness/base/entropy.h"

namespace assay {
namespace {

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

class StagedLocally final : public StagedServer {
 public:
  StagedLocally(Loop& loop, ServerConfig config, const Authority& authority, const Secret& password)
      : server_(loop, std::move(config), authority) {
    subject_.name = "the reference server";
    subject_.endpoints = server_.endpoints();
    subject_.anchors = {authority.root()};
    Account& account = subject_.account;
    account.user = kStagedUser;
    account.password = password;
    account.sink = kStagedSink;
    account.sink_read = std::make_shared<StoreSink>(server_.store());
    server_.add_user(account.user, account.password, account.sink);
  }
  [[nodiscard]] const Subject& subject() const override { return subject_; }
  Account& account() { return subject_.account; }

 private:
  Server server_;
  Subject subject_;
};

}  // namespace

LocalStage::LocalStage(Loop& loop, ServerBudget budget)
    : loop_(loop),
      budget_(budget),
      authority_(std::chrono::system_clock::now(), keys_),
      password_(Entropy(system_seed()).word(20)) {}

std::unique_ptr<StagedServer> LocalStage::serve(const Setup& setup,
                                                std::span<const NamedFault* const> faults) {
  ServerConfig config;
  for (const Protocol protocol : {Protocol::smtp, Protocol::pop3, Protocol::nntp}) {
    config.listeners.push_back({protocol, Access::upgrade});
    config.listeners.push_back({protocol, Access::implicit});
  }
  config.setup = setup;
  config.budget = budget_;
  config.auth = setup.clear_auth ? AuthLevel::clear : AuthLevel::tls_only;
  config.faults.chain = chain_for(setup);
  for (const NamedFault* fault : faults) fault->apply(config.faults);
  auto staged = std::make_unique<StagedLocally>(loop_, std::move(config), authority_, password_);
  Account& account = staged->account();
  account.auth_tls_only = !setup.clear_auth;
  account.tls_required = setup.tls_required;
  if (setup.several_names) account.names = {std::string(kSecondName)};
  // Twice the limit of the honest server, so that three times the limit is late.
  account.handshake_budget = budget_.handshake * 2;
  return staged;
}

}  // namespace assay
