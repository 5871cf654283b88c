// What stands behind the listeners of a server: accounts, mail, news and a directory, and the
// service that a listener has. Used by Server alone.
#pragma once

#include "harness/base/entropy.h"
#include "reference_server/accounts.h"
#include "reference_server/directory.h"
#include "reference_server/news_store.h"
#include "reference_server/server.h"
#include "reference_server/service.h"
#include "reference_server/store.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace assay {

struct Holdings {
  Accounts accounts{Secret(Entropy(system_seed()).word(20))};
  Store mail;
  NewsStore news;
  Directory directory;
};

/// The group that every server carries; posts are taken there.
inline constexpr std::string_view kNewsGroup = "assay.test";

/// The name of an account's entry in the directory of a domain.
[[nodiscard]] std::string entry_name(std::string_view domain, std::string_view account);
/// An entry for each name, "uid=NAME,ou=people,dc=assay,dc=test", below the first domain. A name of
/// letters, digits, dots and dashes; std::invalid_argument for one that does not fit into a DN as
/// it is.
[[nodiscard]] Directory directory_of(std::string_view domain, std::span<const std::string> names);

/// The service of a listener, as the server is configured. `holdings` outlives it.
[[nodiscard]] std::unique_ptr<Service> make_service(const ServerConfig& config,
                                                    const ListenerSpec& listener,
                                                    Holdings& holdings);

}  // namespace assay
