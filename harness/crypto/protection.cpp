#include "harness/crypto/protection.h"

#include "harness/base/reader.h"
#include "harness/crypto/record_header.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace assay {
namespace {

using crypto::big_endian;
using crypto::kHeaderSize;
using crypto::record_header;

constexpr std::uint8_t kApplicationData = 23;

/// What is authenticated beside the plaintext.
class AdditionalData {
 public:
  AdditionalData(bool tls13, View header, std::uint64_t sequence, std::size_t plaintext_size)
      : octets_(crypto::numbered_header(sequence, header, plaintext_size)) {
    if (!tls13) return;
    // RFC 8446 §5.2: the header as it stands on the wire.
    std::ranges::copy(header.first(kHeaderSize), octets_.begin());
    size_ = kHeaderSize;
  }
  [[nodiscard]] View view() const { return View(octets_).first(size_); }

 private:
  // RFC 5246 §6.2.3.3: seq_num, type, version, and the length of the plaintext.
  std::array<std::uint8_t, 13> octets_;
  std::size_t size_ = 13;
};

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
  const WriterKeys keys = writer_keys(suite, material, writer);
  return {suite, keys.key, keys.iv};
}

RecordProtection::RecordProtection(const CipherSuite& suite, View key, View fixed_iv)
    : suite_(&suite), aead_(*suite.aead, key), fixed_iv_(bytes_of(fixed_iv)) {}

Bytes RecordProtection::seal(const Opened& what, std::uint64_t sequence,
                             const AeadShape& shape) const {
  const std::size_t nonce_size = suite_->explicit_nonce_size();
  // RFC 8446 §5.2: TLSInnerPlaintext is content, type, zeros.
  const std::size_t text_size = what.content.size() + (suite_->tls13 ? 1 + what.padding : 0);
  const std::size_t length = nonce_size + text_size + suite_->tag_size();
  const std::uint8_t type = shape.outer_type.value_or(suite_->tls13 ? kApplicationData : what.type);
  // RFC 5288 §3: the explicit part may be the sequence number.
  const auto number = big_endian(shape.explicit_nonce.value_or(sequence));
  const View explicit_nonce = View(number).first(nonce_size);
  Bytes record;
  record.reserve(kHeaderSize + length);
  append(record, record_header(type, shape.version, length));
  const AdditionalData data(suite_->tls13, record, sequence, text_size);
  append(record, explicit_nonce);
  append(record, what.content);
  if (suite_->tls13) {
    put_u8(record, what.type);
    record.resize(record.size() + what.padding);
  }
  aead_.seal_in_place(nonce_of(sequence, explicit_nonce), data.view(), record,
                      kHeaderSize + nonce_size);
  return record;
}

std::optional<Opened> RecordProtection::open(View record, std::uint64_t sequence) const {
  const std::size_t overhead = kHeaderSize + suite_->explicit_nonce_size();
  if (record.size() < overhead + suite_->tag_size()) return std::nullopt;
  const View explicit_nonce = record.subspan(kHeaderSize, suite_->explicit_nonce_size());
  const View sealed = record.subspan(overhead);
  const AdditionalData data(suite_->tls13, record, sequence, sealed.size() - suite_->tag_size());
  auto plaintext = aead_.open(nonce_of(sequence, explicit_nonce), data.view(), sealed);
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
  const Nonce nonce = nonce_of(sequence, explicit_nonce);
  Bytes plaintext = aead_.open_unverified(nonce, ciphertext);
  const auto tag_agrees = [&](View header) {
    const AdditionalData data(suite_->tls13, header, sequence, plaintext.size());
    const Bytes right = aead_.seal(nonce, data.view(), plaintext);
    return equal(View(right).subspan(plaintext.size(), compared),
                 record.subspan(record.size() - present, compared));
  };
  // A tag cut short may have been made over the length that the record had before.
  const bool agrees =
      compared == 0 || tag_agrees(record.first(kHeaderSize)) ||
      tag_agrees(record_header(record[0], crypto::kRecordVersion,
                               record.size() - kHeaderSize - present + suite_->tag_size()));
  if (!agrees) return std::nullopt;
  return unwrapped(record[0], std::move(plaintext));
}

std::optional<Opened> RecordProtection::open_unverified(View record, std::uint64_t sequence) const {
  return open_by({.present = suite_->tag_size(), .compared = 0}, record, sequence);
}

RecordProtection::Nonce RecordProtection::nonce_of(std::uint64_t sequence,
                                                   View explicit_nonce) const {
  Nonce nonce{};
  const auto behind = std::ranges::copy(fixed_iv_, nonce.begin()).out;
  if (suite_->explicit_nonce_size() != 0) {
    // RFC 5288 §3: GCMNonce is the salt and the explicit part.
    std::ranges::copy(explicit_nonce, behind);
    return nonce;
  }
  // RFC 8446 §5.3 and RFC 7905 §2: the number, padded to the left, XOR the IV.
  const auto number = big_endian(sequence);
  const std::size_t offset = nonce.size() - number.size();
  for (std::size_t i = 0; i < number.size(); ++i) nonce[offset + i] ^= number[i];
  return nonce;
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
