// SmtpState: what an SMTP session knows beside what every session knows, as a plain value: copied
// at an upgrade, compared in tests, edited by faults. Included by SessionState; written by
// SmtpService.
#pragma once

#include "harness/base/bytes.h"
#include "harness/protocol/dots.h"
#include "harness/protocol/sasl.h"
#include "harness/protocol/smtp.h"

#include <cstdint>
#include <string>
#include <vector>

namespace assay {

/// A mail transaction (RFC 5321 §3.3), from MAIL to its end or a reset. `= {}` drops it.
struct SmtpTransaction {
  bool open = false;  // MAIL was accepted
  MailCommand mail{};
  std::vector<SmtpPath> recipients{};  // accepted ones
  std::size_t refused_recipients = 0;
  Bytes content{};           // trace header and text so far; empty once it is to be thrown away
  DotDecoder data{};         // DATA: counts and unstuffs
  bool chunked = false;      // a BDAT was accepted
  std::uint64_t octets = 0;  // of the finished chunks
  bool operator==(const SmtpTransaction&) const = default;
};

/// The chunk that a BDAT announced. It outlives its transaction: a refused one is skipped too.
struct SmtpChunk {
  std::uint64_t left = 0;
  bool last = false;
  std::string refusal{};  // the reply due behind a chunk that is thrown away; empty: it is kept
  bool operator==(const SmtpChunk&) const = default;
};

struct SmtpState {
  enum class Hello { none, helo, ehlo };
  /// What the next octets are.
  enum class Phase { command, auth, data, chunk };

  Hello hello = Hello::none;
  std::string client_name{};  // as EHLO or HELO gave it
  Phase phase = Phase::command;
  SmtpTransaction transaction{};
  SmtpChunk chunk{};
  SaslExchange sasl{};
  bool operator==(const SmtpState&) const = default;
};

}  // namespace assay
