// `assay check`: a server against the suites; the embedded reference server where no URL is given.
#include "clients/actions.h"
#include "clients/sinks.h"
#include "harness/check/account.h"
#include "harness/cli/commands.h"
#include "harness/cli/run.h"
#include "harness/cli/target.h"
#include "harness/pki/pem.h"
#include "reference_server/local_stage.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace assay {
namespace {

constexpr double kStrangersRate = 2;  // connections a second, off loopback

tl::expected<std::vector<Bytes>, std::string> read_anchors(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))  // opens, but throws when it is read
    return tl::unexpected(fmt::format("--ca {}: cannot be read: it is a directory", path));
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return tl::unexpected(fmt::format("--ca {}: cannot be read: {}", path, std::strerror(errno)));
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file.bad()) return tl::unexpected(fmt::format("--ca {}: cannot be read", path));
  auto anchors = certificates_from_pem(text);
  if (anchors.empty())
    return tl::unexpected(fmt::format("--ca {}: there is no PEM certificate in it", path));
  return anchors;
}

tl::expected<Account, std::string> read_account(Loop& loop, const std::string& path) {
  auto file = load_account(path);
  if (!file) return tl::unexpected(file.error());
  Account account = file->account;
  if (!file->sink_read.empty()) {
    auto sink = open_sink(loop, file->sink_read);
    if (!sink) return tl::unexpected(fmt::format("{}: {}", path, sink.error()));
    account.sink_read = std::move(*sink);
  }
  return account;
}

Again again_with(const CheckOptions& options) {
  Again again;
  again.names_targets = !options.targets.empty();
  const auto add = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    again.options.emplace_back(name);
    again.options.push_back(value);
  };
  add("--account", options.account);
  add("--ca", options.ca);
  if (options.profile != "default") add("--profile", options.profile);
  if (options.intrusive) again.options.emplace_back("--intrusive");
  return again;
}

}  // namespace

int run_check(const CheckOptions& options) {
  auto plan = plan_run(options, Side::server);
  if (!plan) return complain(exit_code::kUsage, plan.error());

  Loop loop;
  OracleContexts contexts;
  std::vector<Subject> subjects;
  std::unique_ptr<LocalStage> stage;
  std::unique_ptr<Staged> embedded;
  bool strangers = false;
  if (options.targets.empty()) {
    if (!options.account.empty() || !options.ca.empty()) {
      return complain(exit_code::kUsage,
                      "--account and --ca are for a server of yours: give its URL, too");
    }
    stage = std::make_unique<LocalStage>(loop, ServerBudget{});
    embedded = stage->serve(Setup{}, {});
    subjects.push_back(embedded->subject());
  } else {
    std::vector<Endpoint> endpoints;
    for (const std::string& target : options.targets) {
      auto endpoint = parse_target(target);
      if (!endpoint) return complain(exit_code::kUsage, endpoint.error());
      strangers = strangers || !is_loopback(endpoint->address.host);
      endpoints.push_back(std::move(*endpoint));
    }
    subjects = group_by_host(endpoints);
    Account account;
    if (!options.account.empty()) {
      auto read = read_account(loop, options.account);
      if (!read) return complain(exit_code::kUsage, read.error());
      account = std::move(*read);
    }
    std::vector<Bytes> anchors;
    if (!options.ca.empty()) {
      auto read = read_anchors(options.ca);
      if (!read) return complain(exit_code::kUsage, read.error());
      anchors = std::move(*read);
    }
    for (Subject& subject : subjects) {
      subject.account = account;
      subject.anchors = anchors;
      for (Endpoint& endpoint : subject.endpoints) {
        endpoint.role = account.role.value_or(endpoint.role);
        if (!options.quiet) fmt::print(stderr, "{} as {}\n", endpoint.url, name_of(endpoint.role));
      }
    }
  }

  plan->options.intrusive = options.intrusive || !strangers;
  plan->options.rate = options.rate > 0 ? options.rate : strangers ? kStrangersRate : 0;

  return run_plan(loop, contexts, options, std::move(*plan), subjects, again_with(options));
}

}  // namespace assay
