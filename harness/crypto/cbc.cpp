#include "harness/crypto/cbc.h"

#include "harness/base/reader.h"
#include "harness/crypto/evp.h"
#include "harness/crypto/record_header.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace assay {
namespace {

using crypto::kHeaderSize;
using crypto::require;

constexpr std::size_t kMaximumPadding = 255;
constexpr int kEncrypt = 1;
constexpr int kDecrypt = 0;

crypto::Context<EVP_CIPHER_CTX> keyed(BulkCipher bulk, int encrypt, View key) {
  crypto::Context<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
  require(context != nullptr, "a cipher context");
  require(EVP_CipherInit_ex2(context.get(), crypto::primitives().block(bulk), key.data(), nullptr,
                             encrypt, nullptr) == 1,
          "a key");
  require(EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1, "blocks as they stand");
  return context;
}

/// All of `input`, which is whole blocks.
Bytes run(EVP_CIPHER_CTX* context, int encrypt, View iv, View input) {
  require(EVP_CipherInit_ex2(context, nullptr, nullptr, iv.data(), encrypt, nullptr) == 1, "an IV");
  Bytes output(input.size());
  if (input.empty()) return output;
  int size = 0;
  require(EVP_CipherUpdate(context, output.data(), &size, input.data(),
                           static_cast<int>(input.size())) == 1 &&
              static_cast<std::size_t>(size) == input.size(),
          "whole blocks");
  return output;
}

bool neglects_padding(CbcNeglect neglect) {
  return neglect == CbcNeglect::padding || neglect == CbcNeglect::both;
}
bool neglects_mac(CbcNeglect neglect) {
  return neglect == CbcNeglect::mac || neglect == CbcNeglect::both;
}

}  // namespace

bool CbcProtection::computes(const CipherSuite& suite) {
  using enum BulkCipher;
  return suite.bulk == null || suite.bulk == aes_128_cbc || suite.bulk == aes_256_cbc ||
         suite.bulk == triple_des_cbc;
}

CbcProtection CbcProtection::of_master_secret(const CipherSuite& suite,
                                              const KeyMaterial12& material, Writer writer,
                                              MacOrder order) {
  if (!computes(suite)) {
    throw std::invalid_argument("record protection of a suite that has none such");
  }
  return {suite, writer_keys(suite, material, writer), order};
}

CbcProtection::CbcProtection(const CipherSuite& suite, const WriterKeys& keys, MacOrder order)
    : suite_(&suite), order_(order), key_(keys.key), mac_(*suite.mac, keys.mac_key) {
  // RFC 7366 §3: stream ciphers go on as before, and NULL is one.
  if (!has_blocks()) order_ = MacOrder::mac_then_encrypt;
}

Bytes CbcProtection::seal(const Opened& what, std::uint64_t sequence, const CbcShape& shape) const {
  const bool mac_first = order_ == MacOrder::mac_then_encrypt;
  const std::size_t block_size = suite_->block_size();
  Bytes text;
  if (shape.plaintext) {
    text = *shape.plaintext;
  } else {
    text = what.content;
    if (mac_first) {
      const auto header = crypto::record_header(what.type, shape.version, text.size());
      append(text, shaped_mac(sequence, header, text, shape));
    }
    if (has_blocks()) pad(text, shape);
  }
  Bytes fragment = std::move(text);
  if (has_blocks()) {
    if (fragment.size() % block_size != 0) {
      throw std::invalid_argument("a plaintext for CBC that is no whole number of blocks");
    }
    // RFC 5246 §6.2.3.2: an IV of its own for each record, unpredictable, as long as a block.
    Bytes iv(block_size);
    if (shape.iv) {
      iv = *shape.iv;
      if (iv.size() != block_size) throw std::invalid_argument("an IV of the wrong size");
    } else {
      require(RAND_bytes(iv.data(), static_cast<int>(iv.size())) == 1, "an IV");
    }
    const Bytes ciphertext = encrypted(iv, fragment);
    fragment = std::move(iv);
    append(fragment, ciphertext);
  }
  if (!mac_first) {
    // RFC 7366 §3: over the header, IV and ciphertext; the length is that of what is authenticated.
    const auto header = crypto::record_header(what.type, shape.version, fragment.size());
    append(fragment, shaped_mac(sequence, header, fragment, shape));
  }
  Bytes record;
  record.reserve(kHeaderSize + fragment.size());
  append(record, crypto::record_header(what.type, shape.version, fragment.size()));
  append(record, fragment);
  return record;
}

std::optional<Opened> CbcProtection::open(View record, std::uint64_t sequence) const {
  return open_neglecting(CbcNeglect::nothing, record, sequence);
}

std::optional<Opened> CbcProtection::open_neglecting(CbcNeglect neglect, View record,
                                                     std::uint64_t sequence) const {
  const std::size_t mac_size = suite_->mac_size();
  const std::size_t block_size = suite_->block_size();
  if (record.size() < kHeaderSize + mac_size) return std::nullopt;
  const View header = record.first(kHeaderSize);
  View fragment = record.subspan(kHeaderSize);
  const auto mac_agrees = [&](View octets, View mac) {
    return neglects_mac(neglect) || equal(mac_of(sequence, header, octets), mac);
  };
  if (order_ == MacOrder::encrypt_then_mac) {
    // RFC 7366 §3: the MAC is verified before anything is decrypted.
    const View authenticated = fragment.first(fragment.size() - mac_size);
    if (!mac_agrees(authenticated, fragment.last(mac_size))) return std::nullopt;
    fragment = authenticated;
  }
  Opened opened{header[0], {}, 0};
  if (has_blocks()) {
    if (fragment.size() < 2 * block_size || fragment.size() % block_size != 0) return std::nullopt;
    opened.content = decrypted(fragment.first(block_size), fragment.subspan(block_size));
    // RFC 5246 §6.2.3.2: every octet of the padding is padding_length, and all of them are checked.
    opened.padding = opened.content.back();
    const std::size_t whole = opened.padding + 1;
    if (whole > opened.content.size()) return std::nullopt;
    const View padding = View(opened.content).last(whole);
    const bool even =
        std::ranges::all_of(padding, [&](std::uint8_t octet) { return octet == opened.padding; });
    if (!even && !neglects_padding(neglect)) return std::nullopt;
    opened.content.resize(opened.content.size() - whole);
  } else {
    opened.content = bytes_of(fragment);
  }
  if (order_ == MacOrder::mac_then_encrypt) {
    if (opened.content.size() < mac_size) return std::nullopt;
    const View content = View(opened.content).first(opened.content.size() - mac_size);
    if (!mac_agrees(content, View(opened.content).last(mac_size))) return std::nullopt;
    opened.content.resize(content.size());
  }
  return opened;
}

/// RFC 5246 §6.2.3.1: MAC(MAC_write_key, seq_num + type + version + length + fragment).
Bytes CbcProtection::mac_of(std::uint64_t sequence, View header, View octets) const {
  return mac_.tag({crypto::numbered_header(sequence, header, octets.size()), octets});
}

Bytes CbcProtection::shaped_mac(std::uint64_t sequence, View header, View octets,
                                const CbcShape& shape) const {
  Bytes mac = mac_of(sequence, header, octets);
  for (std::size_t i = 0; i < std::min(mac.size(), shape.mac_mask.size()); ++i) {
    mac[i] ^= shape.mac_mask[i];
  }
  mac.resize(std::min(mac.size(), shape.mac_size.value_or(mac.size())));
  return mac;
}

void CbcProtection::pad(Bytes& text, const CbcShape& shape) const {
  const std::size_t block_size = suite_->block_size();
  // RFC 5246 §6.2.3.2: so many that, with padding_length itself, the last block is full.
  const std::size_t least = block_size - 1 - text.size() % block_size;
  const std::size_t size = least + shape.extra_blocks * block_size;
  if (!shape.padding && size > kMaximumPadding) {
    throw std::invalid_argument("padding over 255 octets");
  }
  const auto honest = static_cast<std::uint8_t>(size);
  if (shape.padding) {
    append(text, *shape.padding);
  } else {
    text.insert(text.end(), size, honest);
  }
  put_u8(text, shape.padding_length.value_or(
                   shape.padding ? static_cast<std::uint8_t>(shape.padding->size()) : honest));
}

Bytes CbcProtection::encrypted(View iv, View text) const {
  return run(encrypting_.get([this] { return keyed(suite_->bulk, kEncrypt, key_); }), kEncrypt, iv,
             text);
}

Bytes CbcProtection::decrypted(View iv, View ciphertext) const {
  return run(decrypting_.get([this] { return keyed(suite_->bulk, kDecrypt, key_); }), kDecrypt, iv,
             ciphertext);
}

}  // namespace assay
