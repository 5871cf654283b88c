// What the judge reads from one parsed certificate, a function a fact. Private to
// harness/pki/*.cpp.
#pragma once

#include "harness/pki/judge.h"
#include "harness/pki/openssl.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::pki {

/// One line, printable, cut at 200 octets; "(empty name)" for a Name without parts.
[[nodiscard]] std::string printed_name(const X509_NAME* name);
[[nodiscard]] std::string subject_of(const X509* certificate);

/// Seconds since 1970. Only the forms of RFC 5280 §4.1.2.5 are read: with seconds, ending in Z.
[[nodiscard]] std::optional<std::chrono::sys_seconds> seconds_of(const ASN1_TIME* time);
/// 2026-11-24T06:08:00Z, or the octets made printable when they are no time.
[[nodiscard]] std::string printed_time(const ASN1_TIME* time);

[[nodiscard]] ValidityFinding judge_validity(const X509* certificate, SystemTime now);
[[nodiscard]] NameFinding judge_name(X509* leaf, const std::vector<std::string>& references);
[[nodiscard]] KeyFinding judge_key(X509* certificate);
/// Never `ignored`: that depends on the anchors.
[[nodiscard]] SignatureFinding judge_signature(X509* certificate);

/// Purposes of the EKU extension: nothing when it is absent or unreadable (`malformed` tells).
struct Purposes {
  bool present = false;
  bool malformed = false;
  std::vector<int> nids;
  [[nodiscard]] bool has(int nid) const;
};
[[nodiscard]] Purposes purposes_of(const X509* certificate);
[[nodiscard]] bool has_must_staple(const X509* certificate);

/// `issuer` signed `certificate` and is named by it; clean error queue afterwards.
[[nodiscard]] bool is_issued_by(X509* certificate, X509* issuer);
[[nodiscard]] bool is_self_signed(X509* certificate);
/// Same subject and same key: the same authority, whoever signed for it.
[[nodiscard]] bool is_same_entity(X509* a, X509* b);

/// `issuer` may be null.
[[nodiscard]] StapleFinding judge_staple(View staple, X509* leaf, X509* issuer, SystemTime now);

}  // namespace assay::pki
