// Addresses of SMTP: domains, address literals, mailboxes and paths (RFC 5321 §4.1.2, §4.1.3).
// Used by the command grammar, by the service's relay policy and by the message store.
#pragma once

#include "harness/base/bytes.h"

#include <optional>
#include <string>
#include <string_view>

namespace assay {

/// Letters, digits and inner hyphens, labels of at most 63 octets, 255 in all.
[[nodiscard]] bool is_domain(std::string_view text);
/// With its brackets: IPv4, IPv6 or a tagged literal.
[[nodiscard]] bool is_address_literal(std::string_view text);

struct SmtpPath {
  std::string local;   // unquoted: "a b" and a\ b inside quotes name the same mailbox
  std::string domain;  // as written; a literal keeps its brackets; empty for <Postmaster>
  std::string text;    // the mailbox as written, without brackets and source route

  /// <>, the reverse path of notifications (RFC 5321 §4.5.5).
  [[nodiscard]] bool null() const { return text.empty(); }
  /// One spelling a mailbox: RFC 5321 §2.4 has domains compared without case, local parts with it.
  [[nodiscard]] std::string mailbox() const;
  bool operator==(const SmtpPath&) const = default;
};

/// A mailbox without brackets. Nothing on a syntax error.
[[nodiscard]] std::optional<SmtpPath> parse_mailbox(std::string_view text);

struct FrontPath {
  SmtpPath path;
  std::size_t consumed = 0;
};

/// The path in brackets at the front of `text`; a source route is read over. <> is a path here, and
/// <Postmaster> too (RFC 5321 §4.1.1.3): the caller says where they are welcome.
[[nodiscard]] std::optional<FrontPath> front_path(std::string_view text);

/// RFC 3461 §4 xtext, which carries the mailbox of AUTH= (RFC 4954 §5).
[[nodiscard]] std::string to_xtext(std::string_view text);
[[nodiscard]] std::optional<std::string> from_xtext(std::string_view text);

}  // namespace assay
