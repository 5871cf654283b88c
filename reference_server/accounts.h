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

class Accounts final : public SaslSecrets {
 public:
  /// Salts are made of `salting`: a word that clients do not know, new in each process.
  explicit Accounts(Secret salting = {}) : salting_(std::move(salting)) {}

  /// Adds or replaces. Names are compared octet by octet.
  void add(std::string name, UserAccount account);

  /// In their order.
  [[nodiscard]] std::vector<std::string> names() const;
  /// Null when there is no such account.
  [[nodiscard]] const UserAccount* find(std::string_view name) const;
  /// The name of the account with that mailbox, spelt as there; empty when there is none.
  [[nodiscard]] std::string owner_of(std::string_view mailbox) const;
  /// The account that name and password open; null for a wrong one of either.
  [[nodiscard]] const UserAccount* authenticate(std::string_view name,
                                                std::string_view password) const;
  /// The account that a SASL exchange opens; null for wrong credentials, and for acting as somebody
  /// else (RFC 4616 §2), a right that nobody has here.
  [[nodiscard]] const UserAccount* admit(const SaslCredentials& given) const;
  /// The same where the exchange itself has shown who it is, so that there is no password.
  [[nodiscard]] const UserAccount* admit_proven(const SaslCredentials& given) const;

  [[nodiscard]] const Secret* password_of(std::string_view user) const override;
  [[nodiscard]] ScramSalt scram_salt(std::string_view user) const override;
  /// Derived when first asked for, then kept.
  [[nodiscard]] const ScramKeys* scram_keys(std::string_view user) const override;

 private:
  std::map<std::string, UserAccount, std::less<>> accounts_;
  Secret salting_;
  // A cache: what it holds follows from the accounts, of which there is one entry each at most.
  mutable std::map<std::string, ScramKeys, std::less<>> scram_;
};

}  // namespace assay
