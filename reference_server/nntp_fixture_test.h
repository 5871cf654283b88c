// Drives an NntpService as Session does, without sockets: octets in, replies out.
// Used by the tests of the NNTP service and of its parts.
#pragma once

#include "reference_server/nntp.h"
#include "reference_server/talk_fixture_test.h"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <string_view>

namespace assay {

/// A configuration for tests: AUTHINFO behind TLS alone, and one moment that stays.
inline NntpConfig news_config() {
  return {.hostname = "news.a.test",
          .now = [] { return std::chrono::sys_seconds(std::chrono::seconds(930146184)); }};
}

inline NntpConfig news_with_auth(AuthLevel level) {
  NntpConfig config = news_config();
  config.auth = level;
  config.nonce = [] { return "NONCE"; };
  return config;
}

inline NntpConfig news_with_posting(Posting posting) {
  NntpConfig config = news_config();
  config.posting = posting;
  return config;
}

/// ann, secret
inline constexpr std::string_view kSaslAnn = "AUTHINFO SASL PLAIN AGFubgBzZWNyZXQ=";

/// One session with an NNTP service that has two empty groups, of which one takes no posts.
class NntpTalk : public Talk {
 public:
  explicit NntpTalk(NntpConfig config = news_config(), Security security = Security::clear)
      : service(std::move(config), accounts, store) {
    state = service.fresh(security);
    store.add_group({.name = "misc.test", .description = "Tests of every kind"});
    store.add_group({.name = "local.closed", .description = "Closed", .posting = false});
  }

  /// Files `count` articles into misc.test: <1@a.test>, <2@a.test> and so on.
  void fill(int count) {
    for (int i = 1; i <= count; ++i) {
      const std::string id = fmt::format("<{}@a.test>", i);
      EXPECT_EQ(store.file({.message_id = id,
                            .groups = {"misc.test"},
                            .content = bytes_of(fmt::format(
                                "Subject: Test {}\r\nFrom: ann@a.test\r\nMessage-ID: {}\r\n\r\n"
                                "Line\r\n.dot\r\n",
                                i, id)),
                            .arrived = std::chrono::sys_seconds(std::chrono::seconds(i))}),
                Filing::filed);
    }
  }

  /// Whether the reply to CAPABILITIES has a line that is `text`.
  bool offers(std::string_view text) {
    return say("CAPABILITIES\r\n").find("\r\n" + std::string(text) + "\r\n") != std::string::npos;
  }

  Accounts accounts = accounts_for_tests();
  NewsStore store;
  NntpService service;

 private:
  [[nodiscard]] const Service& served() const override { return service; }
};

}  // namespace assay
