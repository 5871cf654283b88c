// PEM around DER, as trust files, curl and mail servers want it. Used by authority and the command
// line.
#pragma once

#include "harness/base/bytes.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// "-----BEGIN CERTIFICATE-----" and lines of 64 (RFC 7468 §2).
[[nodiscard]] std::string certificate_pem(View der);
[[nodiscard]] std::string certificates_pem(std::span<const Bytes> chain);
/// Every certificate of a trust file, in order, unparsed; other blocks and text between them are
/// passed over.
[[nodiscard]] std::vector<Bytes> certificates_from_pem(std::string_view text);

}  // namespace assay
