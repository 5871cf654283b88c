// Accounts: who may log in, with which password, and which mailbox is theirs.
// Built by the composition root; read by every service that authenticates.
#pragma once

#include "harness/base/secret.h"
#include "harness/protocol/sasl.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

struct UserAccount {
  Secret password;
  std::string mailbox;  // as SmtpPath::mailbox() spells it; may be empty
};

class Accounts {
 public:
  /// Adds or replaces. Names are compared octet by octet.
  void add(std::string name, UserAccount account);

  /// In their order.
  [[nodiscard]] std::vector<std::string> names() const;
  /// Null when there is no such account.
  [[nodiscard]] const UserAccount* find(std::string_view name) const;
  /// The account that name and password open; null for a wrong one of either.
  [[nodiscard]] const UserAccount* authenticate(std::string_view name,
                                                std::string_view password) const;
  /// The account that a SASL exchange opens; null for wrong credentials, and for acting as somebody
  /// else (RFC 4616 §2), a right that nobody has here.
  [[nodiscard]] const UserAccount* admit(const SaslCredentials& given) const;

 private:
  std::map<std::string, UserAccount, std::less<>> accounts_;
};

}  // namespace assay
