// Record protection in one direction: TLS 1.3 (RFC 8446 §5.2) and the AEAD suites of TLS 1.2 (RFC
// 5246 §6.2.3.3). Sequence numbers are the caller's, so that an end may count wrongly. Used by the
// lenient end.
#pragma once

#include "harness/base/bytes.h"
#include "harness/crypto/aead.h"
#include "harness/crypto/key_block.h"
#include "harness/crypto/suites.h"

#include <array>
#include <optional>

namespace assay {

/// What was inside a record. In TLS 1.3 `type` is the inner one, and 0 when everything was padding.
struct Opened {
  std::uint8_t type = 0;
  Bytes content;
  std::size_t padding = 0;
  bool operator==(const Opened&) const = default;
};

/// How many octets of the tag came, and how many of those are looked at. Honest ends take all of
/// both.
struct TagRule {
  std::size_t present = 0;
  std::size_t compared = 0;
};

/// What a record that is wrong on purpose has otherwise than an honest one. The type within a
/// record of TLS 1.3 is the one of Opened.
struct AeadShape {
  std::optional<std::uint64_t> explicit_nonce;  // TLS 1.2, where a record carries one
  std::optional<std::uint8_t> outer_type;       // honest: application_data in TLS 1.3
  std::uint16_t version = 0x0303;
};

class RecordProtection {
 public:
  /// RFC 8446 §7.3; the suite is one of TLS 1.3. The table of suites outlives everybody.
  [[nodiscard]] static RecordProtection of_traffic_secret(const CipherSuite& suite, View secret);
  /// RFC 5246 §6.3; the suite is an AEAD suite of TLS 1.2.
  [[nodiscard]] static RecordProtection of_master_secret(const CipherSuite& suite,
                                                         const KeyMaterial12& material,
                                                         Writer writer);

  [[nodiscard]] const CipherSuite& suite() const { return *suite_; }

  /// A whole record. Padding is for TLS 1.3 alone.
  [[nodiscard]] Bytes seal(const Opened& what, std::uint64_t sequence,
                           const AeadShape& shape = {}) const;
  /// `record` is a whole record with its header. Nothing when it does not verify.
  [[nodiscard]] std::optional<Opened> open(View record, std::uint64_t sequence) const;
  /// Opens by another rule: nothing when the record has no room, or when the compared octets
  /// differ.
  [[nodiscard]] std::optional<Opened> open_by(TagRule rule, View record,
                                              std::uint64_t sequence) const;
  /// Looks at no tag: altered ciphertext gives altered plaintext.
  [[nodiscard]] std::optional<Opened> open_unverified(View record, std::uint64_t sequence) const;

 private:
  RecordProtection(const CipherSuite& suite, View key, View fixed_iv);

  using Nonce = std::array<std::uint8_t, 12>;
  [[nodiscard]] Nonce nonce_of(std::uint64_t sequence, View explicit_nonce) const;
  [[nodiscard]] Opened unwrapped(std::uint8_t outer_type, Bytes plaintext) const;

  const CipherSuite* suite_;
  Aead aead_;
  Bytes fixed_iv_;
};

}  // namespace assay
