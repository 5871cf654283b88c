#include "reference_server/accounts.h"

#include "harness/crypto/kdf.h"

#include <utility>

namespace assay {
namespace {

constexpr std::size_t kSaltSize = 16;

bool as_oneself(const SaslCredentials& given) {
  return given.authzid.empty() || given.authzid == given.authcid;
}

}  // namespace

void Accounts::add(std::string name, UserAccount account) {
  scram_.erase(name);
  accounts_.insert_or_assign(std::move(name), std::move(account));
}

std::vector<std::string> Accounts::names() const {
  std::vector<std::string> names;
  for (const auto& entry : accounts_) names.push_back(entry.first);
  return names;
}

const UserAccount* Accounts::find(std::string_view name) const {
  const auto found = accounts_.find(name);
  return found == accounts_.end() ? nullptr : &found->second;
}

std::string Accounts::owner_of(std::string_view mailbox) const {
  for (const auto& [name, account] : accounts_) {
    if (!account.mailbox.empty() && account.mailbox == mailbox) return name;
  }
  return {};
}

const UserAccount* Accounts::authenticate(std::string_view name, std::string_view password) const {
  const UserAccount* account = find(name);
  return account != nullptr && account->password.matches(password) ? account : nullptr;
}

const UserAccount* Accounts::admit(const SaslCredentials& given) const {
  return as_oneself(given) ? authenticate(given.authcid, given.password.reveal()) : nullptr;
}

const UserAccount* Accounts::admit_proven(const SaslCredentials& given) const {
  return as_oneself(given) ? find(given.authcid) : nullptr;
}

const Secret* Accounts::password_of(std::string_view user) const {
  const UserAccount* account = find(user);
  return account == nullptr ? nullptr : &account->password;
}

ScramSalt Accounts::scram_salt(std::string_view user) const {
  // RFC 5802 §5.1, §9: made of the name, so that one who is nobody has a salt as well, and the same
  // one each time.
  Bytes octets = hmac(Hash::sha256, view_of(salting_.reveal()), view_of(user));
  octets.resize(kSaltSize);
  return {.octets = std::move(octets)};
}

const ScramKeys* Accounts::scram_keys(std::string_view user) const {
  const UserAccount* account = find(user);
  if (account == nullptr) return nullptr;
  const auto known = scram_.find(user);
  if (known != scram_.end()) return &known->second;
  ScramKeys keys = assay::scram_keys(account->password.reveal(), scram_salt(user));
  return &scram_.emplace(user, std::move(keys)).first->second;
}

}  // namespace assay
