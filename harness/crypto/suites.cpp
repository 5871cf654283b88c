#include "harness/crypto/suites.h"

namespace assay {
namespace {

using enum AeadAlgorithm;
using enum Hash;

constexpr bool k13 = true;
constexpr bool k12 = false;
constexpr std::optional<AeadAlgorithm> kCbc;

constexpr CipherSuite kSuites[] = {
    // RFC 8446 §B.4
    {0x1301, "TLS_AES_128_GCM_SHA256", k13, sha256, aes_128_gcm},
    {0x1302, "TLS_AES_256_GCM_SHA384", k13, sha384, aes_256_gcm},
    {0x1303, "TLS_CHACHA20_POLY1305_SHA256", k13, sha256, chacha20_poly1305},
    {0x1304, "TLS_AES_128_CCM_SHA256", k13, sha256, aes_128_ccm},
    {0x1305, "TLS_AES_128_CCM_8_SHA256", k13, sha256, aes_128_ccm_8},
    // RFC 5288 §3
    {0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", k12, sha256, aes_128_gcm},
    {0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384", k12, sha384, aes_256_gcm},
    {0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", k12, sha256, aes_128_gcm},
    {0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", k12, sha384, aes_256_gcm},
    {0x00a2, "TLS_DHE_DSS_WITH_AES_128_GCM_SHA256", k12, sha256, aes_128_gcm},
    {0x00a3, "TLS_DHE_DSS_WITH_AES_256_GCM_SHA384", k12, sha384, aes_256_gcm},
    {0x00a6, "TLS_DH_anon_WITH_AES_128_GCM_SHA256", k12, sha256, aes_128_gcm},
    {0x00a7, "TLS_DH_anon_WITH_AES_256_GCM_SHA384", k12, sha384, aes_256_gcm},
    // RFC 5289 §3.2
    {0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", k12, sha256, aes_128_gcm},
    {0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", k12, sha384, aes_256_gcm},
    {0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", k12, sha256, aes_128_gcm},
    {0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", k12, sha384, aes_256_gcm},
    // RFC 6655 §3, §4 and RFC 7251 §2
    {0xc09c, "TLS_RSA_WITH_AES_128_CCM", k12, sha256, aes_128_ccm},
    {0xc09d, "TLS_RSA_WITH_AES_256_CCM", k12, sha256, aes_256_ccm},
    {0xc09e, "TLS_DHE_RSA_WITH_AES_128_CCM", k12, sha256, aes_128_ccm},
    {0xc09f, "TLS_DHE_RSA_WITH_AES_256_CCM", k12, sha256, aes_256_ccm},
    {0xc0a0, "TLS_RSA_WITH_AES_128_CCM_8", k12, sha256, aes_128_ccm_8},
    {0xc0a1, "TLS_RSA_WITH_AES_256_CCM_8", k12, sha256, aes_256_ccm_8},
    {0xc0a2, "TLS_DHE_RSA_WITH_AES_128_CCM_8", k12, sha256, aes_128_ccm_8},
    {0xc0a3, "TLS_DHE_RSA_WITH_AES_256_CCM_8", k12, sha256, aes_256_ccm_8},
    {0xc0ac, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM", k12, sha256, aes_128_ccm},
    {0xc0ad, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM", k12, sha256, aes_256_ccm},
    {0xc0ae, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", k12, sha256, aes_128_ccm_8},
    {0xc0af, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8", k12, sha256, aes_256_ccm_8},
    // RFC 7905 §2
    {0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", k12, sha256, chacha20_poly1305},
    {0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", k12, sha256, chacha20_poly1305},
    {0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", k12, sha256, chacha20_poly1305},
    // RFC 5246 §A.5
    {0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", k12, sha256, kCbc},
    {0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA", k12, sha256, kCbc},
    {0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA", k12, sha256, kCbc},
    {0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", k12, sha256, kCbc},
    {0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA", k12, sha256, kCbc},
    {0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA", k12, sha256, kCbc},
    {0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256", k12, sha256, kCbc},
    {0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256", k12, sha256, kCbc},
    {0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256", k12, sha256, kCbc},
    {0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", k12, sha256, kCbc},
    // RFC 8422 §6 and RFC 5289 §3.1
    {0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", k12, sha256, kCbc},
    {0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", k12, sha256, kCbc},
    {0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", k12, sha256, kCbc},
    {0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", k12, sha256, kCbc},
    {0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", k12, sha256, kCbc},
    {0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", k12, sha384, kCbc},
    {0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", k12, sha256, kCbc},
    {0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", k12, sha384, kCbc},
};

}  // namespace

std::size_t CipherSuite::explicit_nonce_size() const {
  // RFC 8446 §5.3 and RFC 7905 §2: the whole nonce follows from the sequence number.
  if (!aead || tls13 || *aead == chacha20_poly1305) return 0;
  // RFC 5288 §3 and RFC 6655 §3: a salt of four octets, eight octets in the record.
  return 8;
}

std::size_t CipherSuite::fixed_iv_size() const {
  return aead ? parameters_of(*aead).nonce_size - explicit_nonce_size() : 0;
}

std::span<const CipherSuite> cipher_suites() { return kSuites; }

const CipherSuite* find_suite(std::uint16_t value) {
  for (const CipherSuite& suite : kSuites) {
    if (suite.value == value) return &suite;
  }
  return nullptr;
}

}  // namespace assay
