// Drives a service as Session does, without sockets: octets in, replies out.
// Used by the fixtures of each text protocol's service.
#pragma once

#include "harness/protocol/sasl.h"
#include "reference_server/accounts.h"
#include "reference_server/service.h"
#include "reference_server/store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

namespace assay {

inline Accounts accounts_for_tests() {
  Accounts accounts;
  accounts.add("ann", {.password = Secret("secret"), .mailbox = "ann@a.test"});
  return accounts;
}

/// Ann at a login that shows no password; the nonce is the client's.
inline SaslClient prover(SaslMechanism mechanism, std::string_view password = "secret") {
  return {mechanism, {.authcid = "ann", .password = Secret(password)}, "CLIENT"};
}
inline SaslClient external_as(std::string_view authzid) {
  return {SaslMechanism::external, {.authzid = std::string(authzid)}};
}
inline constexpr auto kProofs = {SaslMechanism::scram_sha_256, SaslMechanism::cram_md5};

/// What the sessions of one server have in common.
struct ServerForTests {
  Accounts accounts = accounts_for_tests();
  Store store{};
};

/// One session, its input buffered until the service used it.
class Talk {
 public:
  virtual ~Talk() = default;

  /// Sends `octets` in pieces of `piece` octets and returns what the service said to them.
  std::string say(std::string_view octets, std::size_t piece = std::string_view::npos) {
    std::string said;
    for (std::size_t at = 0; at < octets.size(); at += std::min(piece, octets.size())) {
      append(input_, octets.substr(at, piece));
      while (next == Step::Next::go_on && !input_.empty()) {
        const Step step = served().handle(state, input_);
        if (step.consumed == 0) {
          EXPECT_TRUE(step.output.empty());
          break;
        }
        drop_front(input_, step.consumed);
        said += text_of(step.output);
        next = step.next;
      }
    }
    return said;
  }

  /// The code of the one reply to `line`, which gets its CRLF here; 0 unless it is one line.
  int code(std::string_view line) {
    const std::string reply = say(std::string(line) + "\r\n");
    if (reply.size() < 5 || std::ranges::count(reply, '\n') != 1) return 0;
    return std::stoi(reply.substr(0, 3));
  }

  /// Logs in: `command` is what stands before a mechanism's name, `mark` what stands before a
  /// challenge. The last reply.
  std::string prove(SaslClient client, std::string_view command, std::string_view mark) {
    std::string line = std::string(command) + " " + std::string(to_string(client.mechanism()));
    if (client_speaks_first(client.mechanism())) {
      const Secret initial = client.respond().value();
      line.append(" ").append(initial.empty() ? "=" : initial.reveal());
    }
    std::string reply = say(line + "\r\n");
    while (reply.starts_with(mark) && reply.ends_with("\r\n")) {
      const auto response = client.respond(
          std::string_view(reply).substr(mark.size(), reply.size() - mark.size() - 2));
      if (!response) return "no answer to " + reply;
      reply = say(std::string(response->reveal()) + "\r\n");
    }
    return reply;
  }

  /// What the service did not use yet.
  [[nodiscard]] std::string_view left() const { return text_of(input_); }

  SessionState state;
  Step::Next next = Step::Next::go_on;

 private:
  [[nodiscard]] virtual const Service& served() const = 0;

  Bytes input_;
};

}  // namespace assay
