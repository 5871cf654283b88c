// CommandClient: somebody's client as a command line, run once a case, its placeholders filled in,
// no shell. What it prints and how it exits is recorded; what counts is what it said to our server.
#pragma once

#include "harness/check/client.h"

#include <optional>
#include <string>
#include <vector>

namespace assay {

/// Files that a command line can name: who is to be trusted (PEM), and the password alone, without
/// a line end. They outlive the client.
struct ClientFiles {
  std::string ca;
  std::string password;
};

class CommandClient final : public ClientUnderTest {
 public:
  CommandClient(std::vector<std::string> words, ClientFiles files)
      : words_(std::move(words)), files_(std::move(files)) {}

  Task<ClientEnd> run(Loop& loop, Occasion occasion, Deadline deadline) override;

 private:
  std::vector<std::string> words_;
  ClientFiles files_;
};

/// What is wrong with a command line, in one line, and what to do about it; nothing where it can be
/// run.
[[nodiscard]] std::optional<std::string> trouble_with(const std::vector<std::string>& words);

}  // namespace assay
