// The text of a news article (RFC 3977 §3.6): where its headers end, what they say, and whether a
// server may take it. Used by the news store and by POST; knows no session.
#pragma once

#include "harness/base/bytes.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

/// Offset of the body, behind the empty line that ends the headers; npos when there is none.
[[nodiscard]] std::size_t body_offset(View article);

/// Lines of `body`, each ended by CRLF (RFC 3977 §8.1.2).
[[nodiscard]] std::size_t line_count(View body);

/// The content of the first header of that name (case ignored), as OVER and HDR give it: unfolded,
/// every TAB, and every NUL, CR or LF left, a space (RFC 3977 §8.3.2). Nothing when it is absent.
[[nodiscard]] std::optional<std::string> header_content(View headers, std::string_view name);

/// How many headers of that name there are.
[[nodiscard]] std::size_t count_headers(View headers, std::string_view name);

/// Whether each header is a name, a colon, a space and content, folded or not, and ends with CRLF
/// (RFC 3977 §3.6); at least one.
[[nodiscard]] bool well_formed_headers(View headers);

}  // namespace assay
