#include "reference_server/nntp_lists.h"

#include "harness/base/words.h"
#include "harness/protocol/nntp_replies.h"
#include "harness/protocol/nntp_time.h"
#include "harness/protocol/wildmat.h"

#include <array>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace assay {
namespace {

using GroupLine = std::string (*)(const NewsGroup& group);

std::string active(const NewsGroup& group) {
  // RFC 3977 §7.6.3: the high water mark comes first here.
  return group.name + " " + std::to_string(group.high()) + " " + std::to_string(group.low()) +
         (group.posting ? " y" : " n");
}

std::string active_times(const NewsGroup& group) {
  return group.name + " " + std::to_string(group.created.time_since_epoch().count()) + " " +
         group.creator;
}

std::string newsgroups(const NewsGroup& group) { return group.name + "\t" + group.description; }

/// The variants that have a line a group, and take a wildmat.
constexpr std::array<std::pair<std::string_view, GroupLine>, 3> kGroupVariants = {{
    {"ACTIVE", active},
    {"ACTIVE.TIMES", active_times},
    {"NEWSGROUPS", newsgroups},
}};

std::string syntax_error(NntpSyntax syntax) { return compose_nntp_reply(501, to_string(syntax)); }

std::string list_groups(const NewsStore& store, GroupLine line, const Wildmat& wildmat) {
  std::vector<std::string> lines;
  for (const auto& [name, group] : store.groups()) {
    if (wildmat.matches(name)) lines.push_back(line(group));
  }
  return compose_nntp_reply(215, "Information follows", lines);
}

std::string overview_format() {
  // RFC 3977 §8.4.2: the seven that every OVER has, and nothing more here.
  const std::vector<std::string> lines = {
      "Subject:", "From:", "Date:", "Message-ID:", "References:", ":bytes", ":lines"};
  return compose_nntp_reply(215, "Order of fields in the overview", lines);
}

std::string headers(std::span<const std::string> arguments) {
  // RFC 3977 §8.6.2: the forms of HDR do not differ here, so either argument changes nothing.
  if (!arguments.empty() && !equals_ignoring_case(arguments.front(), "MSGID") &&
      !equals_ignoring_case(arguments.front(), "RANGE")) {
    return syntax_error(NntpSyntax::bad_argument);
  }
  // RFC 3977 §8.6.2: ":" for any header at all; metadata by name.
  const std::vector<std::string> lines = {":", ":bytes", ":lines"};
  return compose_nntp_reply(215, "Fields for HDR", lines);
}

/// "date time [GMT]"; GMT changes nothing, for the server lives in UTC (RFC 3977 §7.3.2).
NntpParsed<std::chrono::sys_seconds> parse_since(std::span<const std::string> arguments,
                                                 std::chrono::sys_seconds now) {
  if (arguments.size() < 2) return tl::unexpected(NntpSyntax::missing_argument);
  if (arguments.size() > 3) return tl::unexpected(NntpSyntax::too_many_arguments);
  const auto since = parse_nntp_time(arguments[0], arguments[1], now);
  if (!since || (arguments.size() == 3 && !equals_ignoring_case(arguments[2], "GMT"))) {
    return tl::unexpected(NntpSyntax::bad_argument);
  }
  return *since;
}

}  // namespace

std::string NntpLists::list(const NntpCommand& command) const {
  std::span<const std::string> arguments(command.arguments);
  // RFC 3977 §7.6.1.1: ACTIVE where no keyword is given.
  const std::string variant = arguments.empty() ? "ACTIVE" : arguments.front();
  if (!arguments.empty()) arguments = arguments.subspan(1);
  if (arguments.size() > 1) return syntax_error(NntpSyntax::too_many_arguments);
  for (const auto& [name, line] : kGroupVariants) {
    if (!equals_ignoring_case(variant, name)) continue;
    // RFC 3977 §2: what is no wildmat is a syntax error.
    const auto wildmat = Wildmat::parse(arguments.empty() ? "*" : arguments.front());
    if (!wildmat) return syntax_error(NntpSyntax::bad_argument);
    return list_groups(store_, line, *wildmat);
  }
  if (equals_ignoring_case(variant, "HEADERS")) return headers(arguments);
  // RFC 3977 §7.6.1.2: 501 for an unknown keyword, and for an argument that it does not expect.
  if (!equals_ignoring_case(variant, "OVERVIEW.FMT")) {
    return syntax_error(NntpSyntax::unknown_variant);
  }
  return arguments.empty() ? overview_format() : syntax_error(NntpSyntax::too_many_arguments);
}

std::string NntpLists::newgroups(const NntpCommand& command) const {
  const auto since = parse_since(command.arguments, config_.time());
  if (!since) return syntax_error(since.error());
  std::vector<std::string> lines;
  for (const auto& [name, group] : store_.groups()) {
    if (group.created >= *since) lines.push_back(active(group));
  }
  return compose_nntp_reply(231, "New newsgroups follow", lines);
}

std::string NntpLists::newnews(const NntpCommand& command) const {
  std::span<const std::string> arguments(command.arguments);
  if (arguments.empty()) return syntax_error(NntpSyntax::missing_argument);
  const auto since = parse_since(arguments.subspan(1), config_.time());
  if (!since) return syntax_error(since.error());
  const auto wildmat = Wildmat::parse(arguments.front());
  if (!wildmat) return syntax_error(NntpSyntax::bad_argument);
  std::vector<std::string> lines;
  for (const auto& [name, group] : store_.groups()) {
    if (!wildmat->matches(name)) continue;
    // RFC 3977 §7.4.2: a cross-posted article may be named more than once.
    for (const NewsArticle* article : group.articles) {
      if (article->arrived >= *since) lines.push_back(article->message_id);
    }
  }
  return compose_nntp_reply(230, "New articles follow", lines);
}

}  // namespace assay
