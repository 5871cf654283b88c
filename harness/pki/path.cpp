#include "harness/pki/path.h"

#include <fmt/format.h>

#include <array>

namespace assay::pki {
namespace {

enum class TimeCheck { at_now, none };

/// OpenSSL counts spelt-out curve parameters as a broken path; here they are a weak key and no
/// more.
int keep_explicit_curves(int ok, X509_STORE_CTX* context) {
  if (ok == 1) return 1;
  if (X509_STORE_CTX_get_error(context) != X509_V_ERR_EC_KEY_EXPLICIT_PARAMS) return 0;
  X509_STORE_CTX_set_error(context, X509_V_OK);
  return 1;
}

PathGrade grade_of(int error) {
  switch (error) {
    case X509_V_OK:
      return PathGrade::found;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return PathGrade::no_issuer;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return PathGrade::untrusted_root;
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH:
    case X509_V_ERR_SIGNATURE_ALGORITHM_INCONSISTENCY:
      return PathGrade::signature_invalid;
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
      return PathGrade::not_an_authority;
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
      return PathGrade::path_too_long;
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
      return PathGrade::names_not_permitted;
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
      return PathGrade::critical_extension_unknown;
    default:
      return PathGrade::other;
  }
}

void take_built(Path& path, X509_STORE_CTX* context) {
  STACK_OF(X509)* const built = X509_STORE_CTX_get0_chain(context);
  for (int i = 0; built != nullptr && i < sk_X509_num(built); ++i) {
    X509* const certificate = sk_X509_value(built, i);
    X509_up_ref(certificate);
    path.certificates.emplace_back(certificate);
    path.finding.subjects.push_back(subject_of(certificate));
  }
}

std::string oid_of(X509_EXTENSION* extension) {
  std::array<char, 128> text{};
  const int size = OBJ_obj2txt(text.data(), text.size(), X509_EXTENSION_get_object(extension), 1);
  return size > 0 ? text.data() : std::string();
}

/// RFC 5280 §4.2.1.9: how many authorities stand between this one and the leaf.
bool uses_up_its_length(X509* authority, std::size_t depth) {
  const long allowed = X509_get_pathlen(authority);
  return allowed >= 0 && static_cast<std::size_t>(allowed) + 1 == depth;
}

void note_what_is_found(Path& path) {
  for (std::size_t depth = 0; depth + path.anchors < path.certificates.size(); ++depth) {
    X509* const certificate = path.certificates[depth].get();
    for (int i = 0; i < X509_get_ext_count(certificate); ++i) {
      X509_EXTENSION* const extension = X509_get_ext(certificate, i);
      path.finding.extensions.push_back(
          {depth, oid_of(extension), X509_EXTENSION_get_critical(extension) == 1});
    }
    if (uses_up_its_length(certificate, depth)) path.finding.length_used_up = true;
  }
}

Path search(X509_STORE* anchors, X509* leaf, STACK_OF(X509) * served, SystemTime now,
            TimeCheck time_check) {
  const OwnedStoreContext context(X509_STORE_CTX_new());
  require(context && X509_STORE_CTX_init(context.get(), anchors, leaf, served) == 1,
          "starting a path search");
  X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_auth_level(parameters, 0);
  // One or the other: a time that was set outranks X509_V_FLAG_NO_CHECK_TIME in OpenSSL 3.0.
  if (time_check == TimeCheck::at_now) {
    const auto at = std::chrono::floor<std::chrono::seconds>(now);
    X509_VERIFY_PARAM_set_time(parameters, std::chrono::system_clock::to_time_t(at));
  } else {
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_NO_CHECK_TIME);
  }
  X509_STORE_CTX_set_verify_cb(context.get(), keep_explicit_curves);

  Path path;
  path.finding.found = X509_verify_cert(context.get()) == 1;
  ERR_clear_error();
  take_built(path, context.get());
  if (path.finding.found) path.anchors = 1;
  note_what_is_found(path);
  if (path.finding.found) {
    path.finding.grade = PathGrade::found;
    return path;
  }
  PathFinding& finding = path.finding;
  const int error = X509_STORE_CTX_get_error(context.get());
  finding.grade = grade_of(error);
  const int depth = X509_STORE_CTX_get_error_depth(context.get());
  finding.depth = depth < 0 ? 0 : static_cast<std::size_t>(depth);
  X509* const at = X509_STORE_CTX_get_current_cert(context.get());
  finding.reason = fmt::format("no path at depth {} ({}): {}", finding.depth,
                               at == nullptr ? "no certificate" : subject_of(at),
                               X509_verify_cert_error_string(error));
  return path;
}

}  // namespace

Path find_path(X509_STORE* anchors, const std::vector<OwnedX509>& served, SystemTime now) {
  const BorrowedCertificates candidates(sk_X509_new_null());
  require(candidates != nullptr, "memory");
  for (const auto& certificate : served) {
    require(sk_X509_push(candidates.get(), certificate.get()) > 0, "memory");
  }
  X509* const leaf = served.front().get();
  // First with the clock, since OpenSSL then prefers issuers in their time; what fails so is tried
  // without.
  Path path = search(anchors, leaf, candidates.get(), now, TimeCheck::at_now);
  if (path.finding.found) return path;
  return search(anchors, leaf, candidates.get(), now, TimeCheck::none);
}

}  // namespace assay::pki
