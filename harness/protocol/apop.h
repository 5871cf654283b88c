// APOP (RFC 1939 §7): the timestamp of a greeting, and the digest that shows a shared secret
// without sending it. Used by the POP3 service and dialogue.
#pragma once

#include <string>
#include <string_view>

namespace assay {

/// MD5 over the timestamp, angle brackets included, and the secret: 32 lower-case hexadecimal
/// digits. Throws std::runtime_error where OpenSSL is configured without MD5.
[[nodiscard]] std::string apop_digest(std::string_view timestamp, std::string_view secret);

/// The timestamp in the text of a greeting, angle brackets included; empty when there is none.
[[nodiscard]] std::string_view apop_timestamp(std::string_view greeting);

}  // namespace assay
