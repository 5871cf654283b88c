// The commands of `assay`, one file each; main.cpp parses the options that they share the form of.
#pragma once

#include "harness/check/subject.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// docs/cli.md: 0 nothing unexpected, 1 unexpected fail or pass, 2 usage, 3 not testable, 4
/// inconclusive left and asked for, 70 internal error, 128+n by signal.
namespace exit_code {
inline constexpr int kFine = 0;
inline constexpr int kUnexpected = 1;
inline constexpr int kUsage = 2;
inline constexpr int kNotTestable = 3;
inline constexpr int kInconclusive = 4;
inline constexpr int kInternal = 70;
inline constexpr int kSignal = 128;
}  // namespace exit_code

/// What every run of checks can be told.
struct RunWishes {
  std::string profile = "default";
  std::vector<std::string> only;
  std::vector<std::string> skip;
  std::string baseline;
  std::optional<std::uint64_t> seed;
  std::size_t jobs = 8;
  std::string out;
  std::vector<std::string> reports;
  std::string fail_on = "error";
  bool stable = false;
  bool quiet = false;
  bool verbose = false;
  std::string color = "auto";
};

struct CheckOptions : RunWishes {
  std::vector<std::string> targets;
  std::string account;
  std::string ca;
  double rate = 0;
  bool intrusive = false;
};
int run_check(const CheckOptions& options);

struct ClientOptions : RunWishes {
  std::string protocol;
  std::vector<std::string> policies = {"required"};  // or opportunistic; implicit
  std::string host = "localhost";                    // where it is sent
  double timeout = 30;                               // seconds that one run of the client may take
  std::vector<std::string> words;                    // its command line, with placeholders
};
int run_client(const ClientOptions& options);

/// A listener of `serve`; the scheme of its URL is the name of its option, too.
struct ServeDoor {
  Protocol protocol;
  Access access;
  [[nodiscard]] std::string scheme() const { return scheme_of(protocol, access); }
};
inline constexpr std::array<ServeDoor, 8> kServeDoors = {{
    {Protocol::smtp, Access::upgrade},
    {Protocol::smtp, Access::implicit},
    {Protocol::pop3, Access::upgrade},
    {Protocol::pop3, Access::implicit},
    {Protocol::nntp, Access::upgrade},
    {Protocol::nntp, Access::implicit},
    {Protocol::ldap, Access::upgrade},
    {Protocol::ldap, Access::implicit},
}};

struct ServeOptions {
  std::array<std::uint16_t, kServeDoors.size()>
      ports{};         // in the order of the doors; 0: a free one
  std::string config;  // in the place of ports and auth
  std::string auth = "tls-only";
  std::vector<std::string> faults;
  bool engine = false;  // our own TLS in place of libssl's
  std::string ready_file;
  std::string directory;
  std::size_t max_connections = 0;  // 0: the budget's own
};
int run_serve(const ServeOptions& options);
/// What ordinary clients are told, to get at an endpoint of `serve`: a block of lines.
[[nodiscard]] std::string client_lines(const Endpoint& endpoint, const std::string& ca,
                                       const std::string& account);

struct SelftestOptions {
  std::string only = "*";
  bool fault_matrix = false;
  bool verbose = false;
};
int run_selftest(const SelftestOptions& options);

int run_list(bool json, const std::string& only);
int run_explain(const std::string& id);

/// "assay: MESSAGE" on stderr, one line; the exit code.
int complain(int code, const std::string& message);

}  // namespace assay
