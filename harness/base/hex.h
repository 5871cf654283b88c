// Hexadecimal, as reports, seeds and test vectors write it.
#pragma once

#include "harness/base/bytes.h"

#include <optional>
#include <string>
#include <string_view>

namespace assay {

/// Lower case, two digits an octet, no separators.
[[nodiscard]] std::string to_hex(View octets);
/// Octets of `text`; white space between octets is allowed. Nothing on an odd count or another
/// character.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

}  // namespace assay
