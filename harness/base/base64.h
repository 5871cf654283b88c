// Base64 (RFC 4648 §4), strict: the alphabet and the padding as written, nothing else.
// Used by SASL and by the redaction of secrets.
#pragma once

#include "harness/base/bytes.h"

#include <optional>
#include <string>
#include <string_view>

namespace assay {

[[nodiscard]] std::string to_base64(View octets);
/// Nothing on a foreign character, missing padding or non-zero pad bits (RFC 4648 §3.2, §3.3,
/// §3.5).
[[nodiscard]] std::optional<Bytes> from_base64(std::string_view text);

}  // namespace assay
