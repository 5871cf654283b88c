// A stapled OCSP response, step by step: RFC 6960 §3.2 (what a client confirms) and §4.2.2.
#include "harness/pki/certificate_facts.h"

#include <fmt/format.h>

namespace assay::pki {
namespace {

OwnedResponse parse_response(View staple) {
  if (staple.empty() || staple.size() > kMaxServedOctets) return nullptr;
  const std::uint8_t* cursor = staple.data();
  OwnedResponse response(d2i_OCSP_RESPONSE(nullptr, &cursor, static_cast<long>(staple.size())));
  ERR_clear_error();
  if (response && cursor != staple.data() + staple.size()) response.reset();
  return response;
}

/// RFC 6960 §4.1.1: hashes of the issuer's name and key by any algorithm, and the serial.
bool is_about(OCSP_SINGLERESP* single, X509* leaf, X509* issuer) {
  auto* const id = const_cast<OCSP_CERTID*>(OCSP_SINGLERESP_get0_id(single));
  ASN1_OCTET_STRING* name_hash = nullptr;
  ASN1_OCTET_STRING* key_hash = nullptr;
  ASN1_INTEGER* serial = nullptr;
  ASN1_OBJECT* algorithm = nullptr;
  OCSP_id_get0_info(&name_hash, &algorithm, &key_hash, &serial, id);
  const EVP_MD* const md = EVP_get_digestbyobj(algorithm);
  if (md == nullptr) return false;
  const OwnedCertId own(OCSP_cert_to_id(md, leaf, issuer));
  if (!own) return false;
  ASN1_OCTET_STRING* own_name_hash = nullptr;
  ASN1_OCTET_STRING* own_key_hash = nullptr;
  ASN1_INTEGER* own_serial = nullptr;
  OCSP_id_get0_info(&own_name_hash, nullptr, &own_key_hash, &own_serial, own.get());
  return ASN1_OCTET_STRING_cmp(name_hash, own_name_hash) == 0 &&
         ASN1_OCTET_STRING_cmp(key_hash, own_key_hash) == 0 &&
         ASN1_INTEGER_cmp(serial, own_serial) == 0;
}

OCSP_SINGLERESP* answer_about(OCSP_BASICRESP* basic, X509* leaf, X509* issuer) {
  for (int i = 0; i < OCSP_resp_count(basic); ++i) {
    OCSP_SINGLERESP* const single = OCSP_resp_get0(basic, i);
    if (is_about(single, leaf, issuer)) return single;
  }
  return nullptr;
}

bool signature_holds(OCSP_BASICRESP* basic, STACK_OF(X509) * signers) {
  // NOVERIFY: the signature alone. Who may sign was decided before.
  const bool holds = OCSP_basic_verify(basic, signers, nullptr, OCSP_NOVERIFY) == 1;
  ERR_clear_error();
  return holds;
}

/// RFC 6960 §4.2.2.2: the issuer itself, or whom it gave OCSPSigning in a certificate of its own.
StapleFinding judge_signer(OCSP_BASICRESP* basic, X509* issuer, SystemTime now) {
  const BorrowedCertificates known(sk_X509_new_null());
  if (!known || sk_X509_push(known.get(), issuer) == 0) refused("memory");
  X509* signer = nullptr;
  const bool found = OCSP_resp_get0_signer(basic, &signer, known.get()) == 1;
  ERR_clear_error();
  if (!found) {
    return {StapleGrade::signer_unknown,
            "signed by neither the issuer nor a certificate it brings"};
  }
  if (!is_same_entity(signer, issuer)) {
    const std::string name = subject_of(signer);
    if (!is_issued_by(signer, issuer)) {
      return {StapleGrade::signer_unauthorised,
              fmt::format("signed by {}, which the issuer did not certify", name)};
    }
    // RFC 6960 §4.2.2.2: id-kp-OCSPSigning itself; anyExtendedKeyUsage is no delegation.
    if (!purposes_of(signer).has(NID_OCSP_sign)) {
      return {StapleGrade::signer_unauthorised,
              fmt::format("signed by {}, which lacks the purpose OCSPSigning", name)};
    }
    const ValidityFinding validity = judge_validity(signer, now);
    if (validity.grade != ValidityGrade::valid) {
      return {StapleGrade::signer_unauthorised, "signer " + validity.reason};
    }
  }
  if (!signature_holds(basic, known.get())) {
    return {StapleGrade::signature_invalid, "its signature does not verify"};
  }
  return {StapleGrade::good, {}};
}

/// RFC 6960 §4.2.2.1: usable from thisUpdate through nextUpdate; without the latter there is no
/// end.
StapleFinding judge_times(const ASN1_GENERALIZEDTIME* this_update,
                          const ASN1_GENERALIZEDTIME* next_update, SystemTime now) {
  const auto from = seconds_of(this_update);
  const auto to = seconds_of(next_update);
  const auto at = std::chrono::floor<std::chrono::seconds>(now);
  if (!from || (next_update != nullptr && !to)) {
    return {StapleGrade::times_malformed, "thisUpdate or nextUpdate is not a time"};
  }
  if (at < *from) {
    return {StapleGrade::not_yet_valid, "thisUpdate is to come: " + printed_time(this_update)};
  }
  if (to && at > *to) {
    return {StapleGrade::stale, "nextUpdate has passed: " + printed_time(next_update)};
  }
  return {StapleGrade::good, {}};
}

}  // namespace

StapleFinding judge_staple(View staple, X509* leaf, X509* issuer, SystemTime now) {
  const OwnedResponse response = parse_response(staple);
  if (!response) return {StapleGrade::malformed, "not an OCSPResponse"};
  if (const int status = OCSP_response_status(response.get());
      status != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
    return {StapleGrade::unsuccessful, fmt::format("the responder answered with status {} ({})",
                                                   status, OCSP_response_status_str(status))};
  }
  const OwnedBasicResponse basic(OCSP_response_get1_basic(response.get()));
  ERR_clear_error();
  if (!basic) return {StapleGrade::malformed, "no basic OCSP response in it"};
  if (issuer == nullptr) {
    return {StapleGrade::issuer_unknown, "the leaf's issuer is neither served nor trusted"};
  }
  OCSP_SINGLERESP* const single = answer_about(basic.get(), leaf, issuer);
  ERR_clear_error();
  if (single == nullptr) return {StapleGrade::foreign, "about another certificate"};
  if (auto signer = judge_signer(basic.get(), issuer, now); signer.grade != StapleGrade::good) {
    return signer;
  }
  ASN1_GENERALIZEDTIME* this_update = nullptr;
  ASN1_GENERALIZEDTIME* next_update = nullptr;
  const int status = OCSP_single_get0_status(single, nullptr, nullptr, &this_update, &next_update);
  if (auto times = judge_times(this_update, next_update, now); times.grade != StapleGrade::good) {
    return times;
  }
  if (status == V_OCSP_CERTSTATUS_GOOD) return {StapleGrade::good, {}};
  if (status == V_OCSP_CERTSTATUS_REVOKED) return {StapleGrade::revoked, "the leaf is revoked"};
  return {StapleGrade::unknown_status, "the responder does not know the leaf"};
}

}  // namespace assay::pki
