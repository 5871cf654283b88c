// CRAM-MD5 (RFC 2195): a challenge, and a name with a keyed digest of it. Raw, as LDAP carries them
// and the text protocols write them in base64. Driven by the SASL exchange.
#pragma once

#include "harness/base/secret.h"

#include <optional>
#include <string>
#include <string_view>

namespace assay {

/// In the form of a msg-id (RFC 2195 §2); `unique` is a word that comes in no other challenge.
[[nodiscard]] std::string cram_challenge(std::string_view unique, std::string_view host);

/// HMAC-MD5 over the challenge, keyed by the secret: 32 lower-case hexadecimal digits. Throws
/// std::runtime_error where OpenSSL is configured without MD5.
[[nodiscard]] std::string cram_digest(std::string_view challenge, std::string_view secret);

struct CramResponse {
  std::string user;
  std::string digest;
};
/// Strict: a name, one space, 32 lower-case hexadecimal digits. The name may hold spaces.
[[nodiscard]] std::optional<CramResponse> parse_cram_response(std::string_view response);
[[nodiscard]] std::string compose_cram_response(std::string_view user, std::string_view challenge,
                                                const Secret& password);

}  // namespace assay
