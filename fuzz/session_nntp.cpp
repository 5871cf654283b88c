// Fuzz target session_nntp: a whole session of the NNTP server, its STARTTLS included. session.h
// tells what is looked at, scenario.h how an input is read.
#include "fuzz/session.h"
#include "fuzz/target.h"
#include "harness/protocol/nntp.h"
#include "harness/protocol/nntp_replies.h"
#include "reference_server/nntp.h"

#include <algorithm>
#include <utility>

namespace assay::fuzz {
namespace {

using Phase = NntpState::Phase;

constexpr NntpLimits kNarrow = {.command_line = 64,
                                .hard_line = 200,
                                .sasl_blob = 64,
                                .article = 256,
                                .headers = 128,
                                .skipped = 600,
                                .listing = 200,
                                .errors = 3};
constexpr NewsStoreLimits kStore = {.article = 8UL * 1024, .articles = 5, .octets = 16UL * 1024};
constexpr std::size_t kSaslCommand = 66;  // of AUTHINFO SASL around its initial response
constexpr std::chrono::sys_seconds kNow{std::chrono::seconds(1'750'000'000)};

NntpConfig config_of(const Listener& listener) {
  NntpConfig config{.hostname = "news.a.test", .now = [] { return kNow; }};
  if (listener.narrow) config.limits = kNarrow;
  config.mode_switching = (listener.choice & kFirstOwn) != 0;
  if ((listener.choice & kSecondOwn) != 0) {
    config.posting = listener.auth == AuthLevel::none ? Posting::nobody : Posting::authenticated;
  }
  return configured(std::move(config), listener);
}

/// Replies in `said`, each of which must be what a strict reader takes.
std::size_t count_replies(View said, NntpReplyForm form) {
  NntpReplyParser parser;
  parser.feed(said);
  std::size_t count = 0;
  while (const auto reply = parser.take(form)) {
    require(reply->has_value(), "the server says replies and nothing else");
    require((*reply)->notes == NntpReplyNotes{}, "a strict reader objects to no reply");
    ++count;
  }
  require(!parser.in_reply(), "no reply is left unfinished");
  return count;
}

class NntpServed final : public Served {
 public:
  NntpServed(const Listener& listener, const Accounts& accounts)
      : config_(config_of(listener)), store_(kStore), service_(config_, accounts, store_) {
    store_.add_group({.name = "a.test", .description = "for everybody", .created = kNow});
    store_.add_group({.name = "a.closed", .posting = false});
    file("<1@a.test>", {"a.test"}, ".dot\r\n..dots\r\n.\r\nend\r\n");
    file("<2@a.test>", {"a.test", "a.closed"}, "no end");
  }

  [[nodiscard]] const Service& service() const override { return service_; }
  void look(const SessionState& before) override { phase_ = before.nntp().phase; }

  void examine_step(View unit, const Step& step, const SessionState& after) override {
    const std::string_view text = text_of(unit);
    const bool whole = text.ends_with("\r\n");
    const NntpVerb verb = parse_nntp_command(text.substr(0, text.size() - (whole ? 2 : 0))).verb;
    const std::size_t replies = count_replies(
        step.output, phase_ == Phase::command ? form_of(verb) : NntpReplyForm::single_line);
    // An article is answered when it is there; a line that is not whole is thrown away without a
    // word, unless it is hopeless.
    const bool silent = phase_ == Phase::article || !whole;
    require(replies == 1 || (replies == 0 && silent), "one reply a command");
    const NntpState& nntp = after.nntp();
    require(nntp.content.size() <= config_.limits.article, "an article under way is bounded");
    // RFC 3977 §6.3.1.2: 340 invites an article, nothing else does.
    const bool invited = text_of(step.output).starts_with("340 ");
    require(phase_ == Phase::article || (nntp.phase == Phase::article) == invited,
            "an article is taken from those who were invited");
    require(!invited || config_.posting != Posting::nobody, "where nobody posts nobody is invited");
    require(!invited || config_.posting == Posting::anybody || after.user == kUser,
            "nobody posts without a login where one is asked for");
    if (invited) ++invited_;
  }

  void examine_unasked(View said) const override {
    require(count_replies(said, NntpReplyForm::single_line) <= 1,
            "nobody is greeted or left by two replies");
  }

  [[nodiscard]] std::size_t longest_wait() const override {
    return std::max(config_.limits.command_line, config_.limits.sasl_blob + kSaslCommand);
  }

  [[nodiscard]] std::vector<std::string> kept() override {
    require(store_.count() <= std::min(kStore.articles, filed_ + invited_),
            "the store is bounded, and no article comes without an invitation");
    std::vector<std::string> news;
    for (const auto& [name, group] : store_.groups()) {
      for (const NewsArticle* article : group.articles)
        news.push_back(name + "\n" + std::string(text_of(article->content)));
    }
    return news;
  }

 private:
  void file(std::string id, std::vector<std::string> groups, std::string_view body) {
    NewArticle article{.message_id = std::move(id), .groups = std::move(groups), .arrived = kNow};
    append(article.content, "From: a\r\nNewsgroups: a.test\r\nSubject: s\r\nMessage-ID: " +
                                article.message_id + "\r\n\r\n" + std::string(body));
    require(store_.file(std::move(article)) == Filing::filed, "there is room for the news");
    ++filed_;
  }

  NntpConfig config_;
  NewsStore store_;
  NntpService service_;
  Phase phase_ = Phase::command;
  std::size_t filed_ = 0;
  std::size_t invited_ = 0;
};

const Dialect& nntp_dialect() {
  static const Dialect kOnce = {
      .begin_tls = "\f",
      .upgrade = "\r\nSTARTTLS\r\nAUTHINFO USER nonce\r\n",
      .first_inside = "DATE\r\n",
      .serve = [](const Listener& listener, const Accounts& accounts) -> std::unique_ptr<Served> {
        return std::make_unique<NntpServed>(listener, accounts);
      }};
  return kOnce;
}

}  // namespace
}  // namespace assay::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return assay::fuzz::examine_session(assay::fuzz::nntp_dialect(), {data, size});
}
