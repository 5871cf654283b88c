#include "harness/crypto/md5.h"

#include "harness/crypto/kdf.h"

namespace assay {

Bytes md5(View octets) { return digest(Hash::md5, octets); }

Bytes hmac_md5(View key, View message) { return hmac(Hash::md5, key, message); }

}  // namespace assay
