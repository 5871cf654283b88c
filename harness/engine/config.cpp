#include "harness/engine/config.h"

#include "harness/wire/extension.h"

#include <utility>

namespace assay::engine {

Credential::Credential(ServerIdentity of)
    : identity(std::move(of)), key(PrivateKey::from_pkcs8(identity.private_key)) {}

std::vector<std::uint16_t> default_suites() {
  return {0x1301, 0x1302, 0x1303,  // TLS 1.3: AES-128-GCM, AES-256-GCM, ChaCha20-Poly1305
          0x1304, 0x1305,          // and CCM
          0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8,  // ECDHE, AEAD
          0x009e, 0x009f, 0xccaa,                          // DHE, AEAD
          0xc0ac, 0xc0ad, 0xc009, 0xc013, 0xc00a, 0xc014, 0xc023, 0xc027,
          0xc024, 0xc028, 0x009c, 0x009d, 0x002f, 0x0035, 0x003c, 0x003d};
}

std::vector<std::uint16_t> default_groups() {
  return {group::kX25519,    group::kSecp256r1, group::kX448,          group::kSecp384r1,
          group::kSecp521r1, group::kFfdhe2048, group::kX25519MlKem768};
}

std::vector<std::uint16_t> default_schemes() {
  return {0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806,
          0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601};  // the last three for TLS 1.2 and for
                                                            // certificates
}

}  // namespace assay::engine
