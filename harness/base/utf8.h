// UTF-8 (RFC 3629): whether octets are it. Used by SASL and by whoever takes names from a peer.
#pragma once

#include <string_view>

namespace assay {

/// Strict: the shortest form of each character, no surrogates, nothing above U+10FFFF (RFC 3629
/// §4).
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace assay
