// Whom a client's certificate names: what a server that lets people in by certificate looks up
// among its accounts. Says nothing on whether the certificate is any good; the judge does.
#pragma once

#include "harness/base/bytes.h"

#include <string>
#include <vector>

namespace assay {

/// As they stand in the certificate; values with control characters are left out.
struct ClientNames {
  std::vector<std::string> mailboxes;     // rfc822Name (RFC 5280 §4.2.1.6)
  std::vector<std::string> common_names;  // of the subject, UTF-8
  bool operator==(const ClientNames&) const = default;
};

/// Of one certificate in DER; none where it does not parse.
[[nodiscard]] ClientNames client_names(View certificate);

/// DER of the subject (RFC 5280 §4.1.2.6); empty where the certificate does not parse.
[[nodiscard]] Bytes subject_name(View certificate);

}  // namespace assay
