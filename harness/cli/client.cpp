// `assay client`: somebody's client, run once a case against servers of ours that show what it must
// cope with.
#include "clients/command.h"
#include "clients/reference_client.h"
#include "harness/cli/commands.h"
#include "harness/cli/host.h"
#include "harness/cli/papers.h"
#include "harness/cli/run.h"
#include "reference_server/local_stage.h"
#include "reports/write.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace assay {
namespace {

constexpr std::array<Protocol, 4> kProtocols = {Protocol::smtp, Protocol::pop3, Protocol::nntp,
                                                Protocol::ldap};

/// What --policy says of the accesses; nothing where two of its words contradict each other.
struct Told {
  std::vector<Access> accesses;
  TlsPolicy upgrade = TlsPolicy::required;
  bool mta_sts = false;
};
tl::expected<Told, std::string> told_by(const std::vector<std::string>& words,
                                        std::string_view protocol) {
  const auto says = [&](std::string_view word) {
    return std::ranges::find(words, word) != words.end();
  };
  const bool insists = says("required") || says("mta-sts");
  if (insists && says("opportunistic"))
    return tl::unexpected(fmt::format("--policy: {} and opportunistic contradict each other",
                                      says("required") ? "required" : "mta-sts"));
  if (says("mta-sts") && protocol != "smtp")
    return tl::unexpected(
        fmt::format("--policy: mta-sts is for smtp (RFC 8461), not for {}", protocol));
  Told told;
  told.mta_sts = says("mta-sts");
  if (insists || says("opportunistic")) told.accesses.push_back(Access::upgrade);
  if (says("implicit")) told.accesses.push_back(Access::implicit);
  if (says("opportunistic")) told.upgrade = TlsPolicy::opportunistic;
  return told;
}

Again again_with(const ClientOptions& options) {
  Again again;
  again.command = "assay client";
  again.names_targets = false;
  again.options = {"--protocol", options.protocol};
  for (const std::string& policy : options.policies) {
    again.options.emplace_back("--policy");
    again.options.push_back(policy);
  }
  if (options.host != ClientOptions().host) {
    again.options.emplace_back("--host");
    again.options.push_back(options.host);
  }
  again.options.emplace_back("--");
  again.options.insert(again.options.end(), options.words.begin(), options.words.end());
  return again;
}

std::string program_of(const std::vector<std::string>& words) {
  return words.front().substr(words.front().rfind('/') + 1);
}

}  // namespace

int run_client(const ClientOptions& options) {
  auto plan = plan_run(options, Side::client);
  if (!plan) return complain(exit_code::kUsage, plan.error());
  const auto told = told_by(options.policies, options.protocol);
  if (!told) return complain(exit_code::kUsage, told.error());
  if (const auto trouble = trouble_with(options.words))
    return complain(exit_code::kUsage, *trouble);
  if (const auto trouble = trouble_with_host(options.host))
    return complain(exit_code::kUsage, *trouble);
  const auto* protocol =
      std::ranges::find(kProtocols, options.protocol, [](Protocol one) { return name_of(one); });

  Loop loop;
  OracleContexts contexts;
  LocalStage stage(loop, ServerBudget{});
  const Papers papers{std::string()};
  const ClientFiles files{papers.file("ca.pem"), papers.file("password"), papers.file("message")};
  for (const auto& [path, text] :
       {std::pair(files.ca, stage.authority().root_pem()),
        std::pair(files.password, std::string(stage.account().password.reveal()))}) {
    if (const auto failed = write_text(path, text)) return complain(exit_code::kUsage, *failed);
  }
  CommandClient client(options.words, files);
  Subject subject = client_subject(program_of(options.words), stage.account(),
                                   std::span(protocol, 1), told->accesses);
  subject.client = std::make_shared<const ClientBench>(  // shared by the copies in reports
      ClientBench{client, stage, suites::all_faults(), told->upgrade, told->mta_sts, options.host});
  plan->options.budget.check =
      std::chrono::duration_cast<Milliseconds>(std::chrono::duration<double>(options.timeout));
  return run_plan(loop, contexts, options, std::move(*plan), {subject}, again_with(options));
}

}  // namespace assay
