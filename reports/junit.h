// junit.xml: a suite an endpoint, a testcase a case, as CI systems read it. XML 1.0, every text a
// single legible line, so that neither a parser nor a CI log can be steered by a peer.
#pragma once

#include "reports/report.h"

#include <string>

namespace assay {

[[nodiscard]] std::string junit_xml(const RunReport& report);

}  // namespace assay
