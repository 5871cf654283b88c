// Record protection of TLS 1.2 in one direction for suites with a MAC: CBC in either order of MAC
// and encryption (RFC 5246 §6.2.3.2, RFC 7366 §3), and NULL (RFC 5246 §6.2.3.1). Sequence numbers
// are the caller's. Used by the engine, whose records may be wrong, and who may overlook what is.
#pragma once

#include "harness/base/bytes.h"
#include "harness/crypto/context.h"
#include "harness/crypto/key_block.h"
#include "harness/crypto/protection.h"
#include "harness/crypto/suites.h"

#include <optional>

namespace assay {

enum class MacOrder { mac_then_encrypt, encrypt_then_mac };

/// What a record that is wrong on purpose has otherwise than an honest one. The MAC is made over
/// the header and content that are sent, then altered.
struct CbcShape {
  std::size_t extra_blocks = 0;                // of padding: legitimate up to 255 octets in all
  std::optional<Bytes> padding;                // the octets before padding_length, as they stand
  std::optional<std::uint8_t> padding_length;  // what the last octet says
  Bytes mac_mask;                              // XORed onto the MAC from its first octet on
  std::optional<std::size_t> mac_size;         // so many octets of the MAC are sent
  std::optional<Bytes> plaintext;  // all that is encrypted, in place of content, MAC and padding
  std::optional<Bytes> iv;         // else from RAND_bytes
  std::uint16_t version = 0x0303;
};

/// What an end that is wrong on purpose does not look at. Without `padding` it reads padding_length
/// and believes it, as SSL 3.0 had to.
enum class CbcNeglect { nothing, padding, mac, both };

/// Not constant in time: whoever uses this is a tester, on loopback or against its user's own
/// servers, and its keys are thrown away with the connection; a peer that measures it learns
/// nothing that matters. Not for two threads at once.
class CbcProtection {
 public:
  /// Whether the suite is one that is computed here: NULL, AES and 3DES, not RC4 or export grades.
  [[nodiscard]] static bool computes(const CipherSuite& suite);
  /// RFC 5246 §6.3; std::invalid_argument for a suite that computes() denies. NULL has no order.
  [[nodiscard]] static CbcProtection of_master_secret(const CipherSuite& suite,
                                                      const KeyMaterial12& material, Writer writer,
                                                      MacOrder order);

  [[nodiscard]] const CipherSuite& suite() const { return *suite_; }
  [[nodiscard]] MacOrder order() const { return order_; }

  /// A whole record. What Opened says of padding is left alone: see the shape.
  /// std::invalid_argument for padding over 255 octets, or when what is to be encrypted is no whole
  /// number of blocks.
  [[nodiscard]] Bytes seal(const Opened& what, std::uint64_t sequence,
                           const CbcShape& shape = {}) const;
  /// `record` is a whole record with its header; Opened::padding is its padding_length. Nothing
  /// when padding or MAC are wrong.
  [[nodiscard]] std::optional<Opened> open(View record, std::uint64_t sequence) const;
  /// Nothing when there is no room for what is neglected either.
  [[nodiscard]] std::optional<Opened> open_neglecting(CbcNeglect neglect, View record,
                                                      std::uint64_t sequence) const;

 private:
  CbcProtection(const CipherSuite& suite, const WriterKeys& keys, MacOrder order);

  [[nodiscard]] bool has_blocks() const { return suite_->block_size() != 0; }
  [[nodiscard]] Bytes mac_of(std::uint64_t sequence, View header, View octets) const;
  [[nodiscard]] Bytes shaped_mac(std::uint64_t sequence, View header, View octets,
                                 const CbcShape& shape) const;
  void pad(Bytes& text, const CbcShape& shape) const;
  [[nodiscard]] Bytes encrypted(View iv, View text) const;
  [[nodiscard]] Bytes decrypted(View iv, View ciphertext) const;

  const CipherSuite* suite_;
  MacOrder order_;
  Bytes key_;
  Hmac mac_;
  mutable crypto::Scratch<EVP_CIPHER_CTX> encrypting_;
  mutable crypto::Scratch<EVP_CIPHER_CTX> decrypting_;
};

}  // namespace assay
