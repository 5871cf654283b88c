// Deviation: the wrong things that one end of TLS does, as a value. Honest ends have an empty one.
// Used by fault tables, by the reference peers and by the lenient end.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace assay {

/// What an end should refuse and can be told to take. Each one is a lenient peer.
enum class Sin : std::uint8_t {
  /// RFC 8446 §5.2, RFC 5246 §6.2.3.3: a record that fails to decrypt is bad_record_mac. This end
  /// never looks at the tag and acts on whatever the octets decrypt to. Where the nonce travels in
  /// the record (TLS 1.2 with GCM or CCM) that makes it blind to sequence numbers as well.
  bad_record_tag,
  /// The same clauses: the whole tag counts. This end compares its first half.
  half_record_tag,
  /// RFC 8446 §6.2, RFC 5246 §7.2.2: a fatal error ends the connection. This end drops the bad
  /// record and goes on with the next.
  bad_record_dropped,
  /// RFC 8446 §5.3, RFC 5246 §6.2.3: numbers follow one another. This end takes records that come
  /// before or after their turn.
  record_out_of_order,
  /// The same clauses: a number is used once. This end takes a record again.
  record_replayed,
};
inline constexpr Sin kSins[] = {Sin::bad_record_tag, Sin::half_record_tag, Sin::bad_record_dropped,
                                Sin::record_out_of_order, Sin::record_replayed};

/// "bad_record_tag", as faults and reports spell it.
[[nodiscard]] std::string_view slug_of(Sin sin);
[[nodiscard]] std::optional<Sin> find_sin(std::string_view slug);

/// A set of sins; usable in constexpr tables.
class Sins {
 public:
  constexpr Sins() = default;
  constexpr Sins(std::initializer_list<Sin> sins) {
    for (const Sin sin : sins) set(sin);
  }

  [[nodiscard]] constexpr bool has(Sin sin) const { return (bits_ & bit(sin)) != 0; }
  [[nodiscard]] constexpr bool any() const { return bits_ != 0; }
  [[nodiscard]] constexpr bool none() const { return bits_ == 0; }
  constexpr void set(Sin sin) { bits_ |= bit(sin); }
  constexpr Sins operator|(Sins other) const {
    Sins both;
    both.bits_ = bits_ | other.bits_;
    return both;
  }
  constexpr bool operator==(const Sins&) const = default;

 private:
  static constexpr std::uint32_t bit(Sin sin) {
    return std::uint32_t{1} << static_cast<std::uint32_t>(sin);
  }

  std::uint32_t bits_ = 0;
};

struct Deviation {
  Sins tolerated;

  [[nodiscard]] constexpr bool honest() const { return tolerated.none(); }
  constexpr bool operator==(const Deviation&) const = default;
};

}  // namespace assay
