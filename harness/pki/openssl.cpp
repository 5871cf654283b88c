#include "harness/pki/openssl.h"

#include <array>
#include <limits>

namespace assay::pki {

void refused(std::string_view what) {
  std::array<char, 256> text{};
  const unsigned long code = ERR_get_error();
  if (code != 0) ERR_error_string_n(code, text.data(), text.size());
  ERR_clear_error();
  throw std::runtime_error("OpenSSL refused: " + std::string(what) +
                           (code == 0 ? "" : ": " + std::string(text.data())));
}

OwnedX509 parse_certificate(View der) {
  if (der.empty() || der.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    return nullptr;
  }
  const std::uint8_t* cursor = der.data();
  OwnedX509 certificate(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())));
  ERR_clear_error();
  if (certificate && cursor != der.data() + der.size()) certificate.reset();
  return certificate;
}

}  // namespace assay::pki
