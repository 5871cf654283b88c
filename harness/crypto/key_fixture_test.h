// Keys for the tests of this room: one a kind, made when first asked for.
#pragma once

#include "harness/base/hex.h"
#include "harness/crypto/asymmetric_key.h"
#include "harness/crypto/evp.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace assay {

// DSA with 1024 bits, whose parameters take long to make. A throw-away.
inline constexpr std::string_view kDsaKey =
    "3082014b0201003082012c06072a8648ce3804013082011f02818100d89285bfbd23bfa88b1d6f896806a22fea9fac"
    "875abc9f4d89b9125460ce76b3705a6923855f3ba89d7975a9d0de22d957e7717972e795bbdb9a8859a00214e3a97b"
    "06b2338cdc2c08a7d7a5ed89b31dab3de07098897799ff8b80bd9d956ccfc0c5c91d0ae2b58c94a1903631fb17f4b5"
    "a54bc9f8ba666f696c8476bddac13b021500f787b88940da84e9b949e0a8a09f7f69fd42008102818100a56aface36"
    "8e756e577628efaedb803095703895112fe26a5d311bfdf9b4c7149b11d598be28616689e7845ac0c15cf74e28ea57"
    "8237110d3472aaad9f96bb53c8c8e0e5d1298685e15805d485752f36437e1cd5af7dd6fc2faf32df7c6cb84ab82a1e"
    "8fd093a7c88997f35acd46fba68870883446595fdb362479b55eb619e80416021411750254657dd5c219d480eaeaef"
    "05b69bb3d675";

/// PKCS#8 of a fresh key: "RSA", "RSA-PSS" (2048 bits, or as told), "P-256" and its like,
/// "ED25519";
/// "DSA" is always the same.
inline Bytes fresh_pkcs8(const std::string& kind, int bits = 2048) {
  if (kind == "DSA") return from_hex(kDsaKey).value();
  const bool curve = kind.starts_with("P-");
  const bool rsa = kind.starts_with("RSA");
  const crypto::OwnedPkeyContext context(
      EVP_PKEY_CTX_new_from_name(nullptr, curve ? "EC" : kind.c_str(), nullptr));
  crypto::require(context && EVP_PKEY_keygen_init(context.get()) == 1, kind);
  if (curve) {
    crypto::require(EVP_PKEY_CTX_set_group_name(context.get(), kind.c_str()) == 1, kind);
  }
  if (rsa) crypto::require(EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), bits) == 1, kind);
  EVP_PKEY* made = nullptr;
  crypto::require(EVP_PKEY_generate(context.get(), &made) == 1, kind);
  const crypto::OwnedPkey pkey(made);
  const crypto::Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info(
      EVP_PKEY2PKCS8(pkey.get()));
  std::uint8_t* octets = nullptr;
  const int size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &octets);
  crypto::require(size > 0, kind);
  Bytes der(octets, octets + size);
  OPENSSL_free(octets);
  return der;
}

inline const PrivateKey& key_of(const std::string& kind, int bits = 2048) {
  static std::map<std::pair<std::string, int>, PrivateKey> keys;
  const auto name = std::pair(kind, bits);
  const auto found = keys.find(name);
  if (found != keys.end()) return found->second;
  return keys.emplace(name, PrivateKey::from_pkcs8(fresh_pkcs8(kind, bits))).first->second;
}

/// As a peer would have it.
inline PublicKey public_of(const PrivateKey& key) {
  return PublicKey::from_spki(key.public_key().to_spki()).value();
}

// RFC 8448 §3: the server's certificate, with an RSA key of 1024 bits.
inline constexpr std::string_view kRfc8448Certificate =
    "308201ac30820115a003020102020102300d06092a864886f70d01010b0500300e310c300a06035504031303727361"
    "301e170d3136303733303031323335395a170d3236303733303031323335395a300e310c300a060355040313037273"
    "61"
    "30819f300d06092a864886f70d010101050003818d0030818902818100b4bb498f8279303d980836399b36c6988c0c"
    "68"
    "de55e1bdb826d3901a2461eafd2de49a91d015abbc9a95137ace6c1af19eaa6af98c7ced43120998e187a80ee0ccb0"
    "52"
    "4b1b018c3e0b63264d449a6d38e22a5fda430846748030530ef0461c8ca9d9efbfae8ea6d1d03e2bd193eff0ab9a80"
    "02"
    "c47428a6d35a8d88d79f7f1e3f0203010001a31a301830090603551d1304023000300b0603551d0f0404030205a030"
    "0d"
    "06092a864886f70d01010b05000381810085aad2a0e5b9276b908c65f73a7267170618a54c5f8a7b337d2df7a59436"
    "54"
    "17f2eae8f8a58c8f8172f9319cf36b7fd6c55b80f21a03015156726096fd335e5e67f2dbf102702e608ccae6bec1fc"
    "63"
    "a42a99be5c3eb7107c3c54e9b9eb2bd5203b1c3b84e0a8b2f759409ba3eac9d91d402dcc0cc8f8961229ac9187b42b"
    "4d"
    "e1";

}  // namespace assay
