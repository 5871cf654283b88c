// The reviewed table of which checks each fault turns red, as it was when this binary was built.
#pragma once

#include <string_view>

namespace assay::suites {

[[nodiscard]] std::string_view reviewed_fault_matrix();

}  // namespace assay::suites
