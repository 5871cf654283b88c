// The name that clients under test are sent to: whether it leads to our servers. Used by `assay
// client`.
#pragma once

#include <optional>
#include <string>

namespace assay {

/// What is wrong with it, in one line, and what to do about it; nothing for a name that leads to
/// 127.0.0.1 and nowhere else. Asks the system's resolver, but not for names under localhost.
[[nodiscard]] std::optional<std::string> trouble_with_host(const std::string& host);

}  // namespace assay
