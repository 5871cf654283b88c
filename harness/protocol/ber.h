// BER as RFC 4511 §5.1 restricts it: definite lengths, tags of one octet, primitive octet strings.
// A bounded reader with a sticky error and an unbounded writer; neither recurses. Used by the LDAP
// codec and by fuzzers.
#pragma once

#include "harness/base/bytes.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace assay {

/// Identifier octets (X.690 §8.1.2).
namespace ber {
inline constexpr std::uint8_t kBoolean = 0x01;
inline constexpr std::uint8_t kInteger = 0x02;
inline constexpr std::uint8_t kOctetString = 0x04;
inline constexpr std::uint8_t kEnumerated = 0x0a;
inline constexpr std::uint8_t kSequence = 0x30;
inline constexpr std::uint8_t kSet = 0x31;
}  // namespace ber

/// Elements open at once; what is nested deeper is refused.
inline constexpr std::size_t kBerDepthLimit = 64;

class BerReader {
 public:
  explicit BerReader(View octets, std::size_t depth_limit = kBerDepthLimit)
      : octets_(octets), end_(octets.size()), depth_limit_(depth_limit) {}

  /// The identifier of the next element; nothing at the end of the open one and after an error.
  [[nodiscard]] std::optional<std::uint8_t> peek() const;
  /// Steps into a constructed element, which must bear `tag`.
  void open(std::uint8_t tag, std::string_view field);
  /// Steps out; an error unless the whole content was read.
  void close(std::string_view field);

  /// The content of a primitive element, which must bear `tag`; empty after an error.
  View octets(std::uint8_t tag, std::string_view field);
  std::string_view text(std::uint8_t tag, std::string_view field) {
    return text_of(octets(tag, field));
  }
  /// INTEGER and ENUMERATED, in the fewest octets (X.690 §8.3.2), of 32 bits at most.
  std::int32_t integer(std::uint8_t tag, std::string_view field);
  /// 0x00 or 0xff (RFC 4511 §5.1).
  bool boolean(std::uint8_t tag, std::string_view field);
  /// The next element, identifier and length included; its content is not looked into.
  View element(std::string_view field);
  /// All elements left in the open one, as they stand.
  View elements(std::string_view field);

  /// Makes `field` the failed one unless there is one: for values that an element must not have.
  void fail(std::string_view field);
  [[nodiscard]] bool ok() const { return failed_field_.empty(); }
  /// The first field that did not fit, a literal; empty while ok().
  [[nodiscard]] std::string_view failed_field() const { return failed_field_; }
  /// The error is the depth alone: the octets may be well formed.
  [[nodiscard]] bool too_deep() const { return too_deep_; }

 private:
  struct Header {
    std::uint8_t tag = 0;
    std::size_t content = 0;  // offset
    std::size_t end = 0;      // offset
  };
  [[nodiscard]] std::optional<Header> header(std::string_view field);

  View octets_;
  std::size_t at_ = 0;
  std::size_t end_;                 // of the innermost open element
  std::vector<std::size_t> outer_;  // ends of the elements around it
  std::size_t depth_limit_;
  std::string_view failed_field_;
  bool too_deep_ = false;
};

/// Writes lengths in the fewest octets. What it is given it writes: a deviant value is the caller's
/// right.
class BerWriter {
 public:
  void open(std::uint8_t tag);
  void close();
  void octets(std::uint8_t tag, View content);
  void text(std::uint8_t tag, std::string_view content) { octets(tag, view_of(content)); }
  void integer(std::uint8_t tag, std::int32_t value);
  void boolean(std::uint8_t tag, bool value);
  /// Whole elements, as they stand.
  void elements(View octets) { append(written_, octets); }

  /// What was written; every element must be closed.
  [[nodiscard]] Bytes take() { return std::move(written_); }

 private:
  Bytes written_;
  std::vector<std::size_t> open_;  // offsets of the contents
};

/// What stands at the front of a stream of LDAPMessages.
struct MessageFront {
  enum class Kind { incomplete, complete, malformed, too_long };
  Kind kind = Kind::incomplete;
  std::size_t size = 0;  // of the whole message in octets, for Kind::complete
};

/// Judges identifier and length of an LDAPMessage (RFC 4511 §4.1.1), the same however the octets
/// are cut; `limit` is the longest message in octets, identifier and length included.
[[nodiscard]] MessageFront front_message(View input, std::size_t limit);

}  // namespace assay
