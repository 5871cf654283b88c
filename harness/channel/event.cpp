#include "harness/channel/event.h"

#include "harness/wire/describe.h"

namespace assay {

std::string_view slug_of(TlsVersion version) {
  switch (version) {
    case TlsVersion::ssl3:
      return "ssl3";
    case TlsVersion::tls10:
      return "tls10";
    case TlsVersion::tls11:
      return "tls11";
    case TlsVersion::tls12:
      return "tls12";
    case TlsVersion::tls13:
      return "tls13";
  }
  return "unknown";
}

std::string_view name_of(TlsVersion version) {
  switch (version) {
    case TlsVersion::ssl3:
      return "SSL 3.0";
    case TlsVersion::tls10:
      return "TLS 1.0";
    case TlsVersion::tls11:
      return "TLS 1.1";
    case TlsVersion::tls12:
      return "TLS 1.2";
    case TlsVersion::tls13:
      return "TLS 1.3";
  }
  return "an unknown version";
}

std::string alert_name(std::uint8_t description) { return alert_description_name(description); }

}  // namespace assay
