#include "harness/protocol/cram_md5.h"

#include "harness/base/hex.h"
#include "harness/base/utf8.h"
#include "harness/crypto/md5.h"

#include <algorithm>

namespace assay {
namespace {

constexpr std::size_t kNameLimit = 1024;
constexpr std::size_t kDigits = 32;

}  // namespace

std::string cram_challenge(std::string_view unique, std::string_view host) {
  std::string challenge("<");
  return challenge.append(unique).append("@").append(host).append(">");
}

std::string cram_digest(std::string_view challenge, std::string_view secret) {
  return to_hex(hmac_md5(view_of(secret), view_of(challenge)));
}

std::optional<CramResponse> parse_cram_response(std::string_view response) {
  // RFC 2195 §2: the name, a space, and the digest; the digest has none, so the last one counts.
  const std::size_t space = response.rfind(' ');
  if (space == std::string_view::npos || space == 0 || space > kNameLimit) return std::nullopt;
  const std::string_view name = response.substr(0, space);
  const std::string_view digest = response.substr(space + 1);
  const bool hexadecimal = std::ranges::all_of(
      digest, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (digest.size() != kDigits || !hexadecimal || !is_utf8(name) ||
      name.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  return CramResponse{std::string(name), std::string(digest)};
}

std::string compose_cram_response(std::string_view user, std::string_view challenge,
                                  const Secret& password) {
  std::string response(user);
  return response.append(" ").append(cram_digest(challenge, password.reveal()));
}

}  // namespace assay
