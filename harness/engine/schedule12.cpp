#include "harness/engine/schedule12.h"

namespace assay::engine {
namespace {

constexpr std::size_t kMasterSecretSize = 48;
constexpr std::size_t kVerifyDataSize = 12;

}  // namespace

Bytes master_secret(Hash hash, View premaster, View client_random, View server_random) {
  Bytes seed = bytes_of(client_random);
  append(seed, server_random);
  return prf12(hash, premaster, "master secret", seed, kMasterSecretSize);
}

Bytes extended_master_secret(Hash hash, View premaster, View session_hash) {
  return prf12(hash, premaster, "extended master secret", session_hash, kMasterSecretSize);
}

Bytes verify_data12(Hash hash, View master_secret, Role by, View handshake_hash) {
  const std::string_view label = by == Role::client ? "client finished" : "server finished";
  return prf12(hash, master_secret, label, handshake_hash, kVerifyDataSize);
}

}  // namespace assay::engine
