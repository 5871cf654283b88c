#include "harness/crypto/suites.h"

namespace assay {
namespace {

using enum AeadAlgorithm;
using enum Hash;
using enum BulkCipher;
using enum KeyExchangeKind;

// Not by `using enum`: none, rsa and the like would collide with the key exchanges.
constexpr Authentication kNone = Authentication::none;
constexpr Authentication kRsa = Authentication::rsa;
constexpr Authentication kEcdsa = Authentication::ecdsa;
constexpr Authentication kDss = Authentication::dss;

constexpr CipherSuite suite13(std::uint16_t value, std::string_view name, Hash hash,
                              AeadAlgorithm algorithm) {
  return {value, name, true, hash, algorithm};
}

constexpr CipherSuite aead12(std::uint16_t value, std::string_view name,
                             KeyExchangeKind key_exchange, Authentication authentication, Hash hash,
                             AeadAlgorithm algorithm) {
  return {value, name, false, hash, algorithm, key_exchange, authentication};
}

/// The suites with an HMAC: NULL, stream and block ciphers.
constexpr CipherSuite with_mac(std::uint16_t value, std::string_view name,
                               KeyExchangeKind key_exchange, Authentication authentication,
                               BulkCipher bulk, Hash mac) {
  // RFC 5246 §5: the PRF has SHA-256, whatever the MAC; RFC 5289 §3.1 says otherwise of SHA-384.
  const Hash prf = mac == sha384 ? sha384 : sha256;
  const bool exported = bulk == rc4_40 || bulk == rc2_40_cbc || bulk == des40_cbc;
  return {value, name, false, prf, std::nullopt, key_exchange, authentication, bulk, mac, exported};
}

constexpr CipherSuite kSuites[] = {
    // RFC 8446 §B.4
    suite13(0x1301, "TLS_AES_128_GCM_SHA256", sha256, aes_128_gcm),
    suite13(0x1302, "TLS_AES_256_GCM_SHA384", sha384, aes_256_gcm),
    suite13(0x1303, "TLS_CHACHA20_POLY1305_SHA256", sha256, chacha20_poly1305),
    suite13(0x1304, "TLS_AES_128_CCM_SHA256", sha256, aes_128_ccm),
    suite13(0x1305, "TLS_AES_128_CCM_8_SHA256", sha256, aes_128_ccm_8),
    // RFC 5288 §3
    aead12(0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", rsa, kRsa, sha256, aes_128_gcm),
    aead12(0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384", rsa, kRsa, sha384, aes_256_gcm),
    aead12(0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", dhe, kRsa, sha256, aes_128_gcm),
    aead12(0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", dhe, kRsa, sha384, aes_256_gcm),
    aead12(0x00a2, "TLS_DHE_DSS_WITH_AES_128_GCM_SHA256", dhe, kDss, sha256, aes_128_gcm),
    aead12(0x00a3, "TLS_DHE_DSS_WITH_AES_256_GCM_SHA384", dhe, kDss, sha384, aes_256_gcm),
    aead12(0x00a6, "TLS_DH_anon_WITH_AES_128_GCM_SHA256", dh_anon, kNone, sha256, aes_128_gcm),
    aead12(0x00a7, "TLS_DH_anon_WITH_AES_256_GCM_SHA384", dh_anon, kNone, sha384, aes_256_gcm),
    // RFC 5289 §3.2
    aead12(0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", ecdhe, kEcdsa, sha256, aes_128_gcm),
    aead12(0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", ecdhe, kEcdsa, sha384, aes_256_gcm),
    aead12(0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", ecdhe, kRsa, sha256, aes_128_gcm),
    aead12(0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", ecdhe, kRsa, sha384, aes_256_gcm),
    // RFC 6655 §3, §4 and RFC 7251 §2
    aead12(0xc09c, "TLS_RSA_WITH_AES_128_CCM", rsa, kRsa, sha256, aes_128_ccm),
    aead12(0xc09d, "TLS_RSA_WITH_AES_256_CCM", rsa, kRsa, sha256, aes_256_ccm),
    aead12(0xc09e, "TLS_DHE_RSA_WITH_AES_128_CCM", dhe, kRsa, sha256, aes_128_ccm),
    aead12(0xc09f, "TLS_DHE_RSA_WITH_AES_256_CCM", dhe, kRsa, sha256, aes_256_ccm),
    aead12(0xc0a0, "TLS_RSA_WITH_AES_128_CCM_8", rsa, kRsa, sha256, aes_128_ccm_8),
    aead12(0xc0a1, "TLS_RSA_WITH_AES_256_CCM_8", rsa, kRsa, sha256, aes_256_ccm_8),
    aead12(0xc0a2, "TLS_DHE_RSA_WITH_AES_128_CCM_8", dhe, kRsa, sha256, aes_128_ccm_8),
    aead12(0xc0a3, "TLS_DHE_RSA_WITH_AES_256_CCM_8", dhe, kRsa, sha256, aes_256_ccm_8),
    aead12(0xc0ac, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM", ecdhe, kEcdsa, sha256, aes_128_ccm),
    aead12(0xc0ad, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM", ecdhe, kEcdsa, sha256, aes_256_ccm),
    aead12(0xc0ae, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", ecdhe, kEcdsa, sha256, aes_128_ccm_8),
    aead12(0xc0af, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8", ecdhe, kEcdsa, sha256, aes_256_ccm_8),
    // RFC 7905 §2
    aead12(0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", ecdhe, kRsa, sha256,
           chacha20_poly1305),
    aead12(0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", ecdhe, kEcdsa, sha256,
           chacha20_poly1305),
    aead12(0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", dhe, kRsa, sha256,
           chacha20_poly1305),
    // RFC 5246 §A.5
    with_mac(0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", rsa, kRsa, triple_des_cbc, sha1),
    with_mac(0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA", dhe, kRsa, triple_des_cbc, sha1),
    with_mac(0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA", rsa, kRsa, aes_128_cbc, sha1),
    with_mac(0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", dhe, kRsa, aes_128_cbc, sha1),
    with_mac(0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA", rsa, kRsa, aes_256_cbc, sha1),
    with_mac(0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA", dhe, kRsa, aes_256_cbc, sha1),
    with_mac(0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256", rsa, kRsa, aes_128_cbc, sha256),
    with_mac(0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256", rsa, kRsa, aes_256_cbc, sha256),
    with_mac(0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256", dhe, kRsa, aes_128_cbc, sha256),
    with_mac(0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", dhe, kRsa, aes_256_cbc, sha256),
    // RFC 8422 §6 and RFC 5289 §3.1
    with_mac(0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", ecdhe, kEcdsa, aes_128_cbc, sha1),
    with_mac(0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", ecdhe, kEcdsa, aes_256_cbc, sha1),
    with_mac(0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", ecdhe, kRsa, aes_128_cbc, sha1),
    with_mac(0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", ecdhe, kRsa, aes_256_cbc, sha1),
    with_mac(0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", ecdhe, kEcdsa, aes_128_cbc, sha256),
    with_mac(0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", ecdhe, kEcdsa, aes_256_cbc, sha384),
    with_mac(0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", ecdhe, kRsa, aes_128_cbc, sha256),
    with_mac(0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", ecdhe, kRsa, aes_256_cbc, sha384),
    // RFC 8422 §6: 3DES
    with_mac(0xc008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA", ecdhe, kEcdsa, triple_des_cbc, sha1),
    with_mac(0xc012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", ecdhe, kRsa, triple_des_cbc, sha1),
    // Nothing is hidden: RFC 5246 §A.5 and RFC 8422 §6
    with_mac(0x0001, "TLS_RSA_WITH_NULL_MD5", rsa, kRsa, null, md5),
    with_mac(0x0002, "TLS_RSA_WITH_NULL_SHA", rsa, kRsa, null, sha1),
    with_mac(0x003b, "TLS_RSA_WITH_NULL_SHA256", rsa, kRsa, null, sha256),
    with_mac(0xc006, "TLS_ECDHE_ECDSA_WITH_NULL_SHA", ecdhe, kEcdsa, null, sha1),
    with_mac(0xc010, "TLS_ECDHE_RSA_WITH_NULL_SHA", ecdhe, kRsa, null, sha1),
    with_mac(0xc015, "TLS_ECDH_anon_WITH_NULL_SHA", ecdh_anon, kNone, null, sha1),
    // RFC 7465 §2: RC4 is neither offered nor chosen
    with_mac(0x0004, "TLS_RSA_WITH_RC4_128_MD5", rsa, kRsa, rc4_128, md5),
    with_mac(0x0005, "TLS_RSA_WITH_RC4_128_SHA", rsa, kRsa, rc4_128, sha1),
    with_mac(0x0018, "TLS_DH_anon_WITH_RC4_128_MD5", dh_anon, kNone, rc4_128, md5),
    with_mac(0xc007, "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA", ecdhe, kEcdsa, rc4_128, sha1),
    with_mac(0xc011, "TLS_ECDHE_RSA_WITH_RC4_128_SHA", ecdhe, kRsa, rc4_128, sha1),
    with_mac(0xc016, "TLS_ECDH_anon_WITH_RC4_128_SHA", ecdh_anon, kNone, rc4_128, sha1),
    // Nobody is authenticated: RFC 5246 §A.5 and RFC 8422 §6
    with_mac(0x001b, "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA", dh_anon, kNone, triple_des_cbc, sha1),
    with_mac(0x0034, "TLS_DH_anon_WITH_AES_128_CBC_SHA", dh_anon, kNone, aes_128_cbc, sha1),
    with_mac(0x003a, "TLS_DH_anon_WITH_AES_256_CBC_SHA", dh_anon, kNone, aes_256_cbc, sha1),
    with_mac(0x006c, "TLS_DH_anon_WITH_AES_128_CBC_SHA256", dh_anon, kNone, aes_128_cbc, sha256),
    with_mac(0x006d, "TLS_DH_anon_WITH_AES_256_CBC_SHA256", dh_anon, kNone, aes_256_cbc, sha256),
    with_mac(0xc017, "TLS_ECDH_anon_WITH_3DES_EDE_CBC_SHA", ecdh_anon, kNone, triple_des_cbc, sha1),
    with_mac(0xc018, "TLS_ECDH_anon_WITH_AES_128_CBC_SHA", ecdh_anon, kNone, aes_128_cbc, sha1),
    with_mac(0xc019, "TLS_ECDH_anon_WITH_AES_256_CBC_SHA", ecdh_anon, kNone, aes_256_cbc, sha1),
    // RFC 4346 §A.5: of export grade, forbidden since
    with_mac(0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5", rsa, kRsa, rc4_40, md5),
    with_mac(0x0006, "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5", rsa, kRsa, rc2_40_cbc, md5),
    with_mac(0x0008, "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", rsa, kRsa, des40_cbc, sha1),
    with_mac(0x0011, "TLS_DHE_DSS_EXPORT_WITH_DES40_CBC_SHA", dhe, kDss, des40_cbc, sha1),
    with_mac(0x0014, "TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA", dhe, kRsa, des40_cbc, sha1),
    with_mac(0x0017, "TLS_DH_anon_EXPORT_WITH_RC4_40_MD5", dh_anon, kNone, rc4_40, md5),
    with_mac(0x0019, "TLS_DH_anon_EXPORT_WITH_DES40_CBC_SHA", dh_anon, kNone, des40_cbc, sha1),
    // RFC 5469 §1: single DES
    with_mac(0x0009, "TLS_RSA_WITH_DES_CBC_SHA", rsa, kRsa, des_cbc, sha1),
    with_mac(0x0015, "TLS_DHE_RSA_WITH_DES_CBC_SHA", dhe, kRsa, des_cbc, sha1),
    with_mac(0x001a, "TLS_DH_anon_WITH_DES_CBC_SHA", dh_anon, kNone, des_cbc, sha1),
};

/// Octets of key: RFC 5246 §C, and RFC 4346 §A.5 for the export grades, whose five octets of secret
/// are widened later.
constexpr std::size_t key_size_of(BulkCipher bulk) {
  switch (bulk) {
    case aead:
    case null:
      return 0;
    case rc4_40:
    case rc2_40_cbc:
    case des40_cbc:
      return 5;
    case des_cbc:
      return 8;
    case rc4_128:
    case aes_128_cbc:
      return 16;
    case triple_des_cbc:
      return 24;
    case aes_256_cbc:
      return 32;
  }
  return 0;
}

}  // namespace

std::size_t CipherSuite::key_size() const {
  return aead ? parameters_of(*aead).key_size : key_size_of(bulk);
}

std::size_t CipherSuite::block_size() const {
  // RFC 5246 §C.
  switch (bulk) {
    case aes_128_cbc:
    case aes_256_cbc:
      return 16;
    case triple_des_cbc:
    case des_cbc:
    case des40_cbc:
    case rc2_40_cbc:
      return 8;
    default:
      return 0;
  }
}

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
