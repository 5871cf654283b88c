#include "reference_server/serve_file.h"

#include "harness/base/printable.h"
#include "harness/check/config_file.h"
#include "harness/pki/judge.h"
#include "harness/pki/pem.h"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <array>
#include <stdexcept>
#include <utility>

namespace assay {
namespace {

namespace fs = std::filesystem;
using Listeners = tl::expected<std::vector<ListenerSpec>, std::string>;

constexpr std::array kProtocols = {Protocol::smtp, Protocol::pop3, Protocol::nntp, Protocol::ldap};
constexpr auto kFileKeys = std::to_array<std::string_view>({"smtp", "pop3", "nntp", "ldap"});
constexpr auto kProtocolKeys =
    std::to_array<std::string_view>({"auth", "certificate", "key", "listener"});
constexpr auto kListenerKeys = std::to_array<std::string_view>({"address", "port", "access"});
constexpr auto kAccesses = std::to_array<std::string_view>({"upgrade", "implicit", "clear"});

bool is_address(const std::string& text) {
  in6_addr octets{};
  return ::inet_pton(AF_INET, text.c_str(), &octets) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), &octets) == 1;
}

Access access_of(std::string_view word) {
  if (word == "implicit") return Access::implicit;
  return word == "clear" ? Access::clear : Access::upgrade;
}

/// The private key of a file, as PKCS#8; the error says what is wrong with it.
tl::expected<Key, std::string> load_key(const fs::path& path) {
  auto text = read_config_file(path, Privacy::secret);
  if (!text) return tl::make_unexpected(std::move(text.error()));
  try {
    Key key = Key::from_pem(*text);
    wipe(*text);
    return key;
  } catch (const std::runtime_error&) {  // a file that is none is the user's mistake, not ours
    wipe(*text);
    return tl::make_unexpected(fmt::format("{} holds no private key in PEM without a passphrase",
                                           printable(path.native())));
  }
}

/// What `certificate` and `key` name; nothing where they are absent, or after a mistake.
std::optional<ServerIdentity> identity_in(ConfigReader& reader, const fs::path& directory) {
  const std::string certificate = reader.text("certificate");
  const std::string key_file = reader.text("key");
  if (reader.has("certificate") != reader.has("key")) {
    const bool has_key = reader.has("key");
    reader.refuse(has_key ? "key" : "certificate", has_key
                                                       ? "`key` needs a `certificate` beside it"
                                                       : "`certificate` needs a `key` beside it");
  }
  if (!reader.error().empty() || !reader.has("key")) return std::nullopt;
  const fs::path path = directory / certificate;
  const auto text = read_config_file(path, Privacy::open);
  if (!text) {
    reader.refuse("certificate", text.error());
    return std::nullopt;
  }
  ServerIdentity identity{.chain = certificates_from_pem(*text)};
  const Bytes leaf_key = identity.chain.empty() ? Bytes() : public_key_of(identity.chain.front());
  if (leaf_key.empty()) {
    reader.refuse("certificate",
                  fmt::format("{} holds no certificate in PEM", printable(path.native())));
    return std::nullopt;
  }
  for (const Bytes& der : identity.chain) {
    if (public_key_of(der).empty())
      reader.refuse("certificate",
                    fmt::format("{} holds what is no certificate", printable(path.native())));
  }
  const auto key = load_key(directory / key_file);
  if (!key) {
    reader.refuse("key", key.error());
    return std::nullopt;
  }
  if (key->public_der() != leaf_key) {
    reader.refuse("key", "`key` is not that of the first certificate");
    return std::nullopt;
  }
  identity.private_key = key->private_der();
  return identity;
}

ListenerSpec listener_in(const ConfigTable& table, std::string_view file, std::string& error) {
  ConfigReader reader(table, file, kListenerKeys);
  ListenerSpec listener;
  if (reader.has("address")) {
    listener.address.host = reader.text("address");
    if (!is_address(listener.address.host))
      reader.refuse("address", "`address` must be an IPv4 or IPv6 address, as \"127.0.0.1\"");
  }
  if (const auto port = reader.count("port", 65535))
    listener.address.port = static_cast<std::uint16_t>(*port);
  listener.access = access_of(reader.word("access", kAccesses));
  error = reader.error();
  return listener;
}

/// Adds the listeners of one protocol; the error, or nothing.
std::string add_protocol(std::vector<ListenerSpec>& to, Protocol protocol, const ConfigTable& table,
                         std::string_view file, const fs::path& directory) {
  ConfigReader reader(table, file, kProtocolKeys);
  std::optional<AuthLevel> auth;
  if (reader.has("auth")) auth = auth_level_named(reader.word("auth", kAuthLevelNames));
  const std::optional<ServerIdentity> identity = identity_in(reader, directory);
  const auto* listeners = reader.tables("listener");
  if (listeners == nullptr || listeners->empty()) {
    reader.refuse("listener",
                  fmt::format("no listener: [[{}.listener]] begins one", name_of(protocol)));
  }
  if (!reader.error().empty()) return reader.error();
  for (const ConfigTable& each : *listeners) {
    std::string error;
    ListenerSpec listener = listener_in(each, file, error);
    if (!error.empty()) return error;
    listener.protocol = protocol;
    listener.auth = auth;
    listener.identity = identity;
    to.push_back(std::move(listener));
  }
  return {};
}

Listeners listeners_in(const ConfigTable& table, std::string_view file, const fs::path& directory) {
  ConfigReader reader(table, file, kFileKeys);
  std::vector<ListenerSpec> listeners;
  for (const Protocol protocol : kProtocols) {
    const std::string_view name = name_of(protocol);
    if (!reader.has(name)) continue;
    const auto* tables = reader.tables(name);
    if (tables != nullptr && tables->size() != 1)
      reader.refuse(name,
                    fmt::format("one table [{}], with a [[{}.listener]] for each", name, name));
    if (tables == nullptr || !reader.error().empty()) break;
    std::string error = add_protocol(listeners, protocol, tables->front(), file, directory);
    if (!error.empty()) return tl::make_unexpected(std::move(error));
  }
  if (reader.error().empty() && listeners.empty())
    reader.refuse("", "no protocol: [smtp], [pop3], [nntp] or [ldap] begins one");
  if (!reader.error().empty()) return tl::make_unexpected(reader.error());
  return listeners;
}

}  // namespace

Listeners load_listeners(const fs::path& path) {
  const auto table = load_config(path, Privacy::open);
  if (!table) return tl::make_unexpected(table.error());
  return listeners_in(*table, path.native(), path.parent_path());
}

Listeners parse_listeners(std::string_view text, std::string_view file, const fs::path& directory) {
  const auto table = parse_config(text, file, Privacy::open);
  if (!table) return tl::make_unexpected(table.error());
  return listeners_in(*table, file, directory);
}

}  // namespace assay
