#include "harness/pki/judge.h"

#include "harness/pki/certificate_facts.h"
#include "harness/pki/path.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay {

using pki::OwnedX509;

struct ChainJudge::Anchors {
  pki::OwnedStore store;
  std::vector<OwnedX509> certificates;
  std::size_t unreadable = 0;
};

namespace {

/// The served chain, as far as it can be read; `entries` and `index` run in parallel.
struct Served {
  std::vector<OwnedX509> entries;
  std::vector<std::size_t> index;
};

ParseFinding check_bounds(const std::vector<Bytes>& chain, std::size_t longest) {
  if (chain.empty()) return {ParseGrade::empty, 0, "no certificate was served"};
  if (chain.size() > longest) {
    return {ParseGrade::too_many, longest,
            fmt::format("{} certificates, more than {}", chain.size(), longest)};
  }
  std::size_t octets = 0;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    octets += chain[i].size();
    if (octets > kMaxServedOctets) {
      return {ParseGrade::too_large, i, fmt::format("more than {} octets", kMaxServedOctets)};
    }
  }
  return {};
}

/// A malformed entry behind the leaf is reported and left out; the others are still judged.
Served parse_served(const std::vector<Bytes>& chain, ParseFinding& finding) {
  Served served;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    if (auto certificate = pki::parse_certificate(chain[i])) {
      served.entries.push_back(std::move(certificate));
      served.index.push_back(i);
    } else if (finding.grade == ParseGrade::readable) {
      finding = {ParseGrade::malformed, i,
                 fmt::format("entry {} ({} octets) is not a DER certificate", i, chain[i].size())};
    }
  }
  return served;
}

OrderFinding judge_order(const std::vector<OwnedX509>& served) {
  X509* const first = served.front().get();
  for (std::size_t i = 1; i < served.size(); ++i) {
    X509* const other = served[i].get();
    if (X509_cmp(other, first) != 0 && pki::is_issued_by(other, first)) {
      return {OrderGrade::leaf_not_first,
              fmt::format("the first entry, {}, issued {}", pki::subject_of(first),
                          pki::subject_of(other))};
    }
  }
  for (std::size_t i = 1; i < served.size(); ++i) {
    X509* const entry = served[i].get();
    X509* const before = served[i - 1].get();
    if (pki::is_issued_by(before, entry)) continue;
    const bool related = std::ranges::any_of(served, [&](const OwnedX509& other) {
      return other.get() != entry && pki::is_issued_by(other.get(), entry);
    });
    return {related ? OrderGrade::out_of_order : OrderGrade::unrelated_certificates,
            fmt::format("{} does not certify {}, the entry before it", pki::subject_of(entry),
                        pki::subject_of(before))};
  }
  return {};
}

std::vector<ValidityFinding> judge_path_validity(const pki::Path& path,
                                                 const std::vector<OwnedX509>& anchors,
                                                 SystemTime now) {
  std::vector<ValidityFinding> findings;
  for (std::size_t depth = 0; depth < path.certificates.size(); ++depth) {
    X509* const certificate = path.certificates[depth].get();
    ValidityFinding finding = pki::judge_validity(certificate, now);
    finding.depth = depth;
    finding.is_anchor = depth > 0 && std::ranges::any_of(anchors, [&](const OwnedX509& anchor) {
                          return X509_cmp(certificate, anchor.get()) == 0;
                        });
    findings.push_back(std::move(finding));
  }
  return findings;
}

/// RFC 5280 §4.2.1.12: without the extension every purpose is allowed, and any means any.
PurposeFinding judge_purpose(const pki::Path& path, bool by_client) {
  if (path.certificates.empty()) return {};
  const int wanted = by_client ? NID_client_auth : NID_server_auth;
  // The leaf is always the peer's, also where it is an anchor itself.
  const std::size_t below = path.certificates.size() - path.anchors;
  for (std::size_t depth = 0; depth < std::max<std::size_t>(below, 1); ++depth) {
    const X509* const certificate = path.certificates[depth].get();
    const pki::Purposes purposes = pki::purposes_of(certificate);
    const std::string subject = pki::subject_of(certificate);
    if (purposes.malformed) {
      return {PurposeGrade::malformed, depth, "unreadable extended key usage in " + subject};
    }
    if (!purposes.present || purposes.has(wanted) || purposes.has(NID_anyExtendedKeyUsage)) {
      continue;
    }
    return {
        depth == 0 ? PurposeGrade::leaf_forbids : PurposeGrade::intermediate_forbids, depth,
        fmt::format("{} may not be used for TLS {}", subject, by_client ? "clients" : "servers")};
  }
  return {};
}

SignatureFinding judge_served_signature(X509* certificate, const std::vector<OwnedX509>& anchors) {
  SignatureFinding finding = pki::judge_signature(certificate);
  if (finding.grade == SignatureGrade::strong) return finding;
  const bool is_anchor = std::ranges::any_of(anchors, [&](const OwnedX509& anchor) {
    return pki::is_same_entity(certificate, anchor.get());
  });
  // RFC 8446 §4.4.2.2: the signature of an anchor or of a self-signed certificate is never
  // validated.
  if (is_anchor || pki::is_self_signed(certificate)) finding.grade = SignatureGrade::ignored;
  return finding;
}

/// RFC 8446 §4.4.2: the end entity comes first; what stands behind it proves no name.
bool is_named_behind(const std::vector<OwnedX509>& served,
                     const std::vector<std::string>& references) {
  return std::any_of(served.begin() + 1, served.end(), [&](const OwnedX509& other) {
    return pki::judge_name(other.get(), references).grade == NameGrade::matched;
  });
}

/// From the path where it reaches so far, else from what was served or is trusted.
X509* issuer_of(X509* leaf, const pki::Path& path, const std::vector<OwnedX509>& served,
                const std::vector<OwnedX509>& anchors) {
  if (path.certificates.size() > 1) return path.certificates[1].get();
  for (const auto* candidates : {&served, &anchors}) {
    for (const auto& candidate : *candidates) {
      if (pki::is_issued_by(leaf, candidate.get())) return candidate.get();
    }
  }
  return nullptr;
}

}  // namespace

ChainJudge::ChainJudge(const std::vector<Bytes>& anchors) : anchors_(std::make_unique<Anchors>()) {
  anchors_->store.reset(X509_STORE_new());
  pki::require(anchors_->store != nullptr, "memory");
  for (const auto& der : anchors) {
    auto certificate = pki::parse_certificate(der);
    if (!certificate) {
      ++anchors_->unreadable;
      continue;
    }
    pki::require(X509_STORE_add_cert(anchors_->store.get(), certificate.get()) == 1, "an anchor");
    anchors_->certificates.push_back(std::move(certificate));
  }
}

ChainJudge::~ChainJudge() = default;
ChainJudge::ChainJudge(ChainJudge&&) noexcept = default;
ChainJudge& ChainJudge::operator=(ChainJudge&&) noexcept = default;

std::size_t ChainJudge::anchors() const { return anchors_->certificates.size(); }
std::size_t ChainJudge::unreadable_anchors() const { return anchors_->unreadable; }

ChainVerdict ChainJudge::judge(const Presented& presented) const {
  ChainVerdict verdict;
  verdict.parse = check_bounds(presented.chain, presented.longest);
  if (verdict.parse.grade != ParseGrade::readable) {
    verdict.path.reason = verdict.parse.reason;
    return verdict;
  }
  const Served served = parse_served(presented.chain, verdict.parse);
  if (served.entries.empty() || served.index.front() != 0) {
    verdict.path.reason = verdict.parse.reason;
    return verdict;
  }
  X509* const leaf = served.entries.front().get();
  verdict.leaf_subject = pki::subject_of(leaf);
  verdict.order = judge_order(served.entries);
  pki::Path path = pki::find_path(anchors_->store.get(), served.entries, presented.now);
  verdict.validity = judge_path_validity(path, anchors_->certificates, presented.now);
  verdict.name = pki::judge_name(leaf, presented.reference_names);
  verdict.name.behind_first = is_named_behind(served.entries, presented.reference_names);
  for (std::size_t i = 0; i < served.entries.size(); ++i) {
    X509* const certificate = served.entries[i].get();
    verdict.keys.push_back(pki::judge_key(certificate));
    verdict.keys.back().index = served.index[i];
    verdict.signatures.push_back(judge_served_signature(certificate, anchors_->certificates));
    verdict.signatures.back().index = served.index[i];
  }
  verdict.purpose = judge_purpose(path, presented.by_client);
  verdict.must_staple = pki::has_must_staple(leaf);
  if (presented.staple) {
    X509* const issuer = issuer_of(leaf, path, served.entries, anchors_->certificates);
    verdict.staple = pki::judge_staple(*presented.staple, leaf, issuer, presented.now);
  }
  verdict.path = std::move(path.finding);
  return verdict;
}

const ValidityFinding* ChainVerdict::out_of_validity() const {
  const auto found = std::ranges::find_if(validity, [](const ValidityFinding& finding) {
    return !finding.is_anchor && finding.grade != ValidityGrade::valid;
  });
  return found == validity.end() ? nullptr : &*found;
}

const KeyFinding* ChainVerdict::weak_key() const {
  const auto worst = std::ranges::max_element(keys, {}, &KeyFinding::grade);
  return worst == keys.end() || worst->grade == KeyGrade::strong ? nullptr : &*worst;
}

const SignatureFinding* ChainVerdict::weak_signature() const {
  const auto found = std::ranges::find_if(signatures, [](const SignatureFinding& finding) {
    return finding.grade != SignatureGrade::strong && finding.grade != SignatureGrade::ignored;
  });
  return found == signatures.end() ? nullptr : &*found;
}

bool ChainVerdict::staple_sound() const {
  return staple.grade == StapleGrade::good || (staple.grade == StapleGrade::absent && !must_staple);
}

bool ChainVerdict::acceptable() const {
  return trusted() && name.grade == NameGrade::matched && staple_sound();
}

bool ChainVerdict::strong() const {
  const KeyFinding* key = weak_key();
  return (key == nullptr || key->grade == KeyGrade::small_exponent) && weak_signature() == nullptr;
}

bool ChainVerdict::trusted() const {
  return path.found && out_of_validity() == nullptr && purpose.grade == PurposeGrade::permitted;
}

Bytes public_key_of(View certificate) {
  const OwnedX509 parsed = pki::parse_certificate(certificate);
  if (!parsed) return {};
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(parsed.get()), &der);
  Bytes key;
  if (size > 0) key.assign(der, der + size);
  OPENSSL_free(der);
  return key;
}

}  // namespace assay
