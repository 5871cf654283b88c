// Drives an SmtpService as Session does, without sockets: octets in, replies out.
// Used by the tests of the SMTP service and of its message transfer.
#pragma once

#include "reference_server/smtp.h"
#include "reference_server/talk_fixture_test.h"

#include <string>
#include <string_view>

namespace assay {

/// A configuration for tests: one domain, AUTH behind TLS alone.
inline SmtpConfig config_for_tests() {
  return {.hostname = "mx.a.test", .domains = {"a.test"}, .date = [] { return "DATE"; }};
}

inline SmtpConfig with_auth(AuthLevel level) {
  SmtpConfig config = config_for_tests();
  config.auth = level;
  config.nonce = [] { return "NONCE"; };
  return config;
}

inline constexpr std::string_view kPlainAnn = "AUTH PLAIN AGFubgBzZWNyZXQ=";  // ann, secret

/// One session with an SMTP service.
class SmtpTalk : public Talk {
 public:
  explicit SmtpTalk(SmtpConfig config = config_for_tests(), Security security = Security::clear)
      : service(std::move(config), accounts, store) {
    state = service.fresh(security);
  }

  /// Starts a transaction to ann@a.test.
  void begin_mail() { say("EHLO c.test\r\nMAIL FROM:<b@b.test>\r\nRCPT TO:<ann@a.test>\r\n"); }

  std::shared_ptr<ServerForTests> server = std::make_shared<ServerForTests>();
  Accounts& accounts = server->accounts;
  Store& store = server->store;
  SmtpService service;

 private:
  [[nodiscard]] const Service& served() const override { return service; }
};

}  // namespace assay
