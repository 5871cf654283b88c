// The search for a path from a leaf to an anchor, by OpenSSL, with what it must not hide taken out.
// Private to harness/pki/*.cpp.
#pragma once

#include "harness/pki/certificate_facts.h"

#include <vector>

namespace assay::pki {

struct Path {
  PathFinding finding;
  std::vector<OwnedX509> certificates;  // leaf first, as far as it was built
  std::size_t anchors = 0;              // how many at the end are the verifier's own: 1 when found
};

/// Served certificates are candidates in any order; nothing is fetched. Key and digest strength,
/// purposes and names are graded elsewhere, and time only chooses between paths that all work.
[[nodiscard]] Path find_path(X509_STORE* anchors, const std::vector<OwnedX509>& served,
                             SystemTime now);

}  // namespace assay::pki
