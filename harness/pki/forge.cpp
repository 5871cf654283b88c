#include "harness/pki/forge.h"

#include "harness/pki/openssl.h"

#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>

namespace assay {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kStatusRequest = 5;  // RFC 6066 §1.1, as a TLS feature RFC 7633 §4

Bytes name_der(const DistinguishedName& name) {
  if (name.raw) return *name.raw;
  Bytes content;
  const auto add = [&](std::string_view type, std::string_view text) {
    if (text.empty()) return;
    append(content, der::set({der::sequence({der::oid(type), der::utf8_string(text)})}));
  };
  add("2.5.4.10", name.organization);
  add("2.5.4.3", name.common_name);
  return der::tlv(0x30, content);
}

Bytes random_serial() {
  Bytes serial(16);
  pki::require(RAND_bytes(serial.data(), static_cast<int>(serial.size())) == 1, "random octets");
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x7f) | 0x40);  // positive and 16 octets long
  return serial;
}

Bytes alternative_names_der(const AlternativeNames& names) {
  if (names.raw) return *names.raw;
  Bytes content;
  const auto add = [&](std::uint8_t tag, const std::vector<std::string>& texts) {
    for (const auto& text : texts) append(content, der::implicit_tag(tag, view_of(text)));
  };
  add(2, names.dns);
  for (const auto& literal : names.ip) {
    const auto octets = address_octets(literal);
    if (!octets) throw std::invalid_argument("not an address: " + literal);
    append(content, der::implicit_tag(7, *octets));
  }
  add(1, names.email);
  add(6, names.uri);
  for (const auto& general_name : names.other) append(content, general_name);
  return content.empty() ? content : der::tlv(0x30, content);
}

Bytes basic_constraints_der(const BasicConstraints& constraints) {
  Bytes content;
  if (constraints.ca)
    append(content, der::boolean(true));  // FALSE is the default: DER leaves it out
  if (constraints.path_length) append(content, der::integer(*constraints.path_length));
  return der::tlv(0x30, content);
}

Bytes key_usage_der(std::uint16_t bits) {
  Bytes octets{static_cast<std::uint8_t>(bits >> 8), static_cast<std::uint8_t>(bits)};
  while (!octets.empty() && octets.back() == 0) octets.pop_back();
  std::uint8_t unused = 0;
  // X.690 §11.2.2: trailing zero bits of a named bit list are removed.
  while (!octets.empty() && (octets.back() >> unused & 1) == 0) ++unused;
  return der::bit_string(octets, unused);
}

Bytes purposes_der(const std::vector<std::string>& purposes) {
  Bytes content;
  for (const auto& dotted : purposes) append(content, der::oid(dotted));
  return der::tlv(0x30, content);
}

std::vector<CertificateExtension> extensions_of(const CertificateSpec& spec, View subject_key_id,
                                                View authority_key_id) {
  std::vector<CertificateExtension> all;
  if (spec.basic_constraints) {
    all.push_back({extension_oid::kBasicConstraints, spec.basic_constraints->critical,
                   basic_constraints_der(*spec.basic_constraints)});
  }
  if (spec.key_usage) {
    all.push_back(
        {extension_oid::kKeyUsage, spec.key_usage->critical, key_usage_der(spec.key_usage->bits)});
  }
  if (spec.extended_key_usage) {
    all.push_back({extension_oid::kExtendedKeyUsage, spec.extended_key_usage->critical,
                   purposes_der(spec.extended_key_usage->purposes)});
  }
  const Bytes names = alternative_names_der(spec.names);
  if (!names.empty()) {
    all.push_back({extension_oid::kAlternativeNames, spec.names.critical, names});
  }
  if (spec.subject_key_id) {
    all.push_back({extension_oid::kSubjectKeyId, false, der::octet_string(subject_key_id)});
  }
  if (spec.authority_key_id && !authority_key_id.empty()) {
    all.push_back({extension_oid::kAuthorityKeyId, false,
                   der::sequence({der::implicit_tag(0, authority_key_id)})});
  }
  if (spec.must_staple) {
    all.push_back(
        {extension_oid::kTlsFeature, false, der::sequence({der::integer(kStatusRequest)})});
  }
  all.insert(all.end(), spec.extra_extensions.begin(), spec.extra_extensions.end());
  std::erase_if(all, [&](const CertificateExtension& extension) {
    return std::ranges::count(spec.removed_extensions, extension.oid) > 0;
  });
  return all;
}

Bytes extensions_der(const std::vector<CertificateExtension>& extensions) {
  Bytes content;
  for (const auto& extension : extensions) {
    const Bytes critical = extension.critical ? der::boolean(true) : Bytes{};
    append(content,
           der::sequence({der::oid(extension.oid), critical, der::octet_string(extension.value)}));
  }
  return der::tlv(0x30, content);
}

std::string_view rsa_oid(SignatureDigest digest) {
  switch (digest) {
    case SignatureDigest::sha256:
      return "1.2.840.113549.1.1.11";
    case SignatureDigest::sha384:
      return "1.2.840.113549.1.1.12";
    case SignatureDigest::sha512:
      return "1.2.840.113549.1.1.13";
    case SignatureDigest::sha1:
      return "1.2.840.113549.1.1.5";
    case SignatureDigest::md5:
      return "1.2.840.113549.1.1.4";
  }
  return {};
}

std::string_view ecdsa_oid(SignatureDigest digest) {
  switch (digest) {
    case SignatureDigest::sha256:
      return "1.2.840.10045.4.3.2";
    case SignatureDigest::sha384:
      return "1.2.840.10045.4.3.3";
    case SignatureDigest::sha512:
      return "1.2.840.10045.4.3.4";
    case SignatureDigest::sha1:
      return "1.2.840.10045.4.1";
    case SignatureDigest::md5:
      break;  // never assigned
  }
  return {};
}

std::string_view dsa_oid(SignatureDigest digest) {
  if (digest == SignatureDigest::sha256) return "2.16.840.1.101.3.4.3.2";
  return digest == SignatureDigest::sha1 ? "1.2.840.10040.4.3" : "";
}

Bytes algorithm_der(const Key& key, SignatureDigest digest) {
  std::string_view oid;
  switch (key.family()) {
    case KeyFamily::rsa:  // RFC 4055 §5: the parameters are NULL, not absent
      return der::sequence({der::oid(rsa_oid(digest)), der::null()});
    case KeyFamily::ec:
      oid = ecdsa_oid(digest);
      break;
    case KeyFamily::ed25519:
      oid = "1.3.101.112";  // RFC 8410 §3
      break;
    case KeyFamily::ed448:
      oid = "1.3.101.113";
      break;
    case KeyFamily::dsa:
      oid = dsa_oid(digest);
      break;
    case KeyFamily::none:
      break;
  }
  if (oid.empty()) throw std::runtime_error("no signature algorithm for this key and digest");
  return der::sequence({der::oid(oid)});
}

/// What the subject takes over from whoever signs it.
struct IssuerFields {
  Bytes name;
  Bytes key_id;
};

Bytes forged(const CertificateSpec& spec, const Key& subject_key, const Key& signer,
             const IssuerFields& issuer) {
  const Bytes algorithm = algorithm_der(signer, spec.digest);
  const Bytes version =
      spec.version == 1 ? Bytes{} : der::explicit_tag(0, der::integer(spec.version - 1));
  const Bytes validity =
      der::sequence({spec.raw_not_before ? *spec.raw_not_before : der::time(spec.not_before),
                     spec.raw_not_after ? *spec.raw_not_after : der::time(spec.not_after)});
  std::vector<CertificateExtension> extensions;
  if (spec.version >= 3)
    extensions = extensions_of(spec, spec.other_subject_key_id.value_or(subject_key.key_id()),
                               spec.other_authority_key_id.value_or(issuer.key_id));
  Bytes tbs = der::sequence(
      {version, der::integer(spec.serial.empty() ? random_serial() : spec.serial), algorithm,
       spec.issuer_name ? name_der(*spec.issuer_name) : issuer.name, validity,
       name_der(spec.subject), subject_key.public_der(),
       extensions.empty() ? Bytes{} : der::explicit_tag(3, extensions_der(extensions))});
  if (spec.change_tbs) spec.change_tbs(tbs);
  Bytes signature = signer.sign(tbs, spec.digest);
  // Three quarters in is the s of an (EC)DSA pair: the signature stays well-formed.
  if (spec.corrupt_signature) signature[signature.size() * 3 / 4] ^= 0x01;
  Bytes certificate =
      der::sequence({tbs, spec.outer_algorithm.value_or(algorithm), der::bit_string(signature)});
  if (spec.change_signed) spec.change_signed(certificate);
  return certificate;
}

}  // namespace

Bytes dns_constraints(std::span<const std::string> permitted,
                      std::span<const std::string> excluded) {
  constexpr std::uint8_t kDnsName = 2;  // in GeneralName
  const auto subtrees = [](std::uint8_t number, std::span<const std::string> names) {
    Bytes all;
    for (const std::string& name : names)
      append(all, der::sequence({der::implicit_tag(kDnsName, view_of(name))}));
    return names.empty() ? Bytes{} : der::explicit_tag(number, all);
  };
  return der::sequence({subtrees(0, permitted), subtrees(1, excluded)});
}

CertificateSpec leaf_spec(SystemTime now, std::span<const std::string> names) {
  CertificateSpec spec;
  spec.not_before = now - 24h;
  spec.not_after = now + 90 * 24h;
  for (const auto& name : names) {
    (address_octets(name) ? spec.names.ip : spec.names.dns).push_back(name);
  }
  if (spec.names.dns.empty()) {
    spec.subject.organization = "Assay";
  } else {
    spec.subject.common_name = spec.names.dns.front();
  }
  spec.basic_constraints = BasicConstraints{};
  spec.key_usage = KeyUsage{key_usage::kDigitalSignature};
  spec.extended_key_usage = ExtendedKeyUsage{{purpose::kServerAuth}};
  return spec;
}

CertificateSpec root_spec(SystemTime now) {
  CertificateSpec spec;
  spec.not_before = now - 24h;
  spec.not_after = now + 5 * 365 * 24h;
  spec.subject = {"Assay", "Assay test root", {}};
  spec.basic_constraints = BasicConstraints{.ca = true};
  spec.key_usage = KeyUsage{key_usage::kKeyCertSign | key_usage::kCrlSign};
  spec.authority_key_id = false;
  return spec;
}

CertificateSpec intermediate_spec(SystemTime now) {
  CertificateSpec spec = root_spec(now);
  spec.subject.common_name = "Assay test intermediate";
  spec.basic_constraints->path_length = 0;
  spec.authority_key_id = true;
  return spec;
}

Bytes forge(const CertificateSpec& spec, const Key& subject_key, const Issuer& issuer) {
  const auto certificate = pki::parse_certificate(issuer.certificate);
  pki::require(certificate != nullptr, "reading the issuer's certificate");
  IssuerFields fields;
  fields.name = pki::encoded(i2d_X509_NAME, X509_get_subject_name(certificate.get()), "name");
  const ASN1_OCTET_STRING* id = X509_get0_subject_key_id(certificate.get());
  if (id != nullptr) {
    const std::uint8_t* const octets = ASN1_STRING_get0_data(id);
    fields.key_id.assign(octets, octets + ASN1_STRING_length(id));
  } else {
    fields.key_id = issuer.key.key_id();
  }
  return forged(spec, subject_key, issuer.key, fields);
}

Bytes forge_self_signed(const CertificateSpec& spec, const Key& key) {
  return forged(spec, key, key,
                {name_der(spec.subject), spec.other_subject_key_id.value_or(key.key_id())});
}

std::optional<Bytes> address_octets(std::string_view literal) {
  if (literal.size() > 2 && literal.front() == '[' && literal.back() == ']') {
    literal = literal.substr(1, literal.size() - 2);
  }
  if (literal.empty() || literal.size() > 45 || literal.find('\0') != literal.npos) {
    return std::nullopt;
  }
  const std::string text(literal);
  const pki::Owned<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> parsed(a2i_IPADDRESS(text.c_str()));
  ERR_clear_error();
  if (!parsed) return std::nullopt;
  const std::uint8_t* const octets = ASN1_STRING_get0_data(parsed.get());
  return Bytes(octets, octets + ASN1_STRING_length(parsed.get()));
}

}  // namespace assay
