#include "harness/pki/client_names.h"

#include "harness/pki/openssl.h"

#include <algorithm>

namespace assay {
namespace {

using OwnedNames = pki::Owned<GENERAL_NAMES, GENERAL_NAMES_free>;

/// A NUL hides what comes behind it from whoever reads text as C does.
void add(std::vector<std::string>& to, const unsigned char* octets, int size) {
  if (octets == nullptr || size <= 0) return;
  std::string text(text_of(View(octets, static_cast<std::size_t>(size))));
  const bool controls = std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (!controls) to.push_back(std::move(text));
}

void add_mailboxes(std::vector<std::string>& to, const X509* certificate) {
  const OwnedNames names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
  for (int i = 0; i < count; ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_EMAIL) continue;
    const ASN1_STRING* const text = name->d.rfc822Name;
    add(to, ASN1_STRING_get0_data(text), ASN1_STRING_length(text));
  }
}

void add_common_names(std::vector<std::string>& to, const X509* certificate) {
  const X509_NAME* const subject = X509_get_subject_name(certificate);
  for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;) {
    unsigned char* text = nullptr;
    const int size =
        ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    add(to, text, size);
    OPENSSL_free(text);
  }
}

}  // namespace

ClientNames client_names(View certificate) {
  ClientNames names;
  if (const pki::OwnedX509 parsed = pki::parse_certificate(certificate)) {
    add_mailboxes(names.mailboxes, parsed.get());
    add_common_names(names.common_names, parsed.get());
    ERR_clear_error();
  }
  return names;
}

Bytes subject_name(View certificate) {
  const pki::OwnedX509 parsed = pki::parse_certificate(certificate);
  if (parsed == nullptr) return {};
  return pki::encoded(i2d_X509_NAME, X509_get_subject_name(parsed.get()), "a subject");
}

}  // namespace assay
