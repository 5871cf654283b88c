#include "reference_server/ldif.h"

#include "harness/base/base64.h"
#include "harness/base/words.h"
#include "harness/protocol/ldap_attribute.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace assay {
namespace {

/// A line with its continuations, folding undone.
struct LogicalLine {
  std::string text;
  std::size_t number = 0;
};

tl::unexpected<LdifError> wrong(std::size_t line, std::string what) {
  return tl::unexpected(LdifError{line, std::move(what)});
}

/// RFC 2849 note 2: a line that begins with a space continues the one before it, comments too.
tl::expected<std::vector<LogicalLine>, LdifError> unfold(std::string_view text) {
  std::vector<LogicalLine> lines;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find('\0') != std::string_view::npos) return wrong(number, "A NUL is in the line");
    if (!line.starts_with(' ')) {
      lines.push_back({std::string(line), number});
    } else if (lines.empty() || lines.back().text.empty()) {
      return wrong(number, "Nothing is there that the line could continue");
    } else {
      lines.back().text += line.substr(1);
    }
  }
  std::erase_if(lines, [](const LogicalLine& line) { return line.text.starts_with('#'); });
  return lines;
}

struct Field {
  std::string name;
  std::string value;
};

/// RFC 2849: attrval-spec, whose value is text, base64 or a URL.
tl::expected<Field, LdifError> parse_field(const LogicalLine& line) {
  const std::string_view text = line.text;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return wrong(line.number, "The line has no colon");
  Field field{.name = std::string(text.substr(0, colon))};
  std::string_view value = text.substr(colon + 1);
  const char kind = value.empty() ? ' ' : value.front();
  if (kind == '<') return wrong(line.number, "Values by URL are not read");
  if (kind == ':') value.remove_prefix(1);
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  if (kind != ':') {
    field.value = value;
    return field;
  }
  const auto octets = from_base64(value);
  if (!octets) return wrong(line.number, "The value is not base64");
  field.value = text_of(*octets);
  return field;
}

void add_value(LdifEntry& entry, Field field) {
  const auto same = [&](const LdapAttribute& attribute) {
    return equals_ignoring_case(attribute.type, field.name);
  };
  auto found = std::ranges::find_if(entry.attributes, same);
  if (found == entry.attributes.end()) {
    entry.attributes.push_back({.type = std::move(field.name)});
    found = std::prev(entry.attributes.end());
  }
  found->values.push_back(std::move(field.value));
}

/// What a line says within the record `entry`; an error, or nothing.
std::optional<LdifError> add_line(LdifEntry& entry, const LogicalLine& line) {
  auto field = parse_field(line);
  if (!field) return field.error();
  const bool first = entry.line == 0;
  if (equals_ignoring_case(field->name, "dn")) {
    if (!first) return LdifError{line.number, "A record has one dn; an empty line ends it"};
    entry.dn = std::move(field->value);
    entry.line = line.number;
    return std::nullopt;
  }
  if (first) return LdifError{line.number, "A record begins with its dn"};
  if (equals_ignoring_case(field->name, "changetype") ||
      equals_ignoring_case(field->name, "control")) {
    return LdifError{line.number, "Records of changes are not read"};
  }
  if (!parse_attribute_description(field->name)) {
    return LdifError{line.number, "\"" + field->name + "\" is no attribute description"};
  }
  add_value(entry, std::move(*field));
  return std::nullopt;
}

std::optional<LdifError> end_record(std::vector<LdifEntry>& entries, LdifEntry& entry) {
  if (entry.line == 0) return std::nullopt;
  // RFC 2849: ldif-attrval-record = dn-spec SEP 1*attrval-spec.
  if (entry.attributes.empty()) return LdifError{entry.line, "The entry has no attribute"};
  entries.push_back(std::exchange(entry, {}));
  return std::nullopt;
}

}  // namespace

tl::expected<std::vector<LdifEntry>, LdifError> parse_ldif(std::string_view text) {
  const auto lines = unfold(text);
  if (!lines) return tl::unexpected(lines.error());
  std::vector<LdifEntry> entries;
  LdifEntry entry;
  for (const LogicalLine& line : *lines) {
    // RFC 2849: the version is 1 and stands in front of the records.
    if (entries.empty() && entry.line == 0 && line.text.starts_with("version:")) {
      if (parse_field(line).value_or(Field{}).value == "1") continue;
      return wrong(line.number, "The version is not 1");
    }
    const auto error = line.text.empty() ? end_record(entries, entry) : add_line(entry, line);
    if (error) return tl::unexpected(*error);
  }
  if (const auto error = end_record(entries, entry)) return tl::unexpected(*error);
  return entries;
}

}  // namespace assay
