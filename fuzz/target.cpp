#include "fuzz/target.h"

#include <cstdio>
#include <cstdlib>

namespace assay::fuzz {

void require(bool holds, std::string_view what) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: not so: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

}  // namespace assay::fuzz
