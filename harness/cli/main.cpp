// `assay`: options in, exit code out. The composition root; nothing here knows a protocol.
#include "harness/base/hex.h"
#include "harness/base/words.h"
#include "harness/cli/commands.h"

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

constexpr const char* kExitCodes =
    "Exit codes: 0 nothing unexpected, 1 unexpected fail or pass, 2 usage or configuration, 3 not "
    "testable,\n"
    "4 inconclusive left and asked for, 70 internal error, 128+n by signal.";

void add_check(CLI::App& app, CheckOptions& options, std::string& seed) {
  CLI::App* check =
      app.add_subcommand("check", "Test a server; without a URL the embedded reference server");
  check->footer(
      std::string(
          "Examples:\n"
          "  assay check\n"
          "  assay check smtp://localhost:2525 smtps://localhost:2465 --ca ca.pem --account "
          "account.toml\n"
          "  assay check smtp://localhost --only 'integrity.injection.*' --out report\n\n") +
      kExitCodes);
  check->add_option("URL", options.targets,
                    "smtp://HOST[:PORT], smtps://, submission(s)://, pop3(s)://, nntp(s)://");
  check->add_option("--profile", options.profile, "Depth")
      ->check(CLI::IsMember({"quick", "default", "full"}))
      ->group("What runs");
  check->add_option("--only", options.only, "Checks to run (glob; repeatable)")->group("What runs");
  check->add_option("--skip", options.skip, "Checks to leave out (glob; repeatable)")
      ->group("What runs");
  check
      ->add_flag("--intrusive", options.intrusive,
                 "Run intrusive and writing rows off loopback, too")
      ->group("What runs");
  check->add_option("--account", options.account, "Account file (TOML, mode 0600)")
      ->group("The subject");
  check->add_option("--ca", options.ca, "Trust anchors (PEM)")->group("The subject");
  check->add_option("--baseline", options.baseline, "Expected findings (TOML)")
      ->group("The subject");
  check->add_option("--seed", seed, "Seed of chance, in hex, to repeat a run")
      ->group("How it runs");
  check->add_option("--jobs", options.jobs, "Cases in flight")
      ->check(CLI::Range(1, 256))
      ->group("How it runs");
  check->add_option("--rate", options.rate, "Connections a second; 2 off loopback unless told")
      ->check(CLI::PositiveNumber)
      ->group("How it runs");
  check->add_option("--out", options.out, "Directory for run.json, junit.xml and transcripts")
      ->group("Reports");
  check
      ->add_option("--report", options.reports,
                   "json, junit or console, =PATH; - is stdout (repeatable)")
      ->group("Reports");
  check->add_option("--fail-on", options.fail_on, "What makes exit code 1, or 4")
      ->check(CLI::IsMember({"error", "warning", "weak", "inconclusive"}))
      ->group("Reports");
  check->add_flag("--stable", options.stable, "Leave times and ports out of run.json")
      ->group("Reports");
  check->add_option("--color", options.color, "Colour")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->group("Reports");
  check->add_flag("-q,--quiet", options.quiet, "Findings and one line of counts")->group("Reports");
  check->add_flag("-v,--verbose", options.verbose, "Passes, too")->group("Reports");
}

void add_serve(CLI::App& app, ServeOptions& options) {
  CLI::App* serve = app.add_subcommand("serve", "Run the reference server on loopback");
  serve->footer(std::string("Examples:\n"
                            "  assay serve\n"
                            "  assay serve --smtp 2525 --smtps 2465 --dir serve\n"
                            "  assay serve --fault keep_plaintext\n\n") +
                kExitCodes);
  for (std::size_t i = 0; i < kServeDoors.size(); ++i) {
    const ServeDoor& door = kServeDoors[i];
    serve->add_option(
        fmt::format("--{}", door.scheme()), options.ports[i],
        fmt::format("Port for {} {}; a free one unless told", to_upper(name_of(door.protocol)),
                    door.access == Access::implicit ? "over TLS" : "with its upgrade"));
  }
  serve->add_option("--auth", options.auth, "Where AUTH is offered")
      ->check(CLI::IsMember({"none", "clear", "tls-only"}));
  serve->add_option("--fault", options.faults,
                    "Show a named fault or liberty (repeatable; `assay explain ID` names them)");
  serve->add_option("--ready-file", options.ready_file,
                    "Write endpoints, CA and account as JSON once it listens");
  serve->add_option("--dir", options.directory,
                    "Keep CA and account file here; a temporary directory unless told");
  serve->add_option("--max-connections", options.max_connections,
                    "Connections at once, also from one address");
}

int run(int argc, char** argv) {
  CLI::App app{
      "Conformance tests for SMTP over TLS: certificate verification, negotiation, encryption, "
      "integrity"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "assay " ASSAY_VERSION);
  app.footer(
      std::string(
          "Examples:\n"
          "  assay check                                       the embedded reference server\n"
          "  assay check smtp://localhost:2525 --ca ca.pem     somebody's server\n"
          "  assay explain integrity.injection.discards_pipelined_plaintext\n\n") +
      kExitCodes);
  CheckOptions check;
  std::string seed;
  add_check(app, check, seed);
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
  if (!seed.empty()) {
    check.seed = parse_seed(seed);
    if (!check.seed)
      return complain(exit_code::kUsage,
                      fmt::format("--seed {}: not a number in hex of at most 16 digits", seed));
  }
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
  try {
    return assay::run(argc, argv);
  } catch (const std::exception& error) {
    return assay::complain(assay::exit_code::kInternal,
                           fmt::format("internal error: {}", error.what()));
  }
}
