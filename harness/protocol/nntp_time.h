// Times as NNTP writes them (RFC 3977 §7.1, §7.3), always UTC.
// Used by the service for DATE, NEWGROUPS, NEWNEWS and the Date of an article.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

/// "19990623135624" (RFC 3977 §7.1.2).
[[nodiscard]] std::string nntp_timestamp(std::chrono::sys_seconds time);
/// "Wed, 23 Jun 1999 13:56:24 +0000" (RFC 5322 §3.3).
[[nodiscard]] std::string article_date(std::chrono::sys_seconds time);

/// `date` is yymmdd or yyyymmdd, `time` is hhmmss; a year of two digits is the latest that is not
/// after the year of `now` (RFC 3977 §7.3.2).
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_nntp_time(std::string_view date,
                                                                      std::string_view time,
                                                                      std::chrono::sys_seconds now);

}  // namespace assay
