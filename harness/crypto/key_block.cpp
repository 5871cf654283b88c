#include "harness/crypto/key_block.h"

namespace assay {

WriterKeys writer_keys(const CipherSuite& suite, const KeyMaterial12& material, Writer writer) {
  // RFC 5246 §6.3: the server's random comes first; the block is both MAC keys, both keys, both
  // IVs.
  Bytes seed = bytes_of(material.server_random);
  append(seed, material.client_random);
  const std::size_t sizes[] = {suite.mac_size(), suite.key_size(), suite.fixed_iv_size()};
  const Bytes block = prf12(suite.hash, material.master_secret, "key expansion", seed,
                            2 * (sizes[0] + sizes[1] + sizes[2]));
  View rest = block;
  const auto take = [&](std::size_t size) {
    const View own = rest.subspan(writer == Writer::client ? 0 : size, size);
    rest = rest.subspan(2 * size);
    return bytes_of(own);
  };
  WriterKeys keys;
  keys.mac_key = take(sizes[0]);
  keys.key = take(sizes[1]);
  keys.iv = take(sizes[2]);
  return keys;
}

}  // namespace assay
