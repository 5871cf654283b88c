#include "harness/crypto/protection.h"

#include "harness/base/reader.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace assay {
namespace {

constexpr std::size_t kHeaderSize = 5;
constexpr std::uint8_t kApplicationData = 23;
constexpr std::uint16_t kVersion = 0x0303;

Bytes header_of(std::uint8_t type, std::size_t length) {
  Bytes header;
  put_u8(header, type);
  put_u16(header, kVersion);
  put_u16(header, static_cast<std::uint16_t>(length));
  return header;
}

Bytes big_endian(std::uint64_t sequence) {
  Bytes octets;
  for (int shift = 56; shift >= 0; shift -= 8) {
    put_u8(octets, static_cast<std::uint8_t>(sequence >> shift));
  }
  return octets;
}

const CipherSuite& checked(const CipherSuite& suite, bool tls13) {
  if (!suite.aead || suite.tls13 != tls13) {
    throw std::invalid_argument("record protection of a suite that has none such");
  }
  return suite;
}

}  // namespace

RecordProtection RecordProtection::of_traffic_secret(const CipherSuite& suite, View secret) {
  checked(suite, true);
  // RFC 8446 §7.3.
  const Bytes key = hkdf_expand_label(suite.hash, secret, "key", {}, suite.key_size());
  const Bytes iv = hkdf_expand_label(suite.hash, secret, "iv", {}, suite.fixed_iv_size());
  return {suite, key, iv};
}

RecordProtection RecordProtection::of_master_secret(const CipherSuite& suite,
                                                    const KeyMaterial12& material, Writer writer) {
  checked(suite, false);
  // RFC 5246 §6.3: the server's random comes first; an AEAD suite has no MAC keys, so the block is
  // both keys, then both IVs.
  Bytes seed = bytes_of(material.server_random);
  append(seed, material.client_random);
  const std::size_t key_size = suite.key_size();
  const std::size_t iv_size = suite.fixed_iv_size();
  const Bytes block =
      prf12(suite.hash, material.master_secret, "key expansion", seed, 2 * (key_size + iv_size));
  const std::size_t which = writer == Writer::client ? 0 : 1;
  return {suite, View(block).subspan(which * key_size, key_size),
          View(block).subspan(2 * key_size + which * iv_size, iv_size)};
}

RecordProtection::RecordProtection(const CipherSuite& suite, View key, View fixed_iv)
    : suite_(&suite), aead_(*suite.aead, key), fixed_iv_(bytes_of(fixed_iv)) {}

Bytes RecordProtection::seal(const Opened& what, std::uint64_t sequence) const {
  Bytes plaintext = what.content;
  if (suite_->tls13) {
    // RFC 8446 §5.2: TLSInnerPlaintext is content, type, zeros.
    put_u8(plaintext, what.type);
    plaintext.resize(plaintext.size() + what.padding);
  }
  // RFC 5288 §3: the explicit part may be the sequence number.
  const Bytes explicit_nonce = suite_->explicit_nonce_size() == 0 ? Bytes() : big_endian(sequence);
  Bytes record = header_of(suite_->tls13 ? kApplicationData : what.type,
                           explicit_nonce.size() + plaintext.size() + suite_->tag_size());
  const Bytes data = additional_data(record, sequence, plaintext.size());
  append(record, explicit_nonce);
  append(record, aead_.seal(nonce_of(sequence, explicit_nonce), data, plaintext));
  return record;
}

std::optional<Opened> RecordProtection::open(View record, std::uint64_t sequence) const {
  const std::size_t overhead = kHeaderSize + suite_->explicit_nonce_size();
  if (record.size() < overhead + suite_->tag_size()) return std::nullopt;
  const View explicit_nonce = record.subspan(kHeaderSize, suite_->explicit_nonce_size());
  const View sealed = record.subspan(overhead);
  const Bytes data = additional_data(record, sequence, sealed.size() - suite_->tag_size());
  auto plaintext = aead_.open(nonce_of(sequence, explicit_nonce), data, sealed);
  if (!plaintext) return std::nullopt;
  return unwrapped(record[0], std::move(*plaintext));
}

std::optional<Opened> RecordProtection::open_by(TagRule rule, View record,
                                                std::uint64_t sequence) const {
  const std::size_t overhead = kHeaderSize + suite_->explicit_nonce_size();
  const std::size_t present = std::min(rule.present, suite_->tag_size());
  const std::size_t compared = std::min(rule.compared, present);
  if (record.size() < overhead + present) return std::nullopt;
  const View explicit_nonce = record.subspan(kHeaderSize, suite_->explicit_nonce_size());
  const View ciphertext = record.subspan(overhead, record.size() - overhead - present);
  const Bytes nonce = nonce_of(sequence, explicit_nonce);
  Bytes plaintext = aead_.open_unverified(nonce, ciphertext);
  const auto tag_agrees = [&](View header) {
    const Bytes data = additional_data(header, sequence, plaintext.size());
    const Bytes right = aead_.seal(nonce, data, plaintext);
    return equal(View(right).subspan(plaintext.size(), compared),
                 record.subspan(record.size() - present, compared));
  };
  // A tag cut short may have been made over the length that the record had before.
  const bool agrees =
      compared == 0 || tag_agrees(record.first(kHeaderSize)) ||
      tag_agrees(header_of(record[0], record.size() - kHeaderSize - present + suite_->tag_size()));
  if (!agrees) return std::nullopt;
  return unwrapped(record[0], std::move(plaintext));
}

std::optional<Opened> RecordProtection::open_unverified(View record, std::uint64_t sequence) const {
  return open_by({.present = suite_->tag_size(), .compared = 0}, record, sequence);
}

Bytes RecordProtection::nonce_of(std::uint64_t sequence, View explicit_nonce) const {
  Bytes nonce = fixed_iv_;
  if (suite_->explicit_nonce_size() != 0) {
    // RFC 5288 §3: GCMNonce is the salt and the explicit part.
    append(nonce, explicit_nonce);
    return nonce;
  }
  // RFC 8446 §5.3 and RFC 7905 §2: the number, padded to the left, XOR the IV.
  const Bytes number = big_endian(sequence);
  const std::size_t offset = nonce.size() - number.size();
  for (std::size_t i = 0; i < number.size(); ++i) nonce[offset + i] ^= number[i];
  return nonce;
}

Bytes RecordProtection::additional_data(View header, std::uint64_t sequence,
                                        std::size_t plaintext_size) const {
  // RFC 8446 §5.2: the header as it stands on the wire.
  if (suite_->tls13) return bytes_of(header.first(kHeaderSize));
  // RFC 5246 §6.2.3.3: seq_num, type, version, and the length of the plaintext.
  Bytes data = big_endian(sequence);
  append(data, header.first(kHeaderSize - 2));
  put_u16(data, static_cast<std::uint16_t>(plaintext_size));
  return data;
}

Opened RecordProtection::unwrapped(std::uint8_t outer_type, Bytes plaintext) const {
  if (!suite_->tls13) return {outer_type, std::move(plaintext), 0};
  // RFC 8446 §5.4: the last octet that is not zero is the type.
  Opened opened;
  const auto last = std::find_if(plaintext.rbegin(), plaintext.rend(),
                                 [](std::uint8_t octet) { return octet != 0; });
  opened.padding = static_cast<std::size_t>(last - plaintext.rbegin());
  if (last == plaintext.rend()) {
    // All padding: the first zero stands where the type should be.
    opened.padding = opened.padding == 0 ? 0 : opened.padding - 1;
    return opened;
  }
  opened.type = *last;
  plaintext.resize(plaintext.size() - opened.padding - 1);
  opened.content = std::move(plaintext);
  return opened;
}

}  // namespace assay
