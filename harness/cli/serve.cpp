// `assay serve`: the reference server for ordinary clients, honest or with faults.
#include "harness/base/entropy.h"
#include "harness/base/words.h"
#include "harness/cli/commands.h"
#include "reference_server/local_stage.h"
#include "reports/write.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>
#include <unistd.h>

namespace assay {
namespace {

namespace fs = std::filesystem;

/// The files of a run: a directory of its own, which goes when the server does, unless it was
/// named.
class Papers {
 public:
  explicit Papers(const std::string& named) : ours_(named.empty()) {
    if (ours_) {
      std::string pattern = (fs::temp_directory_path() / "assay-serve-XXXXXX").string();
      if (::mkdtemp(pattern.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), pattern);
      directory_ = pattern;
    } else {
      fs::create_directories(named);
      directory_ = fs::absolute(named);
    }
  }
  Papers(const Papers&) = delete;
  Papers& operator=(const Papers&) = delete;
  ~Papers() {
    std::error_code ignored;
    if (ours_) fs::remove_all(directory_, ignored);
  }
  [[nodiscard]] fs::path file(std::string_view name) const { return directory_ / name; }

 private:
  bool ours_;
  fs::path directory_;
};

std::string account_text(const Secret& password, bool tls_only) {
  return fmt::format("user = \"{}\"\npassword = \"{}\"\nsink = \"{}\"\nauth_tls_only = {}\n",
                     kStagedUser, password.reveal(), kStagedSink, tls_only);
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

void print_client_lines(const std::vector<Endpoint>& endpoints, const fs::path& ca,
                        const fs::path& account) {
  fmt::print("CA       {}\naccount  {}\n\n", ca.string(), account.string());
  for (const Endpoint& endpoint : endpoints) {
    fmt::print("{}", client_lines(endpoint, ca.string(), account.string()));
  }
  std::fflush(stdout);
}

std::string named_ports(const ServeOptions& options) {
  std::string named;
  for (std::size_t i = 0; i < kServeDoors.size(); ++i) {
    if (options.ports[i] == 0) continue;
    named += fmt::format("{}{} ({})", named.empty() ? " at " : ", ", options.ports[i],
                         kServeDoors[i].scheme());
  }
  return named;
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
  config.auth = options.auth == "none"    ? AuthLevel::none
                : options.auth == "clear" ? AuthLevel::clear
                                          : AuthLevel::tls_only;
  for (std::size_t i = 0; i < kServeDoors.size(); ++i) {
    const ServeDoor& door = kServeDoors[i];
    config.listeners.push_back({door.protocol, door.access, {"127.0.0.1", options.ports[i]}});
  }
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
                    fmt::format("cannot listen on 127.0.0.1{}: {}; give other ports",
                                named_ports(options), error.code().message()));
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
  for (const auto& [path, text] :
       {std::pair{ca, authority.root_pem()},
        std::pair{account, account_text(password, options.auth == "tls-only")}}) {
    if (const auto error = write_text(path, text)) return complain(exit_code::kUsage, *error);
  }
  int signal = 0;
  loop.on_signal([&](int number) { signal = number; });
  print_client_lines(server->endpoints(), ca, account);
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
