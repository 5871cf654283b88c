#include "harness/cli/options.h"

#include "harness/base/words.h"
#include "reference_server/auth_level.h"

#include <fmt/format.h>

namespace assay {
namespace {

void add_wishes(CLI::App& command, RunWishes& wishes, std::string& seed) {
  command.add_option("--profile", wishes.profile, "Depth")
      ->check(CLI::IsMember({"quick", "default", "full"}))
      ->group("What runs");
  command.add_option("--only", wishes.only, "Checks to run (glob; repeatable)")
      ->allow_extra_args(false)
      ->group("What runs");
  command.add_option("--skip", wishes.skip, "Checks to leave out (glob; repeatable)")
      ->allow_extra_args(false)
      ->group("What runs");
  command.add_option("--baseline", wishes.baseline, "Expected findings (TOML)")
      ->group("The subject");
  command.add_option("--seed", seed, "Seed of chance, in hex, to repeat a run")
      ->group("How it runs");
  command.add_option("--jobs", wishes.jobs, "Cases in flight")
      ->check(CLI::Range(1, 256))
      ->group("How it runs");
  command.add_option("--out", wishes.out, "Directory for run.json, junit.xml and transcripts")
      ->group("Reports");
  command
      .add_option("--report", wishes.reports,
                  "json, junit or console, =PATH; - is stdout (repeatable)")
      ->allow_extra_args(false)
      ->group("Reports");
  command.add_option("--fail-on", wishes.fail_on, "What makes exit code 1, or 4")
      ->check(CLI::IsMember({"error", "warning", "weak", "inconclusive"}))
      ->group("Reports");
  command.add_flag("--stable", wishes.stable, "Leave times and ports out of run.json")
      ->group("Reports");
  command.add_option("--color", wishes.color, "Colour")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->group("Reports");
  command.add_flag("-q,--quiet", wishes.quiet, "Findings and one line of counts")->group("Reports");
  command.add_flag("-v,--verbose", wishes.verbose, "Passes, too")->group("Reports");
}

}  // namespace

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
                    "smtp://HOST[:PORT], smtps://, submission(s)://, pop3(s)://, nntp(s)://, "
                    "ldap(s)://");
  add_wishes(*check, options, seed);
  check
      ->add_flag("--intrusive", options.intrusive,
                 "Run intrusive and writing rows off loopback, too")
      ->group("What runs");
  check->add_option("--account", options.account, "Account file (TOML, mode 0600)")
      ->group("The subject");
  check->add_option("--ca", options.ca, "Trust anchors (PEM)")->group("The subject");
  check->add_option("--rate", options.rate, "Connections a second; 2 off loopback unless told")
      ->check(CLI::PositiveNumber)
      ->group("How it runs");
}

void add_client(CLI::App& app, ClientOptions& options, std::string& seed) {
  CLI::App* client = app.add_subcommand(
      "client", "Test a client: its command line is run once a case against servers of ours");
  client->footer(
      std::string(
          "Examples:\n"
          "  assay client --protocol smtp -- curl --ssl-reqd --cacert {ca} -u {user}:{password} "
          "{url}\n"
          "  assay client --protocol pop3 --policy implicit -- ./fetch.sh {host} {port} {ca}\n"
          "  assay client --protocol ldap --policy required --policy implicit -- ./search.sh "
          "{url}\n\n"
          "Filled in, without a shell: {host} {port} {url} {ca} {user} {password} {password_file}\n"
          "{bind_dn} {sink} {message_file} {case}. User and password are made for the run; a "
          "client whose server\n"
          "may be trusted is to log in, do a thing of its own, and exit with 0.\n\n") +
      kExitCodes);
  client->add_option("COMMAND", options.words, "The client and its arguments, behind --")
      ->required();
  client->add_option("--protocol", options.protocol, "What it speaks")
      ->required()
      ->check(CLI::IsMember({"smtp", "pop3", "nntp", "ldap"}))
      ->group("The subject");
  client
      ->add_option("--policy", options.policies,
                   "What it was told of TLS: to insist on the upgrade, itself or by an MTA-STS "
                   "policy for the host; to take it where it is offered; to begin with TLS "
                   "(repeatable; required unless told)")
      ->check(CLI::IsMember({"required", "mta-sts", "opportunistic", "implicit"}))
      ->allow_extra_args(false)
      ->group("The subject");
  client
      ->add_option("--host", options.host,
                   "The name that it is sent to, {host} in its command; it must lead to 127.0.0.1. "
                   "Rows of wildcards need one of several labels")
      ->group("The subject");
  add_wishes(*client, options, seed);
  client->add_option("--timeout", options.timeout, "Seconds that one case may take")
      ->check(CLI::Range(1.0, 3600.0))
      ->group("How it runs");
}

void add_serve(CLI::App& app, ServeOptions& options) {
  CLI::App* serve = app.add_subcommand("serve", "Run the reference server on loopback");
  serve->footer(std::string("Examples:\n"
                            "  assay serve\n"
                            "  assay serve --smtp 2525 --smtps 2465 --dir serve\n"
                            "  assay serve --config serve.toml\n"
                            "  assay serve --fault keep_plaintext\n\n") +
                kExitCodes);
  CLI::Option* config = serve->add_option(
      "--config", options.config, "Listeners, certificates and logins by a file (docs/serve.md)");
  for (std::size_t i = 0; i < kServeDoors.size(); ++i) {
    const ServeDoor& door = kServeDoors[i];
    CLI::Option* port = serve->add_option(
        fmt::format("--{}", door.scheme()), options.ports[i],
        fmt::format("Port for {} {}; a free one unless told", to_upper(name_of(door.protocol)),
                    door.access == Access::implicit ? "over TLS" : "with its upgrade"));
    port->excludes(config);
  }
  serve
      ->add_option("--auth", options.auth,
                   "How people log in: by password in the clear or behind TLS alone; by challenge "
                   "everywhere; by certificate")
      ->check(
          CLI::IsMember(std::vector<std::string>(kAuthLevelNames.begin(), kAuthLevelNames.end())))
      ->excludes(config);
  serve->add_option("--fault", options.faults,
                    "Show a named fault or liberty (repeatable; `assay explain ID` names them)");
  serve->add_flag("--engine", options.engine,
                  "Speak TLS by Assay's own engine in place of OpenSSL's library");
  serve->add_option("--ready-file", options.ready_file,
                    "Write endpoints, CA and account as JSON once it listens");
  serve->add_option("--dir", options.directory,
                    "Keep CA and account file here; a temporary directory unless told");
  serve->add_option("--max-connections", options.max_connections,
                    "Connections at once, also from one address");
}

}  // namespace assay
