// Matrix: which cases a check has on a subject, and what a case lacks to be run.
#pragma once

#include "harness/check/subject.h"
#include "harness/check/verdict.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace assay {

/// Every case of `checks` on the subject's endpoints, in table order. A version that the subject
/// does not speak makes no case of a row that runs once per version.
[[nodiscard]] std::vector<Case> expand(std::span<const Check* const> checks, const Subject& subject,
                                       std::span<const Facts> facts);

/// Why a case does not apply, naming the fact or the account line that decides; nothing when it
/// does.
[[nodiscard]] std::optional<std::string> unmet_need(const Case& the_case, const Subject& subject,
                                                    std::span<const Facts> facts);

}  // namespace assay
