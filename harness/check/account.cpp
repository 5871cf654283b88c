#include "harness/check/account.h"

#include "harness/check/config_file.h"

#include <array>
#include <utility>

namespace assay {
namespace {

constexpr auto kKeys = std::to_array<std::string_view>({
    "user",
    "password",
    "bind_dn",
    "base_dn",
    "group",
    "sink",
    "sink_read",
    "role",
    "tls_required",
    "auth_tls_only",
    "no_tls_config",
    "client_cert",
    "client_key",
    "names",
    "handshake_budget_seconds",
});

constexpr std::size_t kLongestHandshakeSeconds = 24UL * 60 * 60;

std::optional<ServerRole> role_in(ConfigReader& reader) {
  std::vector<std::string_view> roles;
  for (int i = 0; i <= static_cast<int>(ServerRole::directory); ++i) {
    roles.push_back(name_of(static_cast<ServerRole>(i)));
  }
  return role_named(reader.word("role", roles));
}

AccountFile filled(ConfigReader& reader) {
  AccountFile file;
  Account& account = file.account;
  account.user = reader.text("user");
  std::string password = reader.text("password");
  account.password = Secret(password);
  wipe(password);
  account.bind_dn = reader.text("bind_dn");
  account.sink = reader.text("sink");
  account.role = role_in(reader);
  account.tls_required = reader.flag("tls_required");
  account.auth_tls_only = reader.flag("auth_tls_only");
  account.no_tls_config = reader.flag("no_tls_config");
  account.names = reader.texts("names");
  if (const auto seconds = reader.count("handshake_budget_seconds", kLongestHandshakeSeconds)) {
    account.handshake_budget = std::chrono::seconds(*seconds);
  }
  file.sink_read = reader.text("sink_read");
  file.base_dn = reader.text("base_dn");
  file.account.group = reader.text("group");
  file.client_cert = reader.text("client_cert");
  file.client_key = reader.text("client_key");

  if (reader.has("user") && !reader.has("password")) {
    reader.refuse("user", "`user` needs a `password` beside it");
  }
  if (reader.has("client_cert") != reader.has("client_key")) {
    const bool has_cert = reader.has("client_cert");
    reader.refuse(has_cert ? "client_cert" : "client_key",
                  has_cert ? "`client_cert` needs a `client_key` beside it"
                           : "`client_key` needs a `client_cert` beside it");
  }
  return file;
}

tl::expected<AccountFile, std::string> read(tl::expected<ConfigTable, std::string> table,
                                            std::string_view file) {
  if (!table) return tl::make_unexpected(std::move(table.error()));
  ConfigReader reader(*table, file, kKeys);
  AccountFile account = filled(reader);
  wipe(*table);
  if (!reader.error().empty()) return tl::make_unexpected(reader.error());
  return account;
}

}  // namespace

tl::expected<AccountFile, std::string> load_account(const std::filesystem::path& path) {
  return read(load_config(path, Privacy::secret), path.native());
}

tl::expected<AccountFile, std::string> parse_account(std::string_view text, std::string_view file) {
  return read(parse_config(text, file, Privacy::secret), file);
}

}  // namespace assay
