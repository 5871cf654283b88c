// RFC 6125 §6.4 and RFC 9525 §6 as the mail profile takes them: SAN only, a wildcard is a whole
// label.
#include "harness/base/printable.h"
#include "harness/pki/certificate_facts.h"
#include "harness/pki/forge.h"

#include <fmt/ranges.h>

namespace assay::pki {
namespace {

constexpr std::size_t kShownNames = 5;
constexpr std::size_t kShownOctets = 80;
constexpr std::size_t kMaxReference = 253;  // RFC 1035 §2.3.4, without the final dot

struct FreeNames {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

bool host_matches(X509* leaf, const std::string& host, unsigned flags) {
  const bool matches = X509_check_host(leaf, host.data(), host.size(), flags, nullptr) == 1;
  ERR_clear_error();
  return matches;
}

NameGrade grade_host(X509* leaf, const std::string& host) {
  constexpr unsigned kWholeLabels = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
  if (host_matches(leaf, host, kWholeLabels | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)) {
    return NameGrade::matched;
  }
  if (host_matches(leaf, host, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)) {
    return NameGrade::only_partial_wildcard;
  }
  if (host_matches(leaf, host, kWholeLabels | X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT)) {
    return NameGrade::only_common_name;
  }
  return NameGrade::mismatched;
}

NameGrade grade_reference(X509* leaf, std::string reference) {
  if (const auto octets = address_octets(reference)) {
    const bool matches = X509_check_ip(leaf, octets->data(), octets->size(), 0) == 1;
    ERR_clear_error();
    return matches ? NameGrade::matched : NameGrade::mismatched;
  }
  if (reference.ends_with('.')) reference.pop_back();
  // X509_check_host takes ".name" for "anything under name", and "" for a C string: neither is a
  // host.
  if (reference.empty() || reference.front() == '.' || reference.size() > kMaxReference) {
    return NameGrade::mismatched;
  }
  return grade_host(leaf, reference);
}

std::string shown_address(const ASN1_OCTET_STRING* address) {
  const std::uint8_t* const o = ASN1_STRING_get0_data(address);
  const int size = ASN1_STRING_length(address);
  if (size == 4) return fmt::format("{}.{}.{}.{}", o[0], o[1], o[2], o[3]);
  if (size != 16) return fmt::format("(address of {} octets)", size);
  std::string text;
  for (int i = 0; i < 16; i += 2)
    text += fmt::format("{}{:x}", i > 0 ? ":" : "", o[i] << 8 | o[i + 1]);
  return text;
}

/// The names of a leaf that a host is compared with.
struct PresentedNames {
  bool readable = false;
  std::size_t count = 0;
  std::vector<std::string> first;
  [[nodiscard]] std::string text() const {
    if (!readable) return "no readable subjectAltName";
    if (count == 0) return "a subjectAltName without DNS names and addresses";
    std::string all = fmt::format("{}", fmt::join(first, ", "));
    if (count > first.size()) all += fmt::format(" and {} more", count - first.size());
    return all;
  }
};

PresentedNames presented_names(const X509* leaf) {
  PresentedNames presented;
  const std::unique_ptr<GENERAL_NAMES, FreeNames> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(leaf, NID_subject_alt_name, nullptr, nullptr)));
  ERR_clear_error();
  if (!names) return presented;
  presented.readable = true;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = 0;
    const void* const value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
    if (type != GEN_DNS && type != GEN_IPADD) continue;
    if (++presented.count > kShownNames) continue;
    const auto* const octets = static_cast<const ASN1_STRING*>(value);
    presented.first.push_back(
        type == GEN_IPADD ? shown_address(octets)
                          : printable(View(ASN1_STRING_get0_data(octets),
                                           static_cast<std::size_t>(ASN1_STRING_length(octets))),
                                      kShownOctets));
  }
  return presented;
}

std::string common_name_of(const X509* leaf) {
  const X509_NAME* const subject = X509_get_subject_name(leaf);
  int at = -1;
  int next = X509_NAME_get_index_by_NID(subject, NID_commonName, at);
  while (next >= 0) {
    at = next;
    next = X509_NAME_get_index_by_NID(subject, NID_commonName, at);
  }
  const ASN1_STRING* const text =
      at < 0 ? nullptr : X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
  if (text == nullptr || ASN1_STRING_length(text) <= 0) return {};
  return printable(
      View(ASN1_STRING_get0_data(text), static_cast<std::size_t>(ASN1_STRING_length(text))),
      kShownOctets);
}

}  // namespace

NameFinding judge_name(X509* leaf, const std::vector<std::string>& references) {
  NameFinding finding;
  if (references.empty()) {
    finding.reason = "nobody said which name the server should have";
    return finding;
  }
  finding.grade = NameGrade::mismatched;
  const PresentedNames presented = presented_names(leaf);
  finding.presented = presented.first;
  finding.common_name = common_name_of(leaf);
  for (const std::string& reference : references)
    finding.wanted.push_back(printable(reference, kShownOctets));
  std::string wanted;
  for (const auto& reference : references) {
    const NameGrade grade = grade_reference(leaf, reference);
    if (grade == NameGrade::matched) {
      finding.grade = grade;
      finding.matched = printable(reference, kShownOctets);
      return finding;
    }
    if (finding.grade == NameGrade::mismatched) finding.grade = grade;
    wanted += (wanted.empty() ? "" : ", ") + printable(reference, kShownOctets);
  }
  if (finding.grade == NameGrade::only_common_name) {
    finding.reason =
        fmt::format("{} is only the common name; presented: {}", wanted, presented.text());
  } else if (finding.grade == NameGrade::only_partial_wildcard) {
    finding.reason = fmt::format("{} matches only a wildcard inside a label; presented: {}", wanted,
                                 presented.text());
  } else {
    finding.reason = fmt::format("no name matches {}; presented: {}", wanted, presented.text());
  }
  return finding;
}

}  // namespace assay::pki
