// Drives an SmtpService as Session does, without sockets: octets in, replies out.
// Used by the tests of the SMTP service and of its message transfer.
#pragma once

#include "reference_server/smtp.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace assay {

inline Accounts accounts_for_tests() {
  Accounts accounts;
  accounts.add("ann", {.password = Secret("secret"), .mailbox = "ann@a.test"});
  return accounts;
}

/// A configuration for tests: one domain, AUTH behind TLS alone.
inline SmtpConfig config_for_tests() {
  return {.hostname = "mx.a.test", .domains = {"a.test"}, .date = [] { return "DATE"; }};
}

inline SmtpConfig with_auth(AuthLevel level) {
  SmtpConfig config = config_for_tests();
  config.auth = level;
  return config;
}

inline constexpr std::string_view kPlainAnn = "AUTH PLAIN AGFubgBzZWNyZXQ=";  // ann, secret

/// One session with a service, its input buffered until the service used it.
class SmtpTalk {
 public:
  explicit SmtpTalk(SmtpConfig config = config_for_tests(), Security security = Security::clear)
      : service(std::move(config), accounts, store), state(service.fresh(security)) {}

  /// Sends `octets` in pieces of `piece` octets and returns what the service said to them.
  std::string say(std::string_view octets, std::size_t piece = std::string_view::npos) {
    std::string said;
    for (std::size_t at = 0; at < octets.size(); at += std::min(piece, octets.size())) {
      append(input_, octets.substr(at, piece));
      while (next == Step::Next::go_on && !input_.empty()) {
        const Step step = service.handle(state, input_);
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

  /// Starts a transaction to ann@a.test.
  void begin_mail() { say("EHLO c.test\r\nMAIL FROM:<b@b.test>\r\nRCPT TO:<ann@a.test>\r\n"); }

  /// The code of the one reply to `line`, which gets its CRLF here; 0 unless it is one line.
  int code(std::string_view line) {
    const std::string reply = say(std::string(line) + "\r\n");
    if (reply.size() < 5 || std::ranges::count(reply, '\n') != 1) return 0;
    return std::stoi(reply.substr(0, 3));
  }

  /// What the service did not use yet.
  [[nodiscard]] std::string_view left() const { return text_of(input_); }

  Accounts accounts = accounts_for_tests();
  Store store;
  SmtpService service;
  SessionState state;
  Step::Next next = Step::Next::go_on;

 private:
  Bytes input_;
};

}  // namespace assay
