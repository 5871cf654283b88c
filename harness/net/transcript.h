// Transcript: what went over the connections of one case, as plaintext and TLS landmarks, bounded
// by the evidence budget. Redactor takes the secrets out before a transcript leaves its case. Used
// by SecureLink (writes), the Runner (finishes) and reports (read).
#pragma once

#include "harness/base/bytes.h"
#include "harness/base/secret.h"
#include "harness/net/budget.h"

#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace assay {

struct TranscriptEntry {
  enum class Kind { client, server, note };
  Kind kind = Kind::note;
  std::size_t connection = 0;  // counted from 1
  std::chrono::system_clock::time_point at;
  bool secured = false;    // inside TLS
  bool after_tls = false;  // in the clear, on a connection on which TLS had begun
  Bytes octets;            // what client or server said, kept part
  std::size_t cut = 0;     // octets that the budget did not keep
  std::string note;        // landmark: "TLS 1.3, TLS_AES_128_GCM_SHA256, x25519"
};

/// Masks secrets in every form that a protocol gives them: as they are, in hex, and in base64 at
/// each alignment, also where they are split over entries.
class Redactor {
 public:
  void add(const Secret& secret);
  /// Overwrites what must not be seen with '*', entry by entry; lengths stay.
  void redact(std::vector<TranscriptEntry>& entries) const;
  /// The same for one text (a reason, a note).
  [[nodiscard]] std::string redacted(std::string_view text) const;
  /// Whether there is anything to be masked in it.
  [[nodiscard]] bool finds_in(std::string_view text) const { return redacted(text) != text; }

 private:
  void mark(std::string_view text, std::vector<bool>& masked) const;

  std::vector<std::string> plain_;
  std::vector<std::string> base64_;
};

class Transcript {
 public:
  explicit Transcript(std::size_t limit) : left_(limit) {}

  /// A new connection begins; later entries are its.
  std::size_t open_connection(std::string_view note);
  void said(TranscriptEntry::Kind who, std::size_t connection, bool secured, View octets);
  void note(std::size_t connection, std::string_view text);
  /// The client's first octets of TLS came; what is said in the clear afterwards bears a mark.
  void tls_begins(std::size_t connection);
  [[nodiscard]] bool tls_begun(std::size_t connection) const {
    return tls_begun_.contains(connection);
  }

  /// The client's hello asked for a stapled OCSP response.
  void staple_wanted(std::size_t connection) { staple_wanted_.insert(connection); }
  [[nodiscard]] bool wants_staple(std::size_t connection) const {
    return staple_wanted_.contains(connection);
  }

  /// Takes over what another has, behind what is here.
  void append(const Transcript& other);

  [[nodiscard]] std::size_t connections() const { return connections_; }
  [[nodiscard]] const std::vector<TranscriptEntry>& entries() const { return entries_; }
  /// The entries, redacted; the transcript is empty afterwards.
  [[nodiscard]] std::vector<TranscriptEntry> finish(const Redactor& redactor);

 private:
  std::vector<TranscriptEntry> entries_;
  std::set<std::size_t> tls_begun_;  // connections
  std::set<std::size_t> staple_wanted_;
  std::size_t connections_ = 0;
  std::size_t left_;
};

}  // namespace assay
