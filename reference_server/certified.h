// Whom a client's certificate proves among the accounts of a server: the door to SASL EXTERNAL.
// Made by Server for its listeners; asked once a handshake.
#pragma once

#include "harness/pki/judge.h"
#include "reference_server/accounts.h"

#include <string>
#include <vector>

namespace assay {

class CertifiedUsers {
 public:
  /// `anchors` are DER: whose clients are trusted. `accounts` outlives this.
  CertifiedUsers(const std::vector<Bytes>& anchors, const Accounts& accounts)
      : judge_(anchors), accounts_(accounts) {}

  /// The one account that the leaf names by a common name or, in an rfc822Name, by its mailbox;
  /// empty for a chain that is no trusted client's at `now`, and where it names none or several.
  [[nodiscard]] std::string user_of(const std::vector<Bytes>& chain, SystemTime now) const;

 private:
  ChainJudge judge_;
  const Accounts& accounts_;
};

}  // namespace assay
