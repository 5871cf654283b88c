// TLS records: their header, their limits, and how a stream of octets falls apart into them.
// Used by the lenient end, by transcripts and by monitors; nothing here knows a key.
#pragma once

#include "harness/base/bytes.h"

#include <optional>

namespace assay {

/// RFC 8446 §B.1 and RFC 6520 §3; any other value survives as it came.
enum class ContentType : std::uint8_t {
  change_cipher_spec = 20,
  alert = 21,
  handshake = 22,
  application_data = 23,
  heartbeat = 24,
};

inline constexpr std::size_t kRecordHeaderSize = 5;
inline constexpr std::uint16_t kRecordVersion = 0x0303;  // what TLS 1.2 and 1.3 write
inline constexpr std::size_t kMaxPlaintext = 0x4000;
// RFC 5246 §6.2.3: TLSCiphertext.length is at most 2^14 + 2048.
inline constexpr std::size_t kMaxCiphertext12 = kMaxPlaintext + 2048;
// RFC 8446 §5.2: TLSCiphertext.length is at most 2^14 + 256.
inline constexpr std::size_t kMaxCiphertext13 = kMaxPlaintext + 256;

struct RecordHeader {
  ContentType type = ContentType::handshake;
  std::uint16_t legacy_record_version = kRecordVersion;
  std::uint16_t length = 0;
  bool operator==(const RecordHeader&) const = default;
};

/// The first five octets; nothing when there are fewer. Values are not judged.
[[nodiscard]] std::optional<RecordHeader> read_record_header(View octets);

/// One whole record as it was on the wire.
struct Record {
  RecordHeader header;
  Bytes octets;  // header and fragment

  [[nodiscard]] View fragment() const { return View(octets).subspan(kRecordHeaderSize); }
};

/// A record around `fragment`. A fragment that no length field can tell is a misuse:
/// std::length_error.
[[nodiscard]] Bytes compose_record(ContentType type, View fragment,
                                   std::uint16_t version = kRecordVersion);

/// Whether octets begin like a record of TLS 1.0 or later (RFC 8446 §5.1). No command of SMTP,
/// POP3, NNTP or LDAP does.
[[nodiscard]] bool begins_like_record(View octets);

/// Cuts a stream into records, however the octets arrive.
class RecordSplitter {
 public:
  enum class State {
    reading,
    not_tls,    // these octets are no records: somebody speaks in the clear
    too_large,  // a record announces more than the limit
  };

  explicit RecordSplitter(std::size_t max_fragment = kMaxCiphertext12)
      : max_fragment_(max_fragment) {}

  void feed(View octets);
  /// The next whole record; nothing when more octets are needed or the state is no longer reading.
  [[nodiscard]] std::optional<Record> next();
  /// The header of the record that has begun and is not whole.
  [[nodiscard]] std::optional<RecordHeader> begun() const {
    return read_record_header(View(buffer_).subspan(at_));
  }
  /// Final once it is not reading. Decided by as few octets as can decide.
  [[nodiscard]] State state() const { return state_; }
  /// Octets that were fed and are not part of a record taken.
  [[nodiscard]] std::size_t buffered() const { return buffer_.size() - at_; }
  /// What was fed and is not part of a record taken; leaves the splitter empty.
  [[nodiscard]] Bytes take_rest();

 private:
  void judge();

  std::size_t max_fragment_;
  Bytes buffer_;
  std::size_t at_ = 0;
  bool any_record_ = false;
  State state_ = State::reading;
};

}  // namespace assay
