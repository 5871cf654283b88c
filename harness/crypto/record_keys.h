// What protects the records of one direction at one time, whichever kind it is: nothing yet, an
// AEAD, or a MAC with or without CBC. Used by the engine.
#pragma once

#include "harness/crypto/cbc.h"
#include "harness/crypto/protection.h"

#include <optional>
#include <utility>
#include <variant>

namespace assay {

class RecordKeys {
 public:
  /// In the clear.
  RecordKeys() = default;
  explicit RecordKeys(RecordProtection protection) : kind_(std::move(protection)) {}
  explicit RecordKeys(CbcProtection protection) : kind_(std::move(protection)) {}

  /// Whether records of this suite can be made here.
  [[nodiscard]] static bool computes(const CipherSuite& suite);
  /// RFC 8446 §7.3; the suite is one of TLS 1.3.
  [[nodiscard]] static RecordKeys of_traffic_secret(const CipherSuite& suite, View secret);
  /// RFC 5246 §6.3; the suite is one of TLS 1.2 that computes() grants, else std::invalid_argument.
  /// An AEAD has no order.
  [[nodiscard]] static RecordKeys of_master_secret(const CipherSuite& suite,
                                                   const KeyMaterial12& material, Writer writer,
                                                   MacOrder order);

  [[nodiscard]] bool clear() const { return std::holds_alternative<std::monostate>(kind_); }
  /// Null in the clear.
  [[nodiscard]] const CipherSuite* suite() const;
  /// For records by a shape, and for opening by other rules; null when it is the other kind.
  [[nodiscard]] const RecordProtection* aead() const {
    return std::get_if<RecordProtection>(&kind_);
  }
  [[nodiscard]] const CbcProtection* cbc() const { return std::get_if<CbcProtection>(&kind_); }

  /// A whole record, of version 0x0303.
  [[nodiscard]] Bytes seal(const Opened& what, std::uint64_t sequence) const;
  /// `record` is a whole record with its header. Nothing when it does not verify.
  [[nodiscard]] std::optional<Opened> open(View record, std::uint64_t sequence) const;

 private:
  std::variant<std::monostate, RecordProtection, CbcProtection> kind_;
};

}  // namespace assay
