// Target: a URL on the command line, as an endpoint: scheme, host, port, the name to be proved.
#pragma once

#include "harness/check/subject.h"

#include <tl/expected.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// smtp, smtps, submission, submissions; `host:port` by the port table (25, 465, 587). The error is
/// one line that says what is wrong and how it would be right.
[[nodiscard]] tl::expected<Endpoint, std::string> parse_target(std::string_view url);

/// Endpoints of one host are one subject, in the order in which they were given.
[[nodiscard]] std::vector<Subject> group_by_host(std::span<const Endpoint> endpoints);

/// Whether traffic to this host stays on this machine: 127/8, ::1, localhost.
[[nodiscard]] bool is_loopback(std::string_view host);

}  // namespace assay
