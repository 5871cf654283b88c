// Posting: POST from the command to the reply behind the article (RFC 3977 §6.3.1). The article is
// taken in bulk, as much as is there. Part of NntpService; knows the store, no other command.
#pragma once

#include "harness/protocol/step.h"
#include "reference_server/news_store.h"
#include "reference_server/nntp_config.h"

#include <string>

namespace assay {

class NntpPost {
 public:
  /// Both outlive the posting.
  NntpPost(const NntpConfig& config, NewsStore& store) : config_(config), store_(store) {}

  /// Whether this session may post as it is.
  [[nodiscard]] bool permits(const SessionState& state) const;
  /// Whether it may, or could once it has logged in: 200 or 201 in a greeting.
  [[nodiscard]] bool may_come_to_permit() const;

  /// POST was read: its reply; an article follows after a 340.
  [[nodiscard]] std::string begin(SessionState& state) const;
  /// The next octets of the article.
  [[nodiscard]] Step take(SessionState& state, View input) const;

 private:
  [[nodiscard]] std::string file(Bytes article) const;
  [[nodiscard]] std::string new_message_id() const;

  const NntpConfig& config_;
  NewsStore& store_;
};

}  // namespace assay
