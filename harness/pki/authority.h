// The test PKI: a root R, an intermediate I, a root that nobody trusts, and whatever chain a server
// is told to present. Clock-relative and short-lived, so nothing rots. Used by the stage, serve and
// the tests.
#pragma once

#include "harness/pki/forge.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace assay {

enum class LeafValidity { valid, expired, not_yet_valid };
enum class LeafTrust {
  under_root,    // R, I, L
  twin_root,     // the same under a root with the name and the key identifier of R, and another key
  unknown_root,  // X, IX, L: as well-formed, under a root outside the trust file
  loop,          // A, B, L: each of the two authorities has its certificate from the other
  self_signed,   // L alone, its own issuer
};
enum class ServedOrder { leaf_first, issuer_first };
enum class StapleKind {
  none,
  good,
  good_delegated,  // by a responder that the issuer authorised
  stale,           // nextUpdate has passed
  not_yet_valid,   // thisUpdate is to come
  revoked,
  unknown_status,
  foreign,                // about another serial of the same issuer
  unknown_signer,         // by the root outside the trust file
  unauthorised_delegate,  // issued by I, without the purpose OCSPSigning
  corrupt_signature,
  try_later,  // no answer at all
  garbage,    // not DER
};

/// What a server presents; valid by default, a fault states its one wrong thing. Served: L, I.
struct ChainSpec {
  KeyKind leaf_key = KeyKind::p256;
  std::string leaf_label = "leaf";                     // equal labels share one key
  std::optional<std::vector<std::string>> leaf_names;  // instead of the names that the subject has
  bool names_in_common_name_only = false;              // no SAN: the first name as CN
  LeafValidity leaf_validity = LeafValidity::valid;
  std::vector<std::string> leaf_purposes = {purpose::kServerAuth};  // empty: no EKU extension
  SignatureDigest leaf_digest = SignatureDigest::sha256;            // md5 needs an RSA intermediate
  bool leaf_must_staple = false;
  std::function<void(CertificateSpec&)> change_leaf;  // last, for whatever has no field here
  /// A valid certificate for these names is served in front of the leaf, whose key signs all the
  /// same; none where there are no names.
  std::vector<std::string> names_in_front;
  std::string label_in_front = "in front";  // the leaf's own: the same key

  KeyKind intermediate_key = KeyKind::p256;
  SignatureDigest intermediate_digest = SignatureDigest::sha256;
  std::function<void(CertificateSpec&)> change_intermediate;
  /// Further ones between it and the leaf, from the top; each has a name and a key of its own.
  std::vector<std::function<void(CertificateSpec&)>> below_intermediate;

  LeafTrust trust = LeafTrust::under_root;
  ServedOrder order = ServedOrder::leaf_first;
  bool serve_intermediate = true;
  bool serve_root = false;
  bool serve_cross_root = false;  // R once more, by the hand of an older root that has expired
  std::size_t extra_copies = 0;   // of the leaf, behind everything
  std::vector<Bytes> extra;       // DER or anything else, last of all
  StapleKind staple = StapleKind::none;
};

/// What an end needs to be somebody.
struct Identity {
  std::vector<Bytes> chain;  // DER, in served order
  Bytes leaf;
  Key key;
  std::optional<Bytes> staple;
};

class Authority {
 public:
  /// Mints R, its twin, I and X. `keys` outlives the authority. A day before `now` to a week after
  /// it.
  Authority(SystemTime now, KeyRing& keys);

  /// `names` are DNS names or address literals. Throws when OpenSSL refuses to sign what is asked
  /// for.
  [[nodiscard]] Identity issue(const ChainSpec& spec, std::span<const std::string> names) const;
  /// A valid client leaf under R and I (EKU clientAuth), with `name` as its CN and no SAN.
  [[nodiscard]] Identity issue_client(std::string_view name, KeyKind kind = KeyKind::p256) const;

  [[nodiscard]] const Bytes& root() const { return root_.certificate; }
  [[nodiscard]] const Bytes& intermediate() const { return intermediate_.certificate; }
  [[nodiscard]] const Bytes& other_root() const { return other_root_.certificate; }
  /// The trust file of a verifier: R alone.
  [[nodiscard]] std::string root_pem() const;

  /// For certificates that no ChainSpec describes: forge() takes these.
  [[nodiscard]] const Issuer& root_issuer() const { return root_; }
  [[nodiscard]] const Issuer& intermediate_issuer() const { return intermediate_; }
  [[nodiscard]] const Issuer& other_root_issuer() const { return other_root_; }
  [[nodiscard]] SystemTime now() const { return now_; }

 private:
  [[nodiscard]] const Issuer& root_of(LeafTrust trust) const;
  [[nodiscard]] Issuer mint_intermediate(const ChainSpec& spec) const;
  [[nodiscard]] std::vector<Issuer> mint_loop() const;
  [[nodiscard]] Bytes mint_cross_root() const;
  /// The intermediates in served order, the leaf's issuer first.
  [[nodiscard]] std::vector<Issuer> issuers_of(const ChainSpec& spec) const;
  [[nodiscard]] Bytes mint_in_front(const ChainSpec& spec, const Issuer& issuer) const;
  [[nodiscard]] CertificateSpec leaf_of(const ChainSpec& spec,
                                        std::span<const std::string> names) const;
  [[nodiscard]] std::optional<Bytes> staple_for(StapleKind kind, View leaf,
                                                const Issuer& issuer) const;

  SystemTime now_;
  KeyRing& keys_;
  Issuer root_;
  Issuer other_root_;
  Issuer twin_root_;
  Issuer intermediate_;
};

/// The chain in served order, as mail servers want it (a combined file: key_pem() first or last).
[[nodiscard]] std::string chain_pem(const Identity& identity);
[[nodiscard]] std::string key_pem(const Identity& identity);

}  // namespace assay
