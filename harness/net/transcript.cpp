#include "harness/net/transcript.h"

#include "harness/base/base64.h"
#include "harness/base/hex.h"
#include "harness/base/words.h"

#include <algorithm>
#include <map>
#include <utility>

namespace assay {
namespace {

// Shorter than this, a needle would mask half of every transcript.
constexpr std::size_t kShortestNeedle = 3;

bool is_base64_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/' || c == '=';
}

}  // namespace

void Redactor::add(const Secret& secret) {
  const std::string_view text = secret.reveal();
  if (text.size() < kShortestNeedle) return;
  plain_.emplace_back(text);
  plain_.push_back(to_hex(view_of(text)));
  plain_.push_back(to_upper(plain_.back()));
  // In base64 a text looks different at each of three alignments; the characters that its
  // neighbours touch are left off, what remains is always there.
  for (std::size_t lead = 0; lead < 3; ++lead) {
    std::string padded(lead, 'x');
    padded += text;
    const std::size_t whole = padded.size() / 3 * 3;
    const std::size_t first = (lead * 8 + 5) / 6;
    const std::string coded = to_base64(view_of(std::string_view(padded).substr(0, whole)));
    if (coded.size() > first + kShortestNeedle) base64_.push_back(coded.substr(first));
  }
}

void Redactor::mark(std::string_view text, std::vector<bool>& masked) const {
  const auto fill = [&](std::size_t from, std::size_t to) {
    std::fill(masked.begin() + static_cast<std::ptrdiff_t>(from),
              masked.begin() + static_cast<std::ptrdiff_t>(to), true);
  };
  for (const std::string& needle : plain_) {
    for (std::size_t at = text.find(needle); at != std::string_view::npos;
         at = text.find(needle, at + 1)) {
      fill(at, at + needle.size());
    }
  }
  for (const std::string& needle : base64_) {
    for (std::size_t at = text.find(needle); at != std::string_view::npos;
         at = text.find(needle, at + 1)) {
      std::size_t from = at;
      std::size_t to = at + needle.size();
      while (from > 0 && is_base64_character(text[from - 1])) --from;
      while (to < text.size() && is_base64_character(text[to])) ++to;
      fill(from, to);
    }
  }
}

void Redactor::redact(std::vector<TranscriptEntry>& entries) const {
  if (plain_.empty()) return;
  // One direction of one connection is one text, however it was cut into segments.
  std::map<std::pair<std::size_t, TranscriptEntry::Kind>, std::vector<TranscriptEntry*>> streams;
  for (TranscriptEntry& entry : entries) {
    if (entry.kind != TranscriptEntry::Kind::note)
      streams[{entry.connection, entry.kind}].push_back(&entry);
  }
  for (const auto& [key, pieces] : streams) {
    Bytes whole;
    for (const TranscriptEntry* piece : pieces) append(whole, piece->octets);
    std::vector<bool> masked(whole.size());
    mark(text_of(whole), masked);
    std::size_t at = 0;
    for (TranscriptEntry* piece : pieces) {
      for (std::uint8_t& octet : piece->octets) {
        if (masked[at++]) octet = '*';
      }
    }
  }
  for (TranscriptEntry& entry : entries) entry.note = redacted(entry.note);
}

std::string Redactor::redacted(std::string_view text) const {
  std::vector<bool> masked(text.size());
  mark(text, masked);
  std::string clean(text);
  for (std::size_t i = 0; i < clean.size(); ++i) {
    if (masked[i]) clean[i] = '*';
  }
  return clean;
}

std::size_t Transcript::open_connection(std::string_view text) {
  ++connections_;
  note(connections_, text);
  return connections_;
}

void Transcript::said(TranscriptEntry::Kind who, std::size_t connection, bool secured,
                      View octets) {
  const std::size_t kept = std::min(octets.size(), left_);
  left_ -= kept;
  if (kept == 0 && !entries_.empty() && entries_.back().cut > 0 && entries_.back().kind == who) {
    entries_.back().cut += octets.size();
    return;
  }
  TranscriptEntry entry;
  entry.kind = who;
  entry.connection = connection;
  entry.at = std::chrono::system_clock::now();
  entry.secured = secured;
  entry.after_tls = !secured && tls_begun_.contains(connection);
  entry.cut = octets.size() - kept;
  entry.octets.assign(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(kept));
  entries_.push_back(std::move(entry));
}

void Transcript::note(std::size_t connection, std::string_view text) {
  if (left_ < text.size()) return;
  left_ -= text.size();
  TranscriptEntry entry;
  entry.connection = connection;
  entry.at = std::chrono::system_clock::now();
  entry.note = text;
  entries_.push_back(std::move(entry));
}

void Transcript::tls_begins(std::size_t connection) {
  tls_begun_.insert(connection);
  note(connection, "TLS begins");
}

void Transcript::append(const Transcript& other) {
  for (const TranscriptEntry& entry : other.entries_) {
    const std::size_t size = entry.octets.size() + entry.note.size();
    if (size > left_) break;
    left_ -= size;
    entries_.push_back(entry);
    entries_.back().connection += connections_;
  }
  connections_ += other.connections_;
}

std::vector<TranscriptEntry> Transcript::finish(const Redactor& redactor) {
  std::vector<TranscriptEntry> entries = std::exchange(entries_, {});
  redactor.redact(entries);
  return entries;
}

}  // namespace assay
