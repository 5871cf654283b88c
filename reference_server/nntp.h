// NntpService: the NNTP face of the reference server (RFC 3977, 4642, 4643, 8143). Ordinary clients
// read and post news with it; what is posted is there for readers.
// Driven by Session and by fuzzers.
#pragma once

#include "harness/protocol/nntp.h"
#include "reference_server/accounts.h"
#include "reference_server/news_store.h"
#include "reference_server/nntp_config.h"
#include "reference_server/nntp_lists.h"
#include "reference_server/nntp_login.h"
#include "reference_server/nntp_post.h"
#include "reference_server/nntp_reader.h"
#include "reference_server/service.h"

#include <optional>
#include <string>

namespace assay {

class NntpService : public Service {
 public:
  /// Store and accounts outlive the service.
  NntpService(NntpConfig config, const Accounts& accounts, NewsStore& store);
  // Its parts look into this object's configuration, so it stays where it is.
  NntpService(const NntpService&) = delete;
  NntpService& operator=(const NntpService&) = delete;

  [[nodiscard]] SessionState fresh(Security security) const override;
  [[nodiscard]] Bytes greeting(const SessionState& state) const override;
  /// Acts on a command line, a line of a SASL exchange, or all of an article that is there. One
  /// reply a command; consumed == 0: the line is not whole yet.
  [[nodiscard]] Step handle(SessionState& state, View input) const override;
  [[nodiscard]] bool receiving_content(const SessionState& state) const override;
  /// Empty for an idle session, which ends without a word (RFC 3977 §3.1).
  [[nodiscard]] Bytes farewell(Farewell why) const override;

 private:
  [[nodiscard]] Step take_line(SessionState& state, View input) const;
  [[nodiscard]] Step run_line(SessionState& state, View line) const;
  [[nodiscard]] Step overlong(SessionState& state, bool hopeless) const;
  [[nodiscard]] Step counted(SessionState& state, Step step) const;

  [[nodiscard]] Step run(SessionState& state, const NntpCommand& command) const;
  [[nodiscard]] Bytes read(SessionState& state, const NntpCommand& command) const;
  [[nodiscard]] std::string answer(SessionState& state, const NntpCommand& command) const;
  [[nodiscard]] std::string capabilities(const SessionState& state,
                                         const NntpCommand& command) const;
  [[nodiscard]] Step mode(SessionState& state, const NntpCommand& command) const;
  [[nodiscard]] Step starttls(const SessionState& state) const;
  [[nodiscard]] std::string posting_line() const;
  /// Why the verb is not to be had in this state, as a reply; nothing when it is.
  [[nodiscard]] std::optional<std::string> barred(const SessionState& state, NntpVerb verb) const;

  NntpConfig config_;
  NntpLogin login_;
  NntpReader reader_;
  NntpLists lists_;
  NntpPost post_;
};

}  // namespace assay
