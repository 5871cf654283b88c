// The key block of TLS 1.2 (RFC 5246 §6.3), cut into what one writer uses. Used by both kinds of
// record protection.
#pragma once

#include "harness/base/bytes.h"
#include "harness/crypto/suites.h"

namespace assay {

/// What both ends derive from one master secret.
struct KeyMaterial12 {
  View master_secret;
  View client_random;
  View server_random;
};
enum class Writer { client, server };

/// Each part is as long as the suite wants it, and empty where it wants none.
struct WriterKeys {
  Bytes mac_key;
  Bytes key;
  Bytes iv;
};
[[nodiscard]] WriterKeys writer_keys(const CipherSuite& suite, const KeyMaterial12& material,
                                     Writer writer);

}  // namespace assay
