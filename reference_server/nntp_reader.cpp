#include "reference_server/nntp_reader.h"

#include "harness/base/words.h"
#include "harness/protocol/dots.h"
#include "harness/protocol/nntp_replies.h"
#include "reference_server/news_article.h"

#include <algorithm>

namespace assay {
namespace {

constexpr std::string_view kBlockEnd = ".\r\n";

Bytes reply(int code, std::string_view text) { return bytes_of(compose_nntp_reply(code, text)); }
Bytes syntax_error(NntpSyntax syntax) { return reply(501, to_string(syntax)); }
Bytes no_group_selected() { return reply(412, "No newsgroup selected"); }
Bytes no_current_article() { return reply(420, "Current article number is invalid"); }
Bytes no_such_number() { return reply(423, "No article with that number"); }

/// "3 1 3 misc.test" (RFC 3977 §6.1.1.1).
std::string summary(const NewsGroup& group) {
  return std::to_string(group.articles.size()) + " " + std::to_string(group.low()) + " " +
         std::to_string(group.high()) + " " + group.name;
}

struct Shown {
  int code;
  View octets;  // empty for STAT, which shows nothing
  std::string_view what;
};

/// RFC 3977 §6.2: four commands that differ in their code and in what they show.
Shown shown_of(const NewsArticle& article, NntpVerb verb) {
  const View whole(article.content);
  switch (verb) {
    case NntpVerb::article:
      return {220, whole, "article follows"};
    case NntpVerb::head:
      // RFC 3977 §6.2.2.2: without the empty line.
      return {221, whole.first(article.body - std::min<std::size_t>(article.body, 2)),
              "headers follow"};
    case NntpVerb::body:
      return {222, whole.subspan(article.body), "body follows"};
    default:
      return {223, {}, "article exists"};
  }
}

}  // namespace

Bytes NntpReader::select(SessionState& state, const NntpCommand& command) const {
  const bool lists = command.verb == NntpVerb::listgroup;
  const auto& arguments = command.arguments;
  NntpState& nntp = state.nntp();
  if (!lists && arguments.empty()) return syntax_error(NntpSyntax::missing_argument);
  if (arguments.size() > (lists ? 2 : 1)) return syntax_error(NntpSyntax::too_many_arguments);
  NntpRange range{1, UINT64_MAX};
  if (arguments.size() == 2) {
    const auto parsed = parse_nntp_range(arguments[1]);
    if (!parsed) return syntax_error(parsed.error());
    range = *parsed;
  }
  if (arguments.empty() && nntp.group.empty()) return no_group_selected();
  const NewsGroup* group = store_.group(arguments.empty() ? nntp.group : arguments.front());
  // RFC 3977 §6.1.1.2: the selection stays as it is.
  if (group == nullptr) return reply(411, "No such newsgroup");
  nntp.group = group->name;
  // RFC 3977 §6.1.1.2, §6.1.2.2: the first article becomes current, within the range or not.
  nntp.article = group->articles.empty() ? 0 : group->low();
  if (!lists) return reply(211, summary(*group));
  Bytes listing = reply(211, summary(*group) + " list follows");
  const std::uint64_t last = std::min(range.last, group->high());
  for (std::uint64_t number = std::max(range.first, group->low()); number <= last; ++number) {
    append(listing, std::to_string(number) + "\r\n");
  }
  append(listing, kBlockEnd);
  return listing;
}

Bytes NntpReader::move(SessionState& state, const NntpCommand& command) const {
  NntpState& nntp = state.nntp();
  if (!command.arguments.empty()) return syntax_error(NntpSyntax::too_many_arguments);
  const NewsGroup* group = store_.group(nntp.group);
  if (group == nullptr) return no_group_selected();
  if (nntp.article == 0) return no_current_article();
  const bool next = command.verb == NntpVerb::next;
  const std::uint64_t number = next ? nntp.article + 1 : nntp.article - 1;
  const NewsArticle* article = group->article(number);
  // RFC 3977 §6.1.3.2, §6.1.4.2: at either end the current article stays.
  if (article == nullptr) {
    return next ? reply(421, "No next article") : reply(422, "No previous article");
  }
  nntp.article = number;
  return reply(223, std::to_string(number) + " " + article->message_id + " article found");
}

tl::expected<NntpReader::Found, Bytes> NntpReader::find(const SessionState& state,
                                                        const NntpSelector& selector) const {
  const NntpState& nntp = state.nntp();
  if (!selector.message_id.empty()) {
    const NewsArticle* article = store_.find(selector.message_id);
    if (article == nullptr) return tl::unexpected(reply(430, "No article with that message-id"));
    return Found{article, 0};
  }
  const NewsGroup* group = store_.group(nntp.group);
  if (group == nullptr) return tl::unexpected(no_group_selected());
  const std::uint64_t number = selector.range ? selector.range->first : nntp.article;
  const NewsArticle* article = group->article(number);
  if (article != nullptr) return Found{article, number};
  return tl::unexpected(selector.range ? no_such_number() : no_current_article());
}

Bytes NntpReader::show(SessionState& state, const NntpCommand& command) const {
  if (command.arguments.size() > 1) return syntax_error(NntpSyntax::too_many_arguments);
  NntpSelector selector;
  if (!command.arguments.empty()) {
    auto parsed = parse_article_selector(command.arguments.front());
    if (!parsed) return syntax_error(parsed.error());
    selector = std::move(*parsed);
  }
  auto found = find(state, selector);
  if (!found) return std::move(found.error());
  // RFC 3977 §6.2.1.2: a number becomes the current one, a message-id changes nothing.
  if (found->number != 0) state.nntp().article = found->number;
  const Shown part = shown_of(*found->article, command.verb);
  std::string line = std::to_string(found->number) + " " + found->article->message_id;
  Bytes shown = reply(part.code, line.append(" ").append(part.what));
  if (command.verb == NntpVerb::stat) return shown;
  DotEncoder encoder;
  encoder.encode(part.octets, shown);
  encoder.finish(shown);
  return shown;
}

Bytes NntpReader::over(const SessionState& state, const NntpCommand& command) const {
  if (command.arguments.size() > 1) return syntax_error(NntpSyntax::too_many_arguments);
  return list_fields(state, command.arguments, reply(224, "Overview information follows"), '\t',
                     [](const NewsArticle& article) { return article.overview; });
}

Bytes NntpReader::hdr(const SessionState& state, const NntpCommand& command) const {
  const std::span<const std::string> arguments(command.arguments);
  if (arguments.empty()) return syntax_error(NntpSyntax::missing_argument);
  if (arguments.size() > 2) return syntax_error(NntpSyntax::too_many_arguments);
  const std::string& name = arguments.front();
  Field field = [&](const NewsArticle& article) {
    // RFC 3977 §8.5.2: a line with nothing behind the number where the header is absent.
    return header_content(article.headers(), name).value_or("");
  };
  if (name.starts_with(':')) {
    if (equals_ignoring_case(name, ":bytes")) {
      field = [](const NewsArticle& article) { return std::to_string(article.content.size()); };
    } else if (equals_ignoring_case(name, ":lines")) {
      field = [](const NewsArticle& article) { return std::to_string(article.lines); };
    } else {
      // RFC 3977 §8.5.2: 503 for a field that is not to be had.
      return reply(503, "No such metadata item");
    }
  } else if (name.find(':') != std::string::npos) {
    return syntax_error(NntpSyntax::bad_argument);
  }
  return list_fields(state, arguments.subspan(1), reply(225, "Headers follow"), ' ', field);
}

Bytes NntpReader::list_fields(const SessionState& state, std::span<const std::string> argument,
                              Bytes listing, char separator, const Field& field) const {
  NntpSelector selector;
  if (!argument.empty()) {
    auto parsed = parse_range_selector(argument.front());
    if (!parsed) return syntax_error(parsed.error());
    selector = std::move(*parsed);
  }
  const auto add = [&](const Found& found) {
    append(listing, std::to_string(found.number) + separator + field(*found.article) + "\r\n");
  };
  if (!selector.range) {
    auto found = find(state, selector);
    if (!found) return std::move(found.error());
    add(*found);
  } else {
    const NewsGroup* group = store_.group(state.nntp().group);
    if (group == nullptr) return no_group_selected();
    const std::uint64_t first = std::max(selector.range->first, group->low());
    const std::uint64_t last = std::min(selector.range->last, group->high());
    // RFC 3977 §8.3.2, §8.5.2: 423 where the range holds no article, upside down or not.
    if (first > last) return no_such_number();
    for (std::uint64_t number = first; number <= last; ++number) {
      add({group->article(number), number});
      // RFC 3977 §3.2.1: 503 where only some of the legitimate cases are handled.
      if (listing.size() > config_.limits.listing) return reply(503, "That range is too large");
    }
  }
  append(listing, kBlockEnd);
  return listing;
}

}  // namespace assay
