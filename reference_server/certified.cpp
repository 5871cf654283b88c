#include "reference_server/certified.h"

#include "harness/pki/client_names.h"
#include "harness/protocol/smtp_address.h"

#include <set>

namespace assay {

std::string CertifiedUsers::user_of(const std::vector<Bytes>& chain, SystemTime now) const {
  if (chain.empty()) return {};
  if (!judge_.judge({.chain = chain, .now = now, .by_client = true}).trusted()) return {};
  const ClientNames names = client_names(chain.front());
  std::set<std::string> users;
  for (const std::string& name : names.common_names) {
    if (accounts_.find(name) != nullptr) users.insert(name);
  }
  for (const std::string& text : names.mailboxes) {
    const auto path = parse_mailbox(text);
    const std::string user = path ? accounts_.owner_of(path->mailbox()) : std::string();
    if (!user.empty()) users.insert(user);
  }
  // RFC 4422 App. A: EXTERNAL says who the client is; two answers are none.
  return users.size() == 1 ? *users.begin() : std::string();
}

}  // namespace assay
