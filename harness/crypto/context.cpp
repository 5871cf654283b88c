#include "harness/crypto/context.h"

#include <openssl/evp.h>

namespace assay::crypto {

void FreeContext::operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
void FreeContext::operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
void FreeContext::operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }

}  // namespace assay::crypto
