// The verdict on what a server presented, or a client: one finding for each thing that can be
// wrong, none hiding another. Nothing from a peer throws. Used by the checks of
// certificate.present, by every connection of ours, and by the reference server for its clients.
#pragma once

#include "harness/pki/der.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace assay {

/// LIMITS: a peer's chain is bounded before anything of it is parsed.
inline constexpr std::size_t kMaxServedCertificates = 16;
inline constexpr std::size_t kMaxServedOctets = 100UL * 1024;

/// What came from the peer, and what it is held against.
struct Presented {
  std::vector<Bytes> chain;  // DER, as served; the first entry is judged as the end entity
  std::optional<Bytes> staple;
  std::vector<std::string>
      reference_names;  // DNS names (A-labels) or address literals; one must match
  SystemTime now;
  bool by_client = false;  // the purpose is a TLS client's, and there are no reference names
  std::size_t longest = kMaxServedCertificates;  // a chain of more is not looked at
};

enum class ParseGrade { readable, empty, too_many, too_large, malformed };
struct ParseFinding {
  ParseGrade grade = ParseGrade::readable;
  std::size_t index = 0;  // of the first malformed entry
  std::string reason;
};

/// Why there is no path (RFC 5280 §6.1), the first of what stood in its way.
enum class PathGrade {
  found,
  no_issuer,                   // who signed is not known
  untrusted_root,              // it ends at a root, and not at an anchor
  signature_invalid,           // §6.1.3(a)(1)
  not_an_authority,            // an issuer without cA or keyCertSign, §6.1.4(k) and (n)
  path_too_long,               // pathLenConstraint, §6.1.4(l)
  names_not_permitted,         // name constraints, §6.1.3(b) and (c)
  critical_extension_unknown,  // §6.1.4(o), §6.1.5(f)
  other,
};
struct PathExtension {
  std::size_t depth = 0;  // in the path
  std::string oid;        // dotted
  bool critical = false;
};
/// Time left aside: an expired leaf does not hide a missing intermediate.
struct PathFinding {
  bool found = false;
  PathGrade grade = PathGrade::other;
  std::size_t depth = 0;              // where the search stopped, the leaf being 0
  std::vector<std::string> subjects;  // of the path, or of as much as was built; printable
  std::string reason;
  std::vector<PathExtension> extensions;  // below the anchor
  bool length_used_up = false;            // no further authority would fit (RFC 5280 §4.2.1.9)
};

enum class ValidityGrade { valid, expired, not_yet_valid, malformed };
struct ValidityFinding {
  std::size_t depth = 0;   // in the path
  bool is_anchor = false;  // the verifier's own, not the server's
  ValidityGrade grade = ValidityGrade::valid;
  std::string reason;
  std::optional<std::chrono::sys_seconds> not_after;  // where it is a time
};

enum class NameGrade { matched, only_common_name, only_partial_wildcard, mismatched, no_reference };
struct NameFinding {
  NameGrade grade = NameGrade::no_reference;
  std::string matched;                 // the reference that did
  std::string reason;                  // on a mismatch, with what is presented
  std::vector<std::string> presented;  // DNS names and addresses, the first few; printable
  std::vector<std::string> wanted;     // the references; printable
  std::string common_name;             // the last of them; printable
  bool behind_first = false;           // a certificate behind the first proves the name
};

enum class KeyGrade { strong, small_exponent, weak, unreadable };
struct KeyFinding {
  std::size_t index = 0;  // in the served chain
  KeyGrade grade = KeyGrade::strong;
  std::string description;  // "RSA, 1024 bits, exponent 65537"
  std::string reason;       // empty for a strong key
};

/// `ignored`: self-signed, or the trust anchor once more; nobody verifies it (RFC 8446 §4.4.2.2).
enum class SignatureGrade { strong, sha1, md5, unknown, ignored };
struct SignatureFinding {
  std::size_t index = 0;  // in the served chain
  SignatureGrade grade = SignatureGrade::strong;
  std::string description;  // "ecdsa-with-SHA1"
  std::string reason;
};

enum class PurposeGrade { permitted, leaf_forbids, intermediate_forbids, malformed };
struct PurposeFinding {
  PurposeGrade grade = PurposeGrade::permitted;
  std::size_t depth = 0;
  std::string reason;
};

enum class StapleGrade {
  absent,
  good,
  malformed,
  unsuccessful,         // tryLater and its kin
  issuer_unknown,       // no certificate at hand to check the answer with
  foreign,              // about another certificate
  signer_unknown,       // whoever signed is neither the issuer nor sent along
  signer_unauthorised,  // sent along, but no delegate of the issuer
  signature_invalid,
  not_yet_valid,
  stale,
  times_malformed,
  revoked,
  unknown_status,
};
struct StapleFinding {
  StapleGrade grade = StapleGrade::absent;
  std::string reason;
};

/// RFC 8446 §4.4.2: the end entity comes first; RFC 5246 §7.4.2: each entry certifies the one
/// before.
enum class OrderGrade { in_order, leaf_not_first, out_of_order, unrelated_certificates };
struct OrderFinding {
  OrderGrade grade = OrderGrade::in_order;
  std::string reason;
};

/// Where `parse` found no readable leaf, the other findings keep their defaults and path.found is
/// false.
struct ChainVerdict {
  ParseFinding parse;
  OrderFinding order;
  PathFinding path;
  std::vector<ValidityFinding> validity;  // of the path, or of as much as was built
  NameFinding name;
  std::vector<KeyFinding> keys;
  std::vector<SignatureFinding> signatures;
  PurposeFinding purpose;
  bool must_staple = false;  // RFC 7633 §4: the leaf carries TLS feature 5
  StapleFinding staple;
  std::string leaf_subject;  // printable

  [[nodiscard]] bool leaf_readable() const { return !leaf_subject.empty(); }
  /// The first certificate below the anchor that `now` lies outside of; null when there is none.
  [[nodiscard]] const ValidityFinding* out_of_validity() const;
  /// The worst key, small exponents before strong ones; null when all are strong.
  [[nodiscard]] const KeyFinding* weak_key() const;
  /// The first signature with MD5, SHA-1 or a digest unknown to us; null when there is none.
  [[nodiscard]] const SignatureFinding* weak_signature() const;
  /// No key that is too small, no digest with which a certificate could be forged.
  [[nodiscard]] bool strong() const;
  /// A path in its time, for this purpose: what a server asks of a client.
  [[nodiscard]] bool trusted() const;
  /// None that is wrong, and none missing where the leaf demands one.
  [[nodiscard]] bool staple_sound() const;
  /// What a verifying mail client would say: a path in its time, for this name and purpose, with a
  /// sound staple.
  [[nodiscard]] bool acceptable() const;
};

/// Holds the trust anchors; judges any number of chains, each judgement on its own.
class ChainJudge {
 public:
  /// Anchors as DER (see certificates_from_pem); those that do not parse are passed over and
  /// counted.
  explicit ChainJudge(const std::vector<Bytes>& anchors);
  ~ChainJudge();
  ChainJudge(ChainJudge&&) noexcept;
  ChainJudge& operator=(ChainJudge&&) noexcept;

  [[nodiscard]] std::size_t anchors() const;
  [[nodiscard]] std::size_t unreadable_anchors() const;
  [[nodiscard]] ChainVerdict judge(const Presented& presented) const;

 private:
  struct Anchors;
  std::unique_ptr<Anchors> anchors_;
};

/// The SubjectPublicKeyInfo of a certificate, DER; empty when it does not parse.
[[nodiscard]] Bytes public_key_of(View certificate);

}  // namespace assay
