#include "reference_server/nntp_post.h"

#include "harness/protocol/nntp.h"
#include "harness/protocol/nntp_replies.h"
#include "harness/protocol/nntp_time.h"
#include "reference_server/news_article.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace assay {
namespace {

std::string rejected(std::string_view why) { return compose_nntp_reply(441, why); }

/// What is wrong with an article that a client posts; empty when nothing is.
std::string_view flaw_of(View article, std::size_t body, std::size_t most_headers) {
  if (body == npos) return "Posting failed: no empty line behind the headers";
  // CRLF ends the last header, the empty line comes behind it.
  const View headers = article.first(body - 2);
  if (headers.size() > most_headers) return "Posting failed: too many headers";
  // RFC 3977 §3.6: no NUL anywhere; CR and LF only as a pair.
  if (find(article, std::string_view("\0", 1)) != npos) return "Posting failed: a NUL within";
  if (!well_formed_headers(headers)) return "Posting failed: a header is malformed";
  // RFC 5536 §3.1: these are in every article, once; RFC 5537 §3.5: the server may add the others.
  for (const auto* name : {"From", "Newsgroups", "Subject"}) {
    if (count_headers(headers, name) != 1) return "Posting failed: From, Newsgroups, Subject: once";
  }
  for (const auto* name : {"Date", "Message-ID", "Path"}) {
    if (count_headers(headers, name) > 1) return "Posting failed: a header stands there twice";
  }
  return {};
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// RFC 5536 §3.1.4: names between commas, white space around them.
std::vector<std::string> groups_in(std::string_view content) {
  std::vector<std::string> groups;
  while (!content.empty()) {
    const std::string_view one = content.substr(0, content.find(','));
    if (!trimmed(one).empty()) groups.emplace_back(trimmed(one));
    content.remove_prefix(std::min(one.size() + 1, content.size()));
  }
  return groups;
}

std::string outcome(Filing filing) {
  switch (filing) {
    case Filing::filed:
      return compose_nntp_reply(240, "Article received OK");
    case Filing::article_too_big:
      return rejected("Posting failed: the article is too big");
    case Filing::store_full:
      return rejected("Posting failed: no room for more articles");
    case Filing::duplicate:
      return rejected("Posting failed: the Message-ID is there already");
    case Filing::no_such_group:
      return rejected("Posting failed: no such newsgroup, or none that may be posted to");
  }
  return rejected("Posting failed");
}

}  // namespace

bool NntpPost::permits(const SessionState& state) const {
  if (waits_for_tls(config_, state)) return false;
  return config_.posting == Posting::anybody ||
         (config_.posting == Posting::authenticated && !state.user.empty());
}

bool NntpPost::may_come_to_permit() const {
  return config_.posting == Posting::anybody ||
         (config_.posting == Posting::authenticated && config_.auth != AuthLevel::none);
}

std::string NntpPost::begin(SessionState& state) const {
  if (!may_come_to_permit()) return compose_nntp_reply(440, "Posting not permitted");
  // RFC 3977 §3.2.1: 480 where a login would do.
  if (!permits(state)) return compose_nntp_reply(480, "Authentication required to post");
  state.nntp().phase = NntpState::Phase::article;
  state.nntp().content = {};
  state.nntp().data = {};
  return compose_nntp_reply(340, "Send article; end with <CR-LF>.<CR-LF>");
}

Step NntpPost::take(SessionState& state, View input) const {
  NntpState& nntp = state.nntp();
  const bool kept = nntp.data.octets() <= config_.limits.article;
  const std::size_t used = nntp.data.decode(input, kept ? &nntp.content : nullptr);
  const bool too_big = nntp.data.octets() > config_.limits.article;
  if (too_big) Bytes().swap(nntp.content);  // gives the memory back, not only the octets
  if (nntp.data.octets() > config_.limits.skipped) {
    // RFC 3977 §3.2.1: 400 where the server ends the session; what may be skipped ends somewhere.
    return {used, bytes_of(compose_nntp_reply(400, "Far too much content, closing")),
            Step::Next::close};
  }
  if (!nntp.data.ended()) return {.consumed = used};
  nntp.phase = NntpState::Phase::command;
  const DotDecoder data = std::exchange(nntp.data, {});
  Bytes article = std::exchange(nntp.content, {});
  std::string reply = too_big ? outcome(Filing::article_too_big)
                      // RFC 3977 §3.6: CR and LF appear together or not at all.
                      : data.bare_cr() || data.bare_lf()
                          ? rejected("Posting failed: a CR or an LF that stands alone")
                          : file(std::move(article));
  return {.consumed = used, .output = bytes_of(reply)};
}

std::string NntpPost::file(Bytes article) const {
  const std::size_t body = body_offset(article);
  const std::string_view flaw = flaw_of(article, body, config_.limits.headers);
  if (!flaw.empty()) return rejected(flaw);
  const View headers = View(article).first(body - 2);
  const auto message_id = header_content(headers, "Message-ID");
  NewArticle filed{.arrived = config_.time()};
  filed.message_id = message_id ? trimmed(*message_id) : new_message_id();
  if (!is_message_id(filed.message_id)) return rejected("Posting failed: a malformed Message-ID");
  for (std::string& name : groups_in(header_content(headers, "Newsgroups").value_or(""))) {
    const NewsGroup* group = store_.group(name);
    if (group != nullptr && group->posting) filed.groups.push_back(std::move(name));
  }
  // RFC 5537 §3.5: what a server adds where it is absent.
  if (!header_content(headers, "Path")) {
    append(filed.content, "Path: " + config_.hostname + "!not-for-mail\r\n");
  }
  if (!message_id) append(filed.content, "Message-ID: " + filed.message_id + "\r\n");
  if (!header_content(headers, "Date")) {
    append(filed.content, "Date: " + article_date(filed.arrived) + "\r\n");
  }
  filed.content.reserve(filed.content.size() + article.size());
  append(filed.content, View(article));
  return outcome(store_.file(std::move(filed)));
}

std::string NntpPost::new_message_id() const {
  // RFC 3977 §3.6: unique. The store forgets nothing, so its count moves on with every article; a
  // client may have taken the name in advance.
  for (std::size_t serial = store_.count() + 1;; ++serial) {
    std::string id = "<" + nntp_timestamp(config_.time()) + "." + std::to_string(serial) + "@" +
                     config_.hostname + ">";
    if (store_.find(id) == nullptr) return id;
  }
}

}  // namespace assay
