// NntpState: what an NNTP session knows beside what every session knows, as a plain value: copied
// at an upgrade, compared in tests, edited by faults. Included by SessionState; written by
// NntpService.
#pragma once

#include "harness/base/bytes.h"
#include "harness/protocol/dots.h"
#include "harness/protocol/sasl.h"

#include <cstdint>
#include <string>

namespace assay {

struct NntpState {
  /// What the next octets are.
  enum class Phase { command, auth, article };

  Phase phase = Phase::command;
  bool reader = true;         // the reader commands are there; false: MODE READER comes first
  std::string group{};        // the currently selected one; empty: invalid (RFC 3977 §6.1)
  std::uint64_t article = 0;  // the current article number; 0: invalid
  std::string user_name{};    // of AUTHINFO USER, until AUTHINFO PASS used it
  SaslExchange sasl{};
  Bytes content{};  // of the article under way so far; empty once it is to be thrown away
  DotDecoder data{};
  bool operator==(const NntpState&) const = default;
};

}  // namespace assay
