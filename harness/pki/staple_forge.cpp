#include "harness/pki/staple_forge.h"

#include "harness/pki/openssl.h"

namespace assay {
namespace {

using pki::OwnedBasicResponse;
using pki::OwnedCertId;
using pki::OwnedResponse;
using pki::OwnedTime;
using pki::OwnedX509;
using pki::require;

OwnedTime asn1_time(SystemTime at) {
  OwnedTime time(ASN1_TIME_adj(nullptr, std::chrono::system_clock::to_time_t(at), 0, 0));
  require(time != nullptr, "time");
  return time;
}

OwnedX509 certificate_of(View der) {
  OwnedX509 certificate = pki::parse_certificate(der);
  require(certificate != nullptr, "reading a certificate");
  return certificate;
}

OwnedCertId cert_id_of(const StapleSpec& spec, X509* subject, X509* issuer) {
  const EVP_MD* md = spec.sha256_cert_id ? EVP_sha256() : EVP_sha1();
  if (spec.serial.empty()) {
    OwnedCertId id(OCSP_cert_to_id(md, subject, issuer));
    require(id != nullptr, "certID");
    return id;
  }
  const pki::OwnedNumber number(
      BN_bin2bn(spec.serial.data(), static_cast<int>(spec.serial.size()), nullptr));
  const pki::Owned<ASN1_INTEGER, ASN1_INTEGER_free> serial(
      BN_to_ASN1_INTEGER(number.get(), nullptr));
  OwnedCertId id(OCSP_cert_id_new(md, X509_get_subject_name(issuer),
                                  X509_get0_pubkey_bitstr(issuer), serial.get()));
  require(id != nullptr, "certID");
  return id;
}

int wire_status(OcspStatus status) {
  switch (status) {
    case OcspStatus::good:
      return V_OCSP_CERTSTATUS_GOOD;
    case OcspStatus::revoked:
      return V_OCSP_CERTSTATUS_REVOKED;
    case OcspStatus::unknown:
      break;
  }
  return V_OCSP_CERTSTATUS_UNKNOWN;
}

void corrupt(OCSP_BASICRESP* basic) {
  const ASN1_OCTET_STRING* signature = OCSP_resp_get0_signature(basic);
  Bytes octets(ASN1_STRING_get0_data(signature),
               ASN1_STRING_get0_data(signature) + ASN1_STRING_length(signature));
  octets[octets.size() * 3 / 4] ^= 0x01;
  // The accessor is const; the object is ours and not yet encoded.
  require(ASN1_STRING_set(const_cast<ASN1_OCTET_STRING*>(signature), octets.data(),
                          static_cast<int>(octets.size())) == 1,
          "signature");
}

}  // namespace

Bytes forge_staple(const StapleSpec& spec, View certificate, const Issuer& issuer) {
  const OwnedX509 subject = certificate_of(certificate);
  const OwnedX509 authority = certificate_of(issuer.certificate);
  const OwnedCertId id = cert_id_of(spec, subject.get(), authority.get());
  const OwnedTime this_update = asn1_time(spec.this_update);
  const OwnedTime next_update = spec.next_update ? asn1_time(*spec.next_update) : OwnedTime();
  const OwnedTime revoked_at =
      spec.status == OcspStatus::revoked ? asn1_time(spec.this_update) : OwnedTime();

  const OwnedBasicResponse basic(OCSP_BASICRESP_new());
  require(basic && OCSP_basic_add1_status(basic.get(), id.get(), wire_status(spec.status),
                                          OCSP_REVOKED_STATUS_NOSTATUS, revoked_at.get(),
                                          this_update.get(), next_update.get()) != nullptr,
          "OCSP status");
  const bool delegated = !spec.responder.empty();
  const OwnedX509 responder = certificate_of(delegated ? View(spec.responder) : issuer.certificate);
  const Key& key = delegated ? spec.responder_key : issuer.key;
  EVP_PKEY* const handle = key.handle();
  const KeyFamily family = key.family();
  const bool own_hash = family == KeyFamily::ed25519 || family == KeyFamily::ed448;
  // RFC 6960 §4.2.2.2: a delegate's certificate travels in the response; the issuer's need not.
  require(OCSP_basic_sign(basic.get(), responder.get(), handle, own_hash ? nullptr : EVP_sha256(),
                          nullptr, delegated ? 0 : OCSP_NOCERTS) == 1,
          "signing an OCSP response");
  if (spec.corrupt_signature) corrupt(basic.get());
  const OwnedResponse response(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
  require(response != nullptr, "OCSP response");
  return pki::encoded(i2d_OCSP_RESPONSE, response.get(), "OCSP response");
}

Bytes forge_try_later() {
  const OwnedResponse response(OCSP_response_create(OCSP_RESPONSE_STATUS_TRYLATER, nullptr));
  require(response != nullptr, "OCSP response");
  return pki::encoded(i2d_OCSP_RESPONSE, response.get(), "OCSP response");
}

}  // namespace assay
