// Lists: LIST with its variants, NEWGROUPS and NEWNEWS (RFC 3977 §7.3, §7.4, §7.6, §8.4, §8.6).
// Part of NntpService; knows the store, no session.
#pragma once

#include "harness/protocol/nntp.h"
#include "reference_server/news_store.h"
#include "reference_server/nntp_config.h"

#include <string>
#include <string_view>

namespace assay {

class NntpLists {
 public:
  /// Both outlive the lists.
  NntpLists(const NntpConfig& config, const NewsStore& store) : config_(config), store_(store) {}

  [[nodiscard]] std::string list(const NntpCommand& command) const;
  [[nodiscard]] std::string newgroups(const NntpCommand& command) const;
  [[nodiscard]] std::string newnews(const NntpCommand& command) const;

 private:
  const NntpConfig& config_;
  const NewsStore& store_;
};

/// The arguments of the LIST capability: a keyword for each variant (RFC 3977 §3.3.2).
inline constexpr std::string_view kListVariants =
    "ACTIVE ACTIVE.TIMES HEADERS NEWSGROUPS OVERVIEW.FMT";

}  // namespace assay
