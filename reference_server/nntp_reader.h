// Reading: the commands that choose groups and articles and show them (RFC 3977 §6.1, §6.2), and
// those that show fields of articles (§8). Part of NntpService; knows the store and the selection.
#pragma once

#include "harness/protocol/nntp.h"
#include "reference_server/news_store.h"
#include "reference_server/nntp_config.h"

#include <tl/expected.hpp>

#include <functional>
#include <span>
#include <string>

namespace assay {

class NntpReader {
 public:
  /// Both outlive the reader.
  NntpReader(const NntpConfig& config, const NewsStore& store) : config_(config), store_(store) {}

  /// GROUP and LISTGROUP.
  [[nodiscard]] Bytes select(SessionState& state, const NntpCommand& command) const;
  /// NEXT and LAST.
  [[nodiscard]] Bytes move(SessionState& state, const NntpCommand& command) const;
  /// ARTICLE, HEAD, BODY and STAT.
  [[nodiscard]] Bytes show(SessionState& state, const NntpCommand& command) const;
  [[nodiscard]] Bytes over(const SessionState& state, const NntpCommand& command) const;
  [[nodiscard]] Bytes hdr(const SessionState& state, const NntpCommand& command) const;

 private:
  /// An article and the number that a reply gives for it; 0 where it was asked for by message-id.
  struct Found {
    const NewsArticle* article = nullptr;
    std::uint64_t number = 0;
  };
  using Field = std::function<std::string(const NewsArticle&)>;

  /// The one article that a selector without a range points at, or the reply that says why not.
  [[nodiscard]] tl::expected<Found, Bytes> find(const SessionState& state,
                                                const NntpSelector& selector) const;
  /// `listing`, an initial line, and the block with `field` of each article that `argument` selects
  /// (the current one where it is empty), number and `separator` in front.
  [[nodiscard]] Bytes list_fields(const SessionState& state, std::span<const std::string> argument,
                                  Bytes listing, char separator, const Field& field) const;

  const NntpConfig& config_;
  const NewsStore& store_;
};

}  // namespace assay
