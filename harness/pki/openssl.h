// Owners for OpenSSL's objects and the one way its refusals become exceptions.
// Private to harness/pki/*.cpp: no public header of the room includes it.
#pragma once

#include "harness/base/bytes.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace assay::pki {

template <auto free_function>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    free_function(object);
  }
};
template <typename T, auto free_function>
using Owned = std::unique_ptr<T, Free<free_function>>;

using OwnedBio = Owned<BIO, BIO_free_all>;
using OwnedNumber = Owned<BIGNUM, BN_free>;
using OwnedPkey = Owned<EVP_PKEY, EVP_PKEY_free>;
using OwnedPkeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using OwnedDigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using OwnedX509 = Owned<X509, X509_free>;
using OwnedStore = Owned<X509_STORE, X509_STORE_free>;
using OwnedStoreContext = Owned<X509_STORE_CTX, X509_STORE_CTX_free>;
using OwnedTime = Owned<ASN1_TIME, ASN1_TIME_free>;
using OwnedCertId = Owned<OCSP_CERTID, OCSP_CERTID_free>;
using OwnedBasicResponse = Owned<OCSP_BASICRESP, OCSP_BASICRESP_free>;
using OwnedResponse = Owned<OCSP_RESPONSE, OCSP_RESPONSE_free>;

/// A list that does not own its certificates.
struct FreeList {
  void operator()(STACK_OF(X509) * list) const { sk_X509_free(list); }
};
using BorrowedCertificates = std::unique_ptr<STACK_OF(X509), FreeList>;

/// Throws std::runtime_error with the oldest error of OpenSSL's queue, and empties the queue.
[[noreturn]] void refused(std::string_view what);
inline void require(bool ok, std::string_view what) {
  if (!ok) refused(what);
}

/// The DER of `object` as written by an i2d function.
template <typename Encode, typename T>
Bytes encoded(Encode encode, T* object, std::string_view what) {
  std::uint8_t* start = nullptr;
  const int size = encode(object, &start);
  if (size < 0) refused(what);
  const std::unique_ptr<std::uint8_t, decltype([](std::uint8_t* p) { OPENSSL_free(p); })> owner(
      start);
  return Bytes(start, start + size);
}

/// One certificate that fills `der` to its last octet; null otherwise, with a clean error queue.
[[nodiscard]] OwnedX509 parse_certificate(View der);

}  // namespace assay::pki
