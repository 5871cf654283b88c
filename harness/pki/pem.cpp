#include "harness/pki/pem.h"

#include "harness/base/base64.h"

#include <optional>

namespace assay {
namespace {

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
constexpr std::size_t kLineSize = 64;

}  // namespace

std::string certificate_pem(View der) {
  const std::string body = to_base64(der);
  std::string text = std::string(kBegin) + "\n";
  for (std::size_t at = 0; at < body.size(); at += kLineSize) {
    text += body.substr(at, kLineSize) + "\n";
  }
  return text + std::string(kEnd) + "\n";
}

std::string certificates_pem(std::span<const Bytes> chain) {
  std::string text;
  for (const auto& der : chain) text += certificate_pem(der);
  return text;
}

std::vector<Bytes> certificates_from_pem(std::string_view text) {
  std::vector<Bytes> all;
  for (std::size_t at = text.find(kBegin); at != text.npos; at = text.find(kBegin, at)) {
    at += kBegin.size();
    const std::size_t end = text.find(kEnd, at);
    if (end == text.npos) break;
    std::string body;
    for (const char c : text.substr(at, end - at)) {
      // RFC 7468 §2: white space between the lines means nothing.
      if (c != '\n' && c != '\r' && c != ' ' && c != '\t') body.push_back(c);
    }
    if (auto der = from_base64(body)) all.push_back(std::move(*der));
    at = end;
  }
  return all;
}

}  // namespace assay
