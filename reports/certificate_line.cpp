#include "reports/certificate_line.h"

#include "harness/base/hex.h"
#include "reports/legible.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <memory>

namespace assay {
namespace {

constexpr std::size_t kLongestSubject = 200;

struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};

std::string subject_line(View der) {
  const unsigned char* at = der.data();
  const std::unique_ptr<X509, FreeX509> certificate(
      d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  const std::unique_ptr<BIO, FreeBio> text(BIO_new(BIO_s_mem()));
  if (!certificate || !text) return {};
  const X509_NAME* name = X509_get_subject_name(certificate.get());
  if (X509_NAME_print_ex(text.get(), name, 0, XN_FLAG_ONELINE) < 0) return {};
  char* start = nullptr;
  const long size = BIO_get_mem_data(text.get(), &start);
  return one_line({start, static_cast<std::size_t>(size)}, kLongestSubject);
}

}  // namespace

CertificateLine certificate_line(View der) {
  CertificateLine line;
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(der.data(), der.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1) {
    line.sha256 = to_hex(View(digest).first(size));
  }
  line.subject = subject_line(der);
  ERR_clear_error();
  return line;
}

}  // namespace assay
