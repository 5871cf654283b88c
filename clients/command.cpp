#include "clients/command.h"

#include "harness/base/printable.h"
#include "harness/base/words.h"
#include "harness/net/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace assay {
namespace {

constexpr std::size_t kSaidOctets = 200;
constexpr std::string_view kMessageFile = "{message_file}";

/// A word in braces, and what it stands for.
struct Placeholder {
  std::string_view name;
  std::string (*value)(const Occasion& occasion, const ClientFiles& files);
};

constexpr Placeholder kPlaceholders[] = {
    {"{host}",
     [](const Occasion& occasion, const ClientFiles&) { return occasion.server.reference_name; }},
    {"{port}", [](const Occasion& occasion,
                  const ClientFiles&) { return std::to_string(occasion.server.address.port); }},
    {"{url}",
     [](const Occasion& occasion, const ClientFiles&) {
       return fmt::format("{}://{}:{}", scheme_of(occasion.server.protocol, occasion.server.access),
                          occasion.server.reference_name, occasion.server.address.port);
     }},
    {"{ca}", [](const Occasion&, const ClientFiles& files) { return files.ca; }},
    {"{user}", [](const Occasion& occasion, const ClientFiles&) { return occasion.account.user; }},
    {"{password}",
     [](const Occasion& occasion, const ClientFiles&) {
       return std::string(occasion.account.password.reveal());
     }},
    {"{password_file}", [](const Occasion&, const ClientFiles& files) { return files.password; }},
    {kMessageFile, [](const Occasion&, const ClientFiles& files) { return files.message; }},
    {"{bind_dn}",
     [](const Occasion& occasion, const ClientFiles&) { return occasion.account.bind_dn; }},
    {"{sink}", [](const Occasion& occasion, const ClientFiles&) { return occasion.account.sink; }},
    {"{case}",
     [](const Occasion& occasion, const ClientFiles&) { return std::string(occasion.case_name); }},
};

/// One pass: what a value brings is not looked at again.
std::string filled(const std::string& word, const Occasion& occasion, const ClientFiles& files) {
  std::string text;
  for (std::size_t at = 0; at < word.size();) {
    const auto* found = std::ranges::find_if(kPlaceholders, [&](const Placeholder& placeholder) {
      return word.compare(at, placeholder.name.size(), placeholder.name) == 0;
    });
    if (found == std::end(kPlaceholders)) {
      text += word[at++];
    } else {
      text += found->value(occasion, files);
      at += found->name.size();
    }
  }
  return text;
}

bool uses(const std::vector<std::string>& words, std::string_view placeholder) {
  return std::ranges::any_of(
      words, [&](const std::string& word) { return word.find(placeholder) != std::string::npos; });
}

/// Signals by which a program is ended for what it did, and not by somebody.
bool is_crash(int signal) {
  constexpr std::array kCrashes = {SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
  return std::ranges::find(kCrashes, signal) != kCrashes.end();
}

/// A shell tells so of what it ran (POSIX XCU 2.8.2: above 128).
constexpr int kBySignal = 128;

/// What stands in braces there, where that is lower case letters alone; empty otherwise.
std::string braced(std::string_view word, std::size_t open) {
  const std::size_t close = word.find('}', open);
  if (close == std::string_view::npos) return {};
  const std::string_view name = word.substr(open + 1, close - open - 1);
  const bool is_name = !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || c == '_';
  });
  return is_name ? fmt::format("{{{}}}", name) : std::string();
}

/// A message in a file of its own, as long as a run takes.
class MessageFile {
 public:
  /// Nothing is laid out where `stem` is empty.
  MessageFile(const std::string& stem, std::size_t number, const std::string& message) {
    if (stem.empty()) return;
    path_ = fmt::format("{}-{}", stem, number);
    std::ofstream file(path_, std::ios::binary);
    file << message;
    laid_out_ = file.flush().good();
  }
  MessageFile(const MessageFile&) = delete;
  MessageFile& operator=(const MessageFile&) = delete;
  ~MessageFile() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove(path_, ignored);
  }
  [[nodiscard]] bool laid_out() const { return laid_out_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  bool laid_out_ = true;
  std::string path_;
};

std::string first_line(View output) {
  std::string_view text = text_of(output);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.find_first_not_of(" \t\r") != std::string_view::npos)
      return ": " + printable(line, kSaidOctets);
  }
  return {};
}

}  // namespace

bool CommandClient::sends_given_message() const { return uses(words_, kMessageFile); }

Task<ClientEnd> CommandClient::run(Loop& loop, Occasion occasion, Deadline deadline) {
  ClientEnd end;
  ClientFiles files = files_;
  const MessageFile message(sends_given_message() ? files.message : std::string(), ++runs_,
                            occasion.message);
  if (!message.laid_out()) {
    end.how = ClientEnd::How::not_started;
    end.said = fmt::format("was not started: {} could not be written", message.path());
    co_return end;
  }
  files.message = message.path();
  std::vector<std::string> words;
  for (const std::string& word : words_) words.push_back(filled(word, occasion, files));
  const ProgramEnd ended = co_await run_program(loop, std::move(words), deadline);
  switch (ended.how) {
    case ProgramEnd::How::exited:
      end.how = ended.code == 0                    ? ClientEnd::How::succeeded
                : is_crash(ended.code - kBySignal) ? ClientEnd::How::died
                                                   : ClientEnd::How::failed;
      end.said = fmt::format("exit code {}{}", ended.code, first_line(ended.output));
      break;
    case ProgramEnd::How::signalled:
      if (is_crash(ended.code)) end.how = ClientEnd::How::died;
      end.said = fmt::format("ended by signal {}{}", ended.code, first_line(ended.output));
      break;
    case ProgramEnd::How::timed_out:
      end.how = ClientEnd::How::timed_out;
      end.said = fmt::format("did not end in time{}", first_line(ended.output));
      break;
    case ProgramEnd::How::not_started:
      end.how = ClientEnd::How::not_started;
      end.said = fmt::format("could not be started: {}", std::strerror(ended.code));
      break;
  }
  co_return end;
}

std::optional<std::string> trouble_with(const std::vector<std::string>& words) {
  if (words.empty()) return "there is no command: give it behind --";
  std::vector<std::string_view> known;
  for (const Placeholder& placeholder : kPlaceholders) known.push_back(placeholder.name);
  for (const std::string& word : words) {
    for (std::size_t at = word.find('{'); at != std::string::npos; at = word.find('{', at + 1)) {
      const std::string name = braced(word, at);
      if (name.empty() || std::ranges::find(known, name) != known.end()) continue;
      // Other braces may mean something to the client.
      if (const auto meant = did_you_mean(name, known))
        return fmt::format("{}: there is no placeholder {}; did you mean {}?",
                           printable(word, kSaidOctets), name, *meant);
    }
  }
  if (!uses(words, "{port}") && !uses(words, "{url}"))
    return "the command has neither {port} nor {url}: it would not find our server";
  return std::nullopt;
}

}  // namespace assay
