// CommandClient: somebody's client as a command line, run once a case, its placeholders filled in,
// no shell. What it prints and how it exits is recorded; what counts is what it said to our server.
#pragma once

#include "harness/check/client.h"

#include <optional>
#include <string>
#include <vector>

namespace assay {

/// Files that a command line can name: who is to be trusted (PEM), the password alone, without a
/// line end, and a message to be sent. The first two outlive the client.
struct ClientFiles {
  std::string ca;
  std::string password;
  std::string message;  // a number is added for each run, which has one of its own
};

class CommandClient final : public ClientUnderTest {
 public:
  CommandClient(std::vector<std::string> words, ClientFiles files)
      : words_(std::move(words)), files_(std::move(files)) {}

  Task<ClientEnd> run(Loop& loop, Occasion occasion, Deadline deadline) override;
  [[nodiscard]] bool sends_given_message() const override;

 private:
  std::vector<std::string> words_;
  ClientFiles files_;
  std::size_t runs_ = 0;
};

/// What is wrong with a command line, in one line, and what to do about it; nothing where it can be
/// run.
[[nodiscard]] std::optional<std::string> trouble_with(const std::vector<std::string>& words);

}  // namespace assay
