// Drives an LdapService as Session does, without sockets: messages in, messages out.
// Used by the tests of the LDAP service, of its binds and of its searches.
#pragma once

#include "reference_server/ldap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

inline constexpr std::string_view kAnnDn = "uid=ann,ou=people,dc=a,dc=test";

inline constexpr std::string_view kLdifForTests =
    "dn: dc=a,dc=test\n"
    "objectClass: top\n"
    "objectClass: domain\n"
    "dc: a\n"
    "\n"
    "dn: ou=people,dc=a,dc=test\n"
    "objectClass: organizationalUnit\n"
    "ou: people\n"
    "\n"
    "dn: uid=ann,ou=people,dc=a,dc=test\n"
    "objectClass: inetOrgPerson\n"
    "uid: ann\n"
    "cn: Ann Example\n"
    "cn;lang-de: Ann Beispiel\n"
    "sn: Example\n"
    "mail: ann@a.test\n"
    "uidNumber: 1000\n"
    "manager: UID=Bob, OU=people, DC=a, DC=test\n"
    "userPassword: secret\n"
    "createTimestamp: 20260101000000Z\n"
    "\n"
    "dn: uid=bob,ou=people,dc=a,dc=test\n"
    "objectClass: inetOrgPerson\n"
    "uid: bob\n"
    "cn: Bob (the second)\n"
    "sn: Example\n"
    "uidNumber: 200\n";

inline Directory directory_for_tests() {
  auto directory = Directory::from_ldif(kLdifForTests);
  EXPECT_TRUE(directory) << directory.error().what;
  return std::move(*directory);
}

/// Ann has an entry, eve has none.
inline Accounts ldap_accounts_for_tests() {
  Accounts accounts;
  accounts.add("ann", {.password = Secret("secret")});
  accounts.add("eve", {.password = Secret("apple")});
  return accounts;
}

inline LdapFilter filter_of(std::string_view text) { return parse_ldap_filter(text).value(); }

/// One session with a service, its input buffered until the service used it.
class LdapTalk {
 public:
  explicit LdapTalk(LdapConfig config = {}, Security security = Security::clear)
      : service(std::move(config), accounts, directory), state(service.fresh(security)) {}

  /// Sends `octets` in pieces of `piece` octets and returns what the service said to them.
  std::vector<LdapMessage> say(View octets, std::size_t piece = npos) {
    Bytes said;
    for (std::size_t at = 0; at < octets.size(); at += std::min(piece, octets.size())) {
      append(input_, octets.subspan(at, std::min(piece, octets.size() - at)));
      while (next == Step::Next::go_on && !input_.empty()) {
        const Step step = service.handle(state, input_);
        if (step.consumed == 0) {
          EXPECT_TRUE(step.output.empty());
          break;
        }
        drop_front(input_, step.consumed);
        append(said, step.output);
        next = step.next;
      }
    }
    return messages(said);
  }

  std::vector<LdapMessage> say(const LdapMessage& message) { return say(encode_ldap(message)); }

  /// The code of the one response to `op`; other where there is another number of them.
  LdapResultCode code(LdapOperation op) {
    const auto said = say({.id = 7, .op = std::move(op)});
    if (said.size() != 1 || said[0].id != 7 || result_of(said[0]) == nullptr) {
      return LdapResultCode::other;
    }
    return result_of(said[0])->code;
  }

  LdapResultCode bind(std::string_view name, std::string_view password) {
    return code(ldap_simple_bind(7, name, Secret(password)).op);
  }

  /// What Who am I says; "none" where it is refused.
  std::string who_am_i() {
    const auto said = say(ldap_extended(8, ldap::kWhoAmI));
    const auto* response =
        said.size() == 1 ? std::get_if<LdapExtendedResponse>(&said[0].op) : nullptr;
    return response == nullptr ? "none" : response->value.value_or("none");
  }

  /// What the service did not use yet.
  [[nodiscard]] View left() const { return input_; }

  Accounts accounts = ldap_accounts_for_tests();
  Directory directory = directory_for_tests();
  LdapService service;
  SessionState state;
  Step::Next next = Step::Next::go_on;

 private:
  static std::vector<LdapMessage> messages(View octets) {
    std::vector<LdapMessage> list;
    while (!octets.empty()) {
      const MessageFront front = front_message(octets, octets.size());
      const LdapDecoded decoded = decode_ldap(octets.first(front.size));
      if (!decoded) {
        ADD_FAILURE() << "not decoded: " << decoded.failed_field;
        break;
      }
      list.push_back(*decoded);
      octets = octets.subspan(front.size);
    }
    return list;
  }

  Bytes input_;
};

}  // namespace assay
