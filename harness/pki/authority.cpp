#include "harness/pki/authority.h"

#include "harness/pki/pem.h"
#include "harness/pki/staple_forge.h"

#include <algorithm>

namespace assay {
namespace {

using namespace std::chrono_literals;

constexpr auto kDay = 24h;
constexpr auto kLifetime = 7 * kDay;  // LIMITS: the test PKI lives a week around the clock

/// Its key identifier is that of `identified_by`.
Issuer self_signed_root(SystemTime now, std::string_view common_name, const Key& key,
                        const Key& identified_by) {
  CertificateSpec spec = root_spec(now);
  spec.subject.common_name = common_name;
  spec.other_subject_key_id = identified_by.key_id();
  spec.not_after = now + kLifetime;
  return {forge_self_signed(spec, key), key};
}

void set_validity(CertificateSpec& spec, LeafValidity validity, SystemTime now) {
  spec.not_before = now - kDay;
  spec.not_after = now + kLifetime;
  switch (validity) {
    case LeafValidity::valid:
      break;
    case LeafValidity::expired:
      spec.not_before = now - 90 * kDay;
      spec.not_after = now - kDay;
      break;
    case LeafValidity::not_yet_valid:
      spec.not_before = now + kDay;
      break;
  }
}

/// A responder's certificate under `issuer`, with the purpose or without it.
Bytes mint_responder(SystemTime now, const Key& key, const Issuer& issuer, bool authorised) {
  CertificateSpec spec = leaf_spec(now, {});
  spec.subject = {"Assay", "Assay test responder", {}};
  spec.not_after = now + kLifetime;
  spec.extended_key_usage->purposes = {authorised ? purpose::kOcspSigning : purpose::kServerAuth};
  // RFC 6960 §4.2.2.2.1: a responder whose own revocation nobody can ask for says so.
  spec.extra_extensions.push_back({extension_oid::kOcspNoCheck, false, der::null()});
  return forge(spec, key, issuer);
}

}  // namespace

Authority::Authority(SystemTime now, KeyRing& keys) : now_(now), keys_(keys) {
  const Key key = keys.key(KeyKind::p256, "root");
  const Key other_key = keys.key(KeyKind::p256, "other root");
  root_ = self_signed_root(now, "Assay test root", key, key);
  other_root_ = self_signed_root(now, "Assay unknown root", other_key, other_key);
  twin_root_ = self_signed_root(now, "Assay test root", keys.key(KeyKind::p256, "twin root"), key);
  intermediate_ = mint_intermediate({});
}

const Issuer& Authority::root_of(LeafTrust trust) const {
  if (trust == LeafTrust::unknown_root) return other_root_;
  return trust == LeafTrust::twin_root ? twin_root_ : root_;
}

Issuer Authority::mint_intermediate(const ChainSpec& spec) const {
  const bool known = spec.trust != LeafTrust::unknown_root;
  CertificateSpec certificate = intermediate_spec(now_);
  if (!known) certificate.subject.common_name = "Assay unknown intermediate";
  certificate.not_after = now_ + kLifetime;
  certificate.digest = spec.intermediate_digest;
  if (spec.change_intermediate) spec.change_intermediate(certificate);
  const Key key = keys_.key(spec.intermediate_key, known ? "intermediate" : "other intermediate");
  return {forge(certificate, key, root_of(spec.trust)), key};
}

std::vector<Issuer> Authority::mint_loop() const {
  const auto authority = [&](std::string_view name) {
    CertificateSpec spec = intermediate_spec(now_);
    spec.subject.common_name = name;
    spec.not_after = now_ + kLifetime;
    spec.basic_constraints->path_length.reset();
    return std::pair(spec, keys_.key(KeyKind::p256, std::string(name)));
  };
  const auto [a, a_key] = authority("Assay loop A");
  const auto [b, b_key] = authority("Assay loop B");
  const Bytes a_by_b = forge(a, a_key, {forge_self_signed(b, b_key), b_key});
  return {{a_by_b, a_key}, {forge(b, b_key, {a_by_b, a_key}), b_key}};
}

Bytes Authority::mint_cross_root() const {
  const Key old_key = keys_.key(KeyKind::p256, "old root");
  CertificateSpec old_root = root_spec(now_);
  old_root.subject.common_name = "Assay old root";
  old_root.not_before = now_ - 90 * kDay;
  old_root.not_after = now_ - kDay;
  CertificateSpec cross = root_spec(now_);
  cross.not_after = now_ + kLifetime;
  return forge(cross, root_.key, {forge_self_signed(old_root, old_key), old_key});
}

std::vector<Issuer> Authority::issuers_of(const ChainSpec& spec) const {
  if (spec.trust == LeafTrust::loop) return mint_loop();
  const ChainSpec base;
  const bool own_intermediate =
      (spec.trust != LeafTrust::under_root && spec.trust != LeafTrust::self_signed) ||
      spec.change_intermediate || spec.intermediate_key != base.intermediate_key ||
      spec.intermediate_digest != base.intermediate_digest;
  std::vector<Issuer> issuers = {own_intermediate ? mint_intermediate(spec) : intermediate_};
  for (const auto& change : spec.below_intermediate) {
    const std::string name = "Assay test intermediate " + std::to_string(issuers.size() + 1);
    CertificateSpec certificate = intermediate_spec(now_);
    certificate.subject.common_name = name;
    certificate.not_after = now_ + kLifetime;
    change(certificate);
    const Key key = keys_.key(KeyKind::p256, name);
    issuers.insert(issuers.begin(), {forge(certificate, key, issuers.front()), key});
  }
  return issuers;
}

Bytes Authority::mint_in_front(const ChainSpec& spec, const Issuer& issuer) const {
  ChainSpec other;
  other.leaf_key = spec.leaf_key;
  other.leaf_label = spec.label_in_front;
  const Key key = keys_.key(other.leaf_key, other.leaf_label);
  return forge(leaf_of(other, spec.names_in_front), key, issuer);
}

CertificateSpec Authority::leaf_of(const ChainSpec& spec,
                                   std::span<const std::string> names) const {
  if (spec.leaf_names) names = *spec.leaf_names;
  CertificateSpec leaf = leaf_spec(now_, names);
  if (spec.names_in_common_name_only) {
    leaf.names = {};
    leaf.subject = {{}, names.empty() ? std::string() : names.front(), {}};
  }
  set_validity(leaf, spec.leaf_validity, now_);
  if (keys_.key(spec.leaf_key, spec.leaf_label).family() == KeyFamily::rsa) {
    leaf.key_usage->bits |= key_usage::kKeyEncipherment;
  }
  leaf.extended_key_usage->purposes = spec.leaf_purposes;
  if (spec.leaf_purposes.empty()) leaf.extended_key_usage.reset();
  leaf.digest = spec.leaf_digest;
  leaf.must_staple = spec.leaf_must_staple;
  if (spec.trust == LeafTrust::self_signed) leaf.authority_key_id = false;
  if (spec.change_leaf) spec.change_leaf(leaf);
  return leaf;
}

Identity Authority::issue(const ChainSpec& spec, std::span<const std::string> names) const {
  const std::vector<Issuer> issuers = issuers_of(spec);
  const Issuer& issuer = issuers.front();
  const bool self_signed = spec.trust == LeafTrust::self_signed;

  Identity identity;
  identity.key = keys_.key(spec.leaf_key, spec.leaf_label);
  const CertificateSpec leaf = leaf_of(spec, names);
  identity.leaf =
      self_signed ? forge_self_signed(leaf, identity.key) : forge(leaf, identity.key, issuer);

  identity.chain.push_back(identity.leaf);
  if (!self_signed && spec.serve_intermediate)
    for (const Issuer& each : issuers) identity.chain.push_back(each.certificate);
  if (!self_signed && spec.serve_root) identity.chain.push_back(root_of(spec.trust).certificate);
  if (spec.serve_cross_root) identity.chain.push_back(mint_cross_root());
  if (spec.order == ServedOrder::issuer_first) std::ranges::reverse(identity.chain);
  if (!spec.names_in_front.empty())
    identity.chain.insert(identity.chain.begin(), mint_in_front(spec, issuer));
  identity.chain.insert(identity.chain.end(), spec.extra_copies, identity.leaf);
  identity.chain.insert(identity.chain.end(), spec.extra.begin(), spec.extra.end());
  identity.staple = staple_for(spec.staple, identity.leaf,
                               self_signed ? Issuer{identity.leaf, identity.key} : issuer);
  return identity;
}

Identity Authority::issue_client(std::string_view name, KeyKind kind) const {
  ChainSpec spec;
  spec.leaf_key = kind;
  spec.leaf_label = "client";
  spec.leaf_purposes = {purpose::kClientAuth};
  spec.names_in_common_name_only = true;
  return issue(spec, std::vector{std::string(name)});
}

std::optional<Bytes> Authority::staple_for(StapleKind kind, View leaf, const Issuer& issuer) const {
  StapleSpec spec;
  spec.this_update = now_ - 1h;
  spec.next_update = now_ + kLifetime;
  const auto delegate = [&](const Issuer& by, bool authorised) {
    spec.responder_key = keys_.key(KeyKind::p256, "responder");
    spec.responder = mint_responder(now_, spec.responder_key, by, authorised);
  };
  switch (kind) {
    case StapleKind::none:
      return std::nullopt;
    case StapleKind::good:
      break;
    case StapleKind::good_delegated:
      delegate(issuer, true);
      break;
    case StapleKind::stale:
      spec.this_update = now_ - 8 * kDay;
      spec.next_update = now_ - kDay;
      break;
    case StapleKind::not_yet_valid:
      spec.this_update = now_ + kDay;
      break;
    case StapleKind::revoked:
      spec.status = OcspStatus::revoked;
      break;
    case StapleKind::unknown_status:
      spec.status = OcspStatus::unknown;
      break;
    case StapleKind::foreign:
      spec.serial = Bytes(16, 0x5a);
      break;
    case StapleKind::unknown_signer:
      delegate(other_root_, true);
      break;
    case StapleKind::unauthorised_delegate:
      delegate(issuer, false);
      break;
    case StapleKind::corrupt_signature:
      spec.corrupt_signature = true;
      break;
    case StapleKind::try_later:
      return forge_try_later();
    case StapleKind::garbage:
      return Bytes{0x30, 0x03, 0x0a, 0x01};
  }
  return forge_staple(spec, leaf, issuer);
}

std::string Authority::root_pem() const { return certificate_pem(root()); }

std::string chain_pem(const Identity& identity) { return certificates_pem(identity.chain); }

std::string key_pem(const Identity& identity) { return identity.key.to_pem(); }

}  // namespace assay
