// `assay`: options in, exit code out. The composition root; nothing here knows a protocol.
#include "harness/base/hex.h"
#include "harness/base/words.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <csignal>
#include <exception>
#include <sys/stat.h>

namespace assay {
namespace {

std::optional<std::uint64_t> parse_seed(const std::string& text) {
  if (text.empty() || text.size() > 16) return std::nullopt;
  std::uint64_t value = 0;
  const auto octets = from_hex(text.size() % 2 == 0 ? text : "0" + text);
  if (!octets) return std::nullopt;
  for (const std::uint8_t octet : *octets) value = value << 8 | octet;
  return value;
}

int run(int argc, char** argv) {
  CLI::App app{
      "Conformance tests for SMTP, POP3, NNTP and LDAP over TLS: certificate verification, "
      "negotiation, encryption, integrity"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "assay " ASSAY_VERSION);
  app.footer(
      std::string(
          "Examples:\n"
          "  assay check                                       the embedded reference server\n"
          "  assay check smtp://localhost:2525 --ca ca.pem     somebody's server\n"
          "  assay client --protocol smtp -- curl {url} ...    somebody's client\n"
          "  assay explain integrity.injection.discards_pipelined_plaintext\n\n") +
      kExitCodes);
  CheckOptions check;
  std::string check_seed;
  add_check(app, check, check_seed);
  ClientOptions client;
  std::string client_seed;
  add_client(app, client, client_seed);
  ServeOptions serve;
  add_serve(app, serve);
  SelftestOptions selftest;
  CLI::App* selftest_app = app.add_subcommand(
      "selftest", "Show that every check passes, fails and tolerates as declared");
  selftest_app->add_option("--only", selftest.only, "Checks (glob)");
  selftest_app->add_flag("--fault-matrix", selftest.fault_matrix,
                         "Print which checks each fault turns red, and nothing else");
  selftest_app->add_flag("-v,--verbose", selftest.verbose, "A line a proof");
  bool json = false;
  std::string like = "*";
  CLI::App* list = app.add_subcommand("list", "The checks");
  list->add_flag("--json", json, "As one JSON array");
  list->add_option("--only", like, "Checks (glob)");
  std::string id;
  CLI::App* explain = app.add_subcommand("explain", "One check: clause, steps, endings, breaker");
  explain->add_option("ID", id, "Its id")->required();

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    std::string message = error.what();
    // CLI11 says of a word in place of a command only that a command is required.
    if (app.get_subcommands().empty() && argc > 1 && *argv[1] != '-')
      message = fmt::format("there is no command {}", argv[1]);
    // The first word that no command has, or no option: what was meant?
    std::vector<std::string> known_texts;
    const CLI::App* in = &app;
    for (const CLI::App* command : app.get_subcommands()) in = command;
    for (const CLI::App* command : app.get_subcommands(nullptr))
      known_texts.push_back(command->get_name());
    for (const CLI::Option* option : in->get_options()) {
      for (const std::string& name : option->get_lnames()) known_texts.push_back("--" + name);
    }
    const std::vector<std::string_view> known(known_texts.begin(), known_texts.end());
    for (int i = 1; i < argc; ++i) {
      const std::string word = std::string(argv[i]).substr(0, std::string(argv[i]).find('='));
      const bool is_known = std::find(known.begin(), known.end(), word) != known.end();
      const auto meant = is_known || word.size() < 3 ? std::nullopt : did_you_mean(word, known);
      if (meant && message.find(word) != std::string::npos) {
        message += fmt::format("; did you mean {}?", *meant);
        break;
      }
    }
    return complain(exit_code::kUsage, message + " (--help says more)");
  }
  for (auto [wishes, seed] :
       {std::pair<RunWishes*, std::string*>(&check, &check_seed), {&client, &client_seed}}) {
    if (seed->empty()) continue;
    wishes->seed = parse_seed(*seed);
    if (!wishes->seed)
      return complain(exit_code::kUsage,
                      fmt::format("--seed {}: not a number in hex of at most 16 digits", *seed));
  }
  if (app.got_subcommand("client")) return run_client(client);
  if (app.got_subcommand("check")) return run_check(check);
  if (app.got_subcommand("serve")) return run_serve(serve);
  if (selftest_app->parsed()) return run_selftest(selftest);
  if (list->parsed()) return run_list(json, like);
  return run_explain(id);
}

}  // namespace
}  // namespace assay

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  ::umask(077);
  // Nothing ends a system resolver that waits, and we do not leave before it does: it has less time
  // than by default (three servers, two tries of five seconds), unless somebody has set it.
  ::setenv("RES_OPTIONS", "timeout:2 attempts:1", 0);
  try {
    return assay::run(argc, argv);
  } catch (const std::exception& error) {
    return assay::complain(assay::exit_code::kInternal,
                           fmt::format("internal error: {}", error.what()));
  }
}
