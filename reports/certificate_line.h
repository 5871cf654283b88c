// What a report says of a served certificate. Used by run.json; nothing from a peer throws here.
#pragma once

#include "harness/base/bytes.h"

#include <string>

namespace assay {

struct CertificateLine {
  std::string sha256;   // of the DER, lower-case hex
  std::string subject;  // "CN = mail.example.test", printable; empty when the DER is none
};
[[nodiscard]] CertificateLine certificate_line(View der);

}  // namespace assay
