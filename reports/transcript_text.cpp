#include "reports/transcript_text.h"

#include "harness/base/printable.h"
#include "reports/legible.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace assay {
namespace {

using Kind = TranscriptEntry::Kind;

constexpr std::size_t kLongestLine = 1'024;  // octets of a file's line; more go on in the next one
constexpr std::size_t kLongestNote = 400;

bool has_several_connections(const std::vector<TranscriptEntry>& entries) {
  return std::ranges::any_of(entries, [&](const TranscriptEntry& entry) {
    return entry.connection != entries.front().connection;
  });
}

std::string_view initial(const TranscriptEntry& entry) {
  return entry.kind == Kind::server ? "S" : "C";
}

/// Lines in one segment are a finding's stimulus more often than not: say so.
std::string remark_on(const TranscriptEntry& entry) {
  const auto ends = static_cast<std::size_t>(std::ranges::count(entry.octets, std::uint8_t{'\n'}));
  std::string remark;
  if (entry.kind == Kind::client && ends > 1) {
    remark = fmt::format("one segment, {} bytes", entry.octets.size() + entry.cut);
  }
  if (entry.cut > 0) {
    remark += fmt::format("{}{} bytes not kept", remark.empty() ? "" : ", ", entry.cut);
  }
  return remark;
}

/// Up to and with the next LF, kLongestLine octets at most.
View next_line(View octets) {
  const auto* end =
      std::ranges::find(octets.data(), octets.data() + octets.size(), std::uint8_t{'\n'});
  const auto size = static_cast<std::size_t>(end - octets.data());
  return octets.first(std::min({size + 1, kLongestLine, octets.size()}));
}

std::string octet_lines(const TranscriptEntry& entry, std::string_view prefix) {
  std::string text;
  View rest(entry.octets);
  std::string_view mark = ":";
  while (!rest.empty()) {
    const View line = next_line(rest);
    text += fmt::format("{}{}{} {}\n", prefix, initial(entry), mark, printable(line, kLongestLine));
    rest = rest.subspan(line.size());
    mark = "|";
  }
  if (entry.cut > 0) {
    text += fmt::format("{}-- {} bytes more from {}, not kept: the evidence budget is spent --\n",
                        prefix, entry.cut, initial(entry));
  }
  return text;
}

}  // namespace

std::vector<TranscriptLine> transcript_lines(const std::vector<TranscriptEntry>& entries,
                                             std::size_t octets) {
  const bool numbered = has_several_connections(entries);
  std::vector<TranscriptLine> lines;
  for (const TranscriptEntry& entry : entries) {
    TranscriptLine line;
    line.time = time_of_day(entry.at);
    line.from_server = entry.kind == Kind::server;
    line.from_client = entry.kind == Kind::client;
    line.text = numbered ? fmt::format("#{} ", entry.connection) : std::string();
    if (entry.kind == Kind::note) {
      line.text += fmt::format("-- {} --", one_line(entry.note, octets));
    } else {
      line.text += fmt::format("{}: {}", initial(entry), printable(View(entry.octets), octets));
      line.remark = remark_on(entry);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string transcript_text(const Result& result) {
  std::string text =
      fmt::format("# {}\n# {}\n# {}: {}\n", one_line(result.which.name), one_line(result.endpoint),
                  name_of(result.outcome), one_line(result.ending));
  if (!result.reason.empty()) text += fmt::format("# {}\n", one_line(result.reason));
  text +=
      "# C: what we said, S: what the subject said, | the same segment goes on; times are UTC\n";
  std::map<std::size_t, bool> secured;  // by connection
  for (const TranscriptEntry& entry : result.transcript) {
    const std::string prefix = fmt::format("{} #{} ", time_of_day(entry.at), entry.connection);
    if (entry.kind == Kind::note) {
      text += fmt::format("{}-- {} --\n", prefix, one_line(entry.note, kLongestNote));
      continue;
    }
    bool& was_secured = secured[entry.connection];
    if (was_secured != entry.secured) {
      text += fmt::format("{}== {} ==\n", prefix, entry.secured ? "inside TLS" : "in the clear");
      was_secured = entry.secured;
    }
    text += octet_lines(entry, prefix);
  }
  return text;
}

}  // namespace assay
