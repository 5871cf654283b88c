#include "reference_server/accounts.h"

#include <utility>

namespace assay {

void Accounts::add(std::string name, UserAccount account) {
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

const UserAccount* Accounts::authenticate(std::string_view name, std::string_view password) const {
  const UserAccount* account = find(name);
  return account != nullptr && account->password.matches(password) ? account : nullptr;
}

const UserAccount* Accounts::admit(const SaslCredentials& given) const {
  const bool as_oneself = given.authzid.empty() || given.authzid == given.authcid;
  return as_oneself ? authenticate(given.authcid, given.password.reveal()) : nullptr;
}

}  // namespace assay
