#include "harness/pki/certificate_facts.h"

#include "harness/base/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace assay::pki {
namespace {

constexpr std::size_t kShownName = 200;
constexpr long kStatusRequest = 5;

struct FreePurposes {
  void operator()(EXTENDED_KEY_USAGE* list) const { EXTENDED_KEY_USAGE_free(list); }
};
struct FreeFeatures {
  void operator()(TLS_FEATURE* list) const { TLS_FEATURE_free(list); }
};

std::string_view octets_of(const ASN1_STRING* text) {
  const int size = ASN1_STRING_length(text);
  if (size <= 0) return {};
  return text_of(View(ASN1_STRING_get0_data(text), static_cast<std::size_t>(size)));
}

}  // namespace

std::string printed_name(const X509_NAME* name) {
  if (name == nullptr || X509_NAME_entry_count(name) == 0) return "(empty name)";
  const OwnedBio output(BIO_new(BIO_s_mem()));
  if (!output) return "(no memory)";
  // A comma inside a value is escaped here; control characters are left to printable().
  constexpr unsigned long kFlags = XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_FN_SN | ASN1_STRFLGS_ESC_2253 |
                                   ASN1_STRFLGS_UTF8_CONVERT | ASN1_STRFLGS_DUMP_UNKNOWN;
  const int written = X509_NAME_print_ex(output.get(), name, 0, kFlags);
  ERR_clear_error();
  if (written < 0) return "(unreadable name)";
  char* text = nullptr;
  const long size = BIO_get_mem_data(output.get(), &text);
  if (size <= 0) return "(empty name)";
  return printable(std::string_view(text, static_cast<std::size_t>(size)), kShownName);
}

std::string subject_of(const X509* certificate) {
  return printed_name(X509_get_subject_name(certificate));
}

std::optional<std::chrono::sys_seconds> seconds_of(const ASN1_TIME* time) {
  if (time == nullptr) return std::nullopt;
  // ASN1_TIME_to_tm takes offsets and missing seconds too, which RFC 5280 §4.1.2.5.1 and .2 forbid.
  const std::size_t size = ASN1_STRING_type(time) == V_ASN1_UTCTIME ? 13 : 15;
  const std::string_view text = octets_of(time);
  if (text.size() != size || text.back() != 'Z') return std::nullopt;
  std::tm parts{};
  const bool readable = ASN1_TIME_to_tm(time, &parts) == 1;
  ERR_clear_error();
  if (!readable) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&parts)));
}

std::string printed_time(const ASN1_TIME* time) {
  if (time == nullptr) return "(no time)";
  const auto seconds = seconds_of(time);
  if (!seconds) return printable(octets_of(time), 40);
  const auto day = std::chrono::floor<std::chrono::days>(*seconds);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(*seconds - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

ValidityFinding judge_validity(const X509* certificate, SystemTime now) {
  const ASN1_TIME* const not_before = X509_get0_notBefore(certificate);
  const ASN1_TIME* const not_after = X509_get0_notAfter(certificate);
  const auto from = seconds_of(not_before);
  const auto to = seconds_of(not_after);
  // Fractions are floored: the last second counts whole, as does the one before the first.
  const auto at = std::chrono::floor<std::chrono::seconds>(now);
  ValidityFinding finding;
  finding.not_after = to;
  const auto say = [&](ValidityGrade grade, std::string_view what, const ASN1_TIME* when) {
    finding.grade = grade;
    finding.reason = fmt::format("{}: {} {}", subject_of(certificate), what, printed_time(when));
  };
  // RFC 5280 §4.1.2.5: the period runs from notBefore through notAfter, both included.
  if (!from) {
    say(ValidityGrade::malformed, "notBefore is not a time", not_before);
  } else if (!to) {
    say(ValidityGrade::malformed, "notAfter is not a time", not_after);
  } else if (at > *to) {
    say(ValidityGrade::expired, "expired at", not_after);
  } else if (at < *from) {
    say(ValidityGrade::not_yet_valid, "not valid before", not_before);
  }
  return finding;
}

bool Purposes::has(int nid) const { return std::ranges::count(nids, nid) > 0; }

Purposes purposes_of(const X509* certificate) {
  Purposes purposes;
  int critical = -1;
  const std::unique_ptr<EXTENDED_KEY_USAGE, FreePurposes> list(static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(certificate, NID_ext_key_usage, &critical, nullptr)));
  ERR_clear_error();
  purposes.present = critical != -1;  // -2: more than once
  purposes.malformed = purposes.present && list == nullptr;
  const int count = list ? sk_ASN1_OBJECT_num(list.get()) : 0;
  for (int i = 0; i < count; ++i) {
    purposes.nids.push_back(OBJ_obj2nid(sk_ASN1_OBJECT_value(list.get(), i)));
  }
  return purposes;
}

bool has_must_staple(const X509* certificate) {
  const std::unique_ptr<TLS_FEATURE, FreeFeatures> list(
      static_cast<TLS_FEATURE*>(X509_get_ext_d2i(certificate, NID_tlsfeature, nullptr, nullptr)));
  ERR_clear_error();
  const int count = list ? sk_ASN1_INTEGER_num(list.get()) : 0;
  for (int i = 0; i < count; ++i) {
    if (ASN1_INTEGER_get(sk_ASN1_INTEGER_value(list.get(), i)) == kStatusRequest) return true;
  }
  return false;
}

bool is_issued_by(X509* certificate, X509* issuer) {
  EVP_PKEY* const key = X509_get0_pubkey(issuer);
  const bool issued = key != nullptr && X509_check_issued(issuer, certificate) == X509_V_OK &&
                      X509_verify(certificate, key) == 1;
  ERR_clear_error();
  return issued;
}

bool is_self_signed(X509* certificate) {
  const bool self_signed = X509_self_signed(certificate, 1) == 1;
  ERR_clear_error();
  return self_signed;
}

bool is_same_entity(X509* a, X509* b) {
  const EVP_PKEY* const key_a = X509_get0_pubkey(a);
  const EVP_PKEY* const key_b = X509_get0_pubkey(b);
  const bool same = key_a != nullptr && key_b != nullptr &&
                    X509_NAME_cmp(X509_get_subject_name(a), X509_get_subject_name(b)) == 0 &&
                    EVP_PKEY_eq(key_a, key_b) == 1;
  ERR_clear_error();
  return same;
}

}  // namespace assay::pki
