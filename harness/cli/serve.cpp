// `assay serve`: the reference server for ordinary clients, honest or with faults.
#include "harness/base/entropy.h"
#include "harness/base/words.h"
#include "harness/cli/commands.h"
#include "harness/cli/papers.h"
#include "reference_server/local_stage.h"
#include "reference_server/serve_file.h"
#include "reference_server/services.h"
#include "reports/write.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

namespace assay {
namespace {

namespace fs = std::filesystem;

/// Where the certificate of the account's owner lies; both empty where none is of use.
struct ClientPapers {
  fs::path certificate;
  fs::path key;
};

std::string account_text(const Secret& password, bool tls_only, const ClientPapers& client) {
  std::string text = fmt::format(
      "user = \"{}\"\npassword = \"{}\"\nbind_dn = \"{}\"\nsink = \"{}\"\n"
      "group = \"{}\"\nauth_tls_only = {}\n",
      kStagedUser, password.reveal(), staged_name(), kStagedSink, kNewsGroup, tls_only);
  if (!client.certificate.empty()) {
    text += fmt::format("client_cert = \"{}\"\nclient_key = \"{}\"\n", client.certificate.string(),
                        client.key.string());
  }
  return text;
}

std::string ready_text(const std::vector<Endpoint>& endpoints, const fs::path& ca,
                       const fs::path& account) {
  std::string urls;
  for (const Endpoint& endpoint : endpoints) {
    urls += fmt::format(R"({}{{"url": "{}"}})", urls.empty() ? "" : ", ", endpoint.url);
  }
  return fmt::format(R"({{"endpoints": [{}], "ca": "{}", "account": "{}"}})"
                     "\n",
                     urls, ca.string(), account.string());
}

/// The endpoints stand in the order of the listeners. Lines that trust our root fit where it
/// counts.
void print_client_lines(const std::vector<Endpoint>& endpoints,
                        const std::vector<ListenerSpec>& listeners, const fs::path& ca,
                        const fs::path& account) {
  fmt::print("CA       {}\naccount  {}\n\n", ca.string(), account.string());
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const bool ours = !listeners[i].identity && listeners[i].access != Access::clear;
    fmt::print("{}", ours ? client_lines(endpoints[i], ca.string(), account.string())
                          : endpoints[i].url + "\n");
  }
  std::fflush(stdout);
}

/// Those that were asked for, as a complaint names them.
std::string named_ports(const std::vector<ListenerSpec>& listeners) {
  std::string named;
  for (const ListenerSpec& listener : listeners) {
    if (listener.address.port == 0) continue;
    named += fmt::format("{}{} ({})", named.empty() ? " on " : ", ", listener.address.text(),
                         scheme_of(listener.protocol, listener.access));
  }
  return named;
}

/// As the file says, or the options.
tl::expected<std::vector<ListenerSpec>, std::string> listeners_of(const ServeOptions& options) {
  if (!options.config.empty()) return load_listeners(options.config);
  std::vector<ListenerSpec> listeners;
  for (std::size_t i = 0; i < kServeDoors.size(); ++i) {
    const ServeDoor& door = kServeDoors[i];
    listeners.push_back({door.protocol, door.access, {"127.0.0.1", options.ports[i]}});
  }
  return listeners;
}

/// What the owner of the account is lent: the root, the account, and a certificate where one is of
/// use. The complaint of a file that cannot be written, or nothing.
std::optional<std::string> write_papers(const Papers& papers, const Authority& authority,
                                        const Secret& password,
                                        const std::vector<AuthLevel>& levels) {
  ClientPapers client;
  std::vector<std::pair<fs::path, std::string>> texts = {
      {papers.file("ca.pem"), authority.root_pem()}};
  if (std::ranges::find(levels, AuthLevel::certificate) != levels.end()) {
    const Identity identity = authority.issue_client(kStagedUser);
    client = {papers.file("client.pem"), papers.file("client.key")};
    texts.emplace_back(client.certificate, chain_pem(identity));
    texts.emplace_back(client.key, key_pem(identity));
  }
  const bool tls_only = std::ranges::all_of(levels, [](AuthLevel level) {
    return level == AuthLevel::tls_only || level == AuthLevel::certificate;
  });
  texts.emplace_back(papers.file("account.toml"), account_text(password, tls_only, client));
  std::optional<std::string> complaint;
  for (auto& [path, text] : texts) {
    if (!complaint) complaint = write_text(path, text);
    wipe(text);
  }
  return complaint;
}

Task<void> until(Loop& loop, const int& signal) {
  while (signal == 0) co_await loop.sleep_until(Clock::now() + Milliseconds(50));
}

}  // namespace

int run_serve(const ServeOptions& options) {
  ServerConfig config;
  for (const std::string& name : options.faults) {
    const NamedFault* fault = suites::catalogue().fault(name);
    if (fault == nullptr) {
      std::vector<std::string_view> names;
      for (const NamedFault* known : suites::all_faults()) names.push_back(known->name);
      const auto meant = did_you_mean(name, names);
      return complain(exit_code::kUsage,
                      meant ? fmt::format("there is no fault {}; did you mean {}?", name, *meant)
                            : fmt::format("there is no fault {}", name));
    }
    fault->apply(config.faults);
    fmt::print("fault    {}: {}\n", fault->name, fault->summary);
  }
  const auto listeners = listeners_of(options);
  if (!listeners) return complain(exit_code::kUsage, listeners.error());
  config.auth = auth_level_named(options.auth).value();
  config.setup.engine = options.engine;
  config.listeners = *listeners;
  std::vector<AuthLevel> levels;
  for (const ListenerSpec& listener : *listeners) levels.push_back(auth_level_of(config, listener));
  if (options.max_connections > 0) {
    config.budget.connections = config.budget.connections_an_address = options.max_connections;
  }

  Loop loop;
  KeyRing keys;
  const Authority authority(std::chrono::system_clock::now(), keys);
  std::unique_ptr<Server> server;
  try {
    server = std::make_unique<Server>(loop, std::move(config), authority);
  } catch (const std::system_error& error) {
    return complain(exit_code::kUsage,
                    fmt::format("cannot listen{}: {}; give other ports", named_ports(*listeners),
                                error.code().message()));
  }
  const Secret password(Entropy(system_seed()).word(20));
  server->add_user(kStagedUser, password, kStagedSink);

  std::optional<Papers> made;
  try {
    made.emplace(options.directory);
  } catch (const std::system_error& error) {  // filesystem_error is one, too
    return complain(exit_code::kUsage,
                    fmt::format("--dir {}: cannot be made: {}; choose another place",
                                options.directory, error.code().message()));
  }
  const Papers& papers = *made;
  const fs::path ca = papers.file("ca.pem");
  const fs::path account = papers.file("account.toml");
  if (const auto error = write_papers(papers, authority, password, levels)) {
    return complain(exit_code::kUsage, *error);
  }
  int signal = 0;
  loop.on_signal([&](int number) { signal = number; });
  print_client_lines(server->endpoints(), *listeners, ca, account);
  if (!options.ready_file.empty()) {
    if (const auto error =
            write_text(options.ready_file, ready_text(server->endpoints(), ca, account))) {
      return complain(exit_code::kUsage, *error);
    }
  }
  loop.run_until_done(until(loop, signal));
  loop.run_until_done(server->shut_down());
  fmt::print("{} messages taken\n", server->store().count());
  return exit_code::kFine;
}

}  // namespace assay
