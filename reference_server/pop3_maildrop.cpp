#include "reference_server/pop3_maildrop.h"

#include "harness/protocol/pop3_replies.h"

#include <utility>
#include <vector>

namespace assay {
namespace {

Bytes syntax_error(Pop3Syntax syntax) { return bytes_of(pop3_error(to_string(syntax))); }
Bytes no_such_message() { return bytes_of(pop3_error("No such message")); }

/// RFC 1939 §11: octets as they are transmitted; a last line without CRLF gets one on the wire.
std::uint64_t octets_of(View content) {
  const bool ended = content.empty() || text_of(content).ends_with("\r\n");
  return content.size() + (ended ? 0 : 2);
}

/// Null for a number that never was, and for a message marked as deleted: RFC 1939 §5 (DELE) has
/// every later use of its number refused.
Pop3Message* numbered(Pop3Maildrop& maildrop, std::uint64_t number) {
  if (number == 0 || number > maildrop.messages.size()) return nullptr;
  Pop3Message& message = maildrop.messages[static_cast<std::size_t>(number) - 1];
  return message.deleted ? nullptr : &message;
}

struct Totals {
  std::size_t messages = 0;
  std::uint64_t octets = 0;
};

Totals totals_of(const Pop3Maildrop& maildrop) {
  Totals totals;
  for (const Pop3Message& message : maildrop.messages) {
    if (message.deleted) continue;
    ++totals.messages;
    totals.octets += message.octets;
  }
  return totals;
}

/// RFC 1939 §5: "nn mm" and nothing else, so that no client has to guess.
std::string drop_listing(const Pop3Maildrop& maildrop) {
  const Totals totals = totals_of(maildrop);
  return pop3_ok(std::to_string(totals.messages) + " " + std::to_string(totals.octets));
}

std::string dele(Pop3Maildrop& maildrop, const Pop3Argument& argument) {
  const auto number = parse_message_number(argument);
  if (!number) return pop3_error(to_string(number.error()));
  Pop3Message* message = numbered(maildrop, *number);
  if (message == nullptr) return pop3_error("No such message");
  message->deleted = true;
  return pop3_ok("Message " + std::to_string(*number) + " deleted");
}

std::string rset(Pop3Maildrop& maildrop) {
  for (Pop3Message& message : maildrop.messages) message.deleted = false;
  return pop3_ok(summary(maildrop));
}

}  // namespace

std::optional<Pop3Maildrop> open_maildrop(Store& store, std::string_view mailbox) {
  Pop3Maildrop maildrop{.mailbox = std::string(mailbox), .lock = store.lock(mailbox)};
  if (!maildrop.lock) return std::nullopt;
  for (const Message* message : store.list(mailbox)) {
    maildrop.messages.push_back({.id = message->id, .octets = octets_of(message->content)});
  }
  return maildrop;
}

std::string summary(const Pop3Maildrop& maildrop) {
  const Totals totals = totals_of(maildrop);
  return std::to_string(totals.messages) + " messages (" + std::to_string(totals.octets) +
         " octets)";
}

View top_of(View content, std::uint64_t lines) {
  const std::size_t blank = find(content, "\r\n\r\n");
  if (blank == npos) return content;
  std::size_t end = blank + 4;
  for (std::uint64_t line = 0; line < lines && end < content.size(); ++line) {
    const std::size_t crlf = find(content, "\r\n", end);
    if (crlf == npos) return content;
    end = crlf + 2;
  }
  return content.first(end);
}

Bytes Pop3MaildropCommands::answer(Pop3Maildrop& maildrop, const Pop3Command& command) const {
  switch (command.verb) {
    case Pop3Verb::stat:
      return bytes_of(drop_listing(maildrop));
    case Pop3Verb::list:
    case Pop3Verb::uidl:
      return scan(maildrop, command);
    case Pop3Verb::retr:
      return retr(maildrop, command.argument);
    case Pop3Verb::top:
      return top(maildrop, command.argument);
    case Pop3Verb::dele:
      return bytes_of(dele(maildrop, command.argument));
    case Pop3Verb::rset:
      return bytes_of(rset(maildrop));
    case Pop3Verb::noop:
      return bytes_of(pop3_ok());
    default:
      return bytes_of(pop3_error("Not in this state"));
  }
}

std::string Pop3MaildropCommands::update(Pop3Maildrop& maildrop) const {
  std::vector<std::uint64_t> marked;
  for (const Pop3Message& message : maildrop.messages) {
    if (message.deleted) marked.push_back(message.id);
  }
  const std::size_t wanted = marked.size();
  const std::size_t removed = store_.remove(maildrop.mailbox, std::move(marked));
  const std::string left = summary(maildrop);
  maildrop = {};
  // RFC 1939 §6: whatever comes of the removals, the lock is released and the session ends.
  if (removed < wanted) return pop3_error("Some deleted messages not removed", "SYS/TEMP");
  return pop3_ok(config_.hostname + " signing off, " + left + " left");
}

/// LIST and UIDL: one line for a message that is named, a text of such lines for all.
Bytes Pop3MaildropCommands::scan(const Pop3Maildrop& maildrop, const Pop3Command& command) const {
  const auto number = parse_scan(command.argument);
  if (!number) return syntax_error(number.error());
  std::string lines;
  for (std::size_t i = 0; i < maildrop.messages.size(); ++i) {
    // RFC 1939 §5: messages marked as deleted are not listed.
    if (maildrop.messages[i].deleted) continue;
    if (!*number) {
      lines.append(scan_line(maildrop, i, command.verb)).append("\r\n");
    } else if (**number == i + 1) {
      return bytes_of(pop3_ok(scan_line(maildrop, i, command.verb)));
    }
  }
  if (*number) return no_such_message();
  return pop3_multi_line(summary(maildrop), view_of(lines));
}

std::string Pop3MaildropCommands::scan_line(const Pop3Maildrop& maildrop, std::size_t index,
                                            Pop3Verb verb) const {
  const Pop3Message& message = maildrop.messages[index];
  // RFC 1939 §7: a unique-id is one to 70 characters from 0x21 to 0x7e.
  return std::to_string(index + 1) + " " +
         (verb == Pop3Verb::uidl ? config_.uid_prefix + std::to_string(message.id)
                                 : std::to_string(message.octets));
}

Bytes Pop3MaildropCommands::retr(Pop3Maildrop& maildrop, const Pop3Argument& argument) const {
  const auto number = parse_message_number(argument);
  if (!number) return syntax_error(number.error());
  const Pop3Message* message = numbered(maildrop, *number);
  const Message* stored = message == nullptr ? nullptr : store_.find(message->id);
  if (stored == nullptr) return no_such_message();
  return pop3_multi_line(std::to_string(message->octets) + " octets", stored->content);
}

Bytes Pop3MaildropCommands::top(Pop3Maildrop& maildrop, const Pop3Argument& argument) const {
  const auto wanted = parse_top(argument);
  if (!wanted) return syntax_error(wanted.error());
  const Pop3Message* message = numbered(maildrop, wanted->message);
  const Message* stored = message == nullptr ? nullptr : store_.find(message->id);
  if (stored == nullptr) return no_such_message();
  return pop3_multi_line("Top of message follows", top_of(stored->content, wanted->lines));
}

}  // namespace assay
