// The POP3 service in tests: a configuration and one session with it.
// Used by the tests of the POP3 service, of its login and of its maildrop.
#pragma once

#include "harness/protocol/pop3_replies.h"
#include "reference_server/pop3.h"
#include "reference_server/talk_fixture_test.h"

#include <string>
#include <string_view>
#include <utility>

namespace assay {

/// A configuration for tests: logins behind TLS alone, no APOP.
inline Pop3Config pop3_config_for_tests() { return {.hostname = "pop.a.test"}; }

inline Pop3Config pop3_with_auth(AuthLevel level) {
  Pop3Config config = pop3_config_for_tests();
  config.auth = level;
  config.nonce = [] { return "NONCE"; };
  return config;
}

/// One session with a POP3 service; several share a server.
class Pop3Talk : public Talk {
 public:
  explicit Pop3Talk(Pop3Config config = pop3_config_for_tests(),
                    Security security = Security::clear,
                    std::shared_ptr<ServerForTests> shared = std::make_shared<ServerForTests>())
      : server(std::move(shared)),
        accounts(server->accounts),
        store(server->store),
        service(std::move(config), accounts, store) {
    state = service.fresh(security);
  }

  /// The one reply to `line`, which gets its CRLF here.
  Pop3Reply reply(std::string_view line, Pop3Form form = Pop3Form::single_line) {
    Pop3ReplyParser parser;
    parser.feed(view_of(say(std::string(line) + "\r\n")));
    const auto result = parser.take(form);
    EXPECT_TRUE(result && *result) << line;
    EXPECT_TRUE(parser.rest().empty()) << line;
    return result && *result ? **result : Pop3Reply{};
  }
  /// Whether `line` is answered by +OK, and by nothing else.
  bool accepts(std::string_view line) { return reply(line).positive(); }
  bool refuses(std::string_view line) { return reply(line).negative(); }

  /// Puts a message into ann's mailbox.
  void deliver(std::string_view content) {
    EXPECT_EQ(store.deliver({.recipients = {"ann@a.test"}, .content = bytes_of(content)}),
              Delivery::stored);
  }
  void log_in() { EXPECT_TRUE(accepts("USER ann") && accepts("PASS secret")); }

  std::shared_ptr<ServerForTests> server;
  Accounts& accounts;
  Store& store;
  Pop3Service service;

 private:
  [[nodiscard]] const Service& served() const override { return service; }
};

}  // namespace assay
