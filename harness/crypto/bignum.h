// Whole numbers of libcrypto, as octets. Private to harness/crypto/*.cpp, as evp.h is.
#pragma once

#include "harness/base/bytes.h"
#include "harness/crypto/evp.h"

#include <openssl/bn.h>

namespace assay::crypto {

using OwnedNumber = Owned<BIGNUM, BN_clear_free>;
using OwnedNumberContext = Owned<BN_CTX, BN_CTX_free>;

[[nodiscard]] inline OwnedNumber new_number() {
  OwnedNumber number(BN_new());
  require(number != nullptr, "a number");
  return number;
}

[[nodiscard]] inline OwnedNumberContext new_number_context() {
  OwnedNumberContext context(BN_CTX_new());
  require(context != nullptr, "a number context");
  return context;
}

/// Big-endian; no octets are zero. An int must hold their count.
[[nodiscard]] inline OwnedNumber number_of(View octets) {
  OwnedNumber number(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
  require(number != nullptr, "a number");
  return number;
}

[[nodiscard]] inline std::size_t octets_in(const BIGNUM* number) {
  return static_cast<std::size_t>(BN_num_bytes(number));
}

/// Big-endian, with zeros before it up to `size`.
[[nodiscard]] inline Bytes octets_of(const BIGNUM* number, std::size_t size) {
  Bytes octets(size);
  require(BN_bn2binpad(number, octets.data(), static_cast<int>(size)) >= 0, "a number's octets");
  return octets;
}

}  // namespace assay::crypto
