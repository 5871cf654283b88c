#include "harness/crypto/md5.h"

#include "harness/crypto/evp.h"

namespace assay {

Bytes md5(View octets) {
  Bytes digest(16);
  std::size_t size = 0;
  crypto::require(EVP_Q_digest(nullptr, "MD5", nullptr, octets.data(), octets.size(), digest.data(),
                               &size) == 1 &&
                      size == digest.size(),
                  "MD5");
  return digest;
}

}  // namespace assay
