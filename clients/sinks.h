// Sinks of real servers: where the mail that a subject accepted is read back, as the account file's
// `sink_read` names it.
#pragma once

#include "harness/check/subject.h"

#include <tl/expected.hpp>

#include <memory>
#include <string>

namespace assay {

/// `maildir:PATH` reads PATH/new and PATH/cur; `listen:PORT` takes on 127.0.0.1:PORT what the
/// subject delivers by SMTP. The error says what is wrong with the word.
[[nodiscard]] tl::expected<std::shared_ptr<Sink>, std::string> open_sink(
    Loop& loop, std::string_view sink_read);

}  // namespace assay
