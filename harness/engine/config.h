// What one end of the engine offers or serves, and how it is wrong if it is. One configuration
// serves many connections. Used by checks, by the reference peers and by tests.
#pragma once

#include "harness/channel/identity.h"
#include "harness/channel/sins.h"
#include "harness/crypto/asymmetric_key.h"
#include "harness/engine/hooks.h"
#include "harness/engine/order.h"
#include "harness/engine/session.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace assay::engine {

enum class ClientAuthentication { none, requested, required };

/// An identity whose key is read: once, not once a connection.
struct Credential {
  explicit Credential(ServerIdentity of);

  ServerIdentity identity;
  PrivateKey key;
};

/// In order of preference; the engine can do all of them.
[[nodiscard]] std::vector<std::uint16_t> default_suites();
[[nodiscard]] std::vector<std::uint16_t> default_groups();
[[nodiscard]] std::vector<std::uint16_t> default_schemes();

/// RFC 8446 §9.3 and the extensions that TLS 1.2 has had since.
struct Config {
  Role role = Role::client;
  TlsVersion min_version = TlsVersion::tls12;
  TlsVersion max_version = TlsVersion::tls13;
  std::vector<std::uint16_t> suites = default_suites();
  std::vector<std::uint16_t> groups = default_groups();
  std::vector<std::uint16_t> schemes = default_schemes();
  std::vector<std::string> alpn;
  bool extended_master_secret = true;              // RFC 7627
  bool encrypt_then_mac = true;                    // RFC 7366
  std::optional<std::uint16_t> record_size_limit;  // RFC 8449
  /// RFC 6066 §4: what a client asks for, 1 to 4; a server that has any gives what is asked for.
  std::optional<std::uint8_t> max_fragment_length;
  std::shared_ptr<const Credential> credential;  // a client's goes to servers that ask
  /// The alert that refuses a peer's chain, its first certificate first; empty: none is refused.
  std::function<std::optional<std::uint8_t>(const std::vector<Bytes>&)> verify_peer;
  bool key_log = false;
  std::uint64_t seed = 0;  // of randoms and labels, never of keys; 0: the system's
  std::map<std::uint16_t, Bytes> private_keys;  // by group, for published traces; else fresh ones
  std::chrono::system_clock::time_point (*now)() = std::chrono::system_clock::now;

  // Client.
  std::size_t shares = 1;  // how many of `groups`, from the first, come with a share at once
  std::string server_name;
  bool status_request = false;
  bool middlebox_compatibility = true;  // RFC 8446 §D.4
  bool grease = false;                  // RFC 8701, and of ECH (RFC 9849 §6.2)
  bool tickets_wanted = true;           // TLS 1.2: an empty session_ticket (RFC 5077)
  bool post_handshake_authentication = false;
  std::vector<std::uint8_t> psk_modes = {1};  // psk_dhe_ke; psk_ke is 0
  std::vector<Session> sessions;              // offered, the first first
  Bytes early_data;  // sent with the hello where the first session grants it

  // Server.
  std::map<std::string, std::shared_ptr<const Credential>> credentials_by_name;  // by SNI
  ClientAuthentication client_authentication = ClientAuthentication::none;
  std::vector<Bytes> client_authorities;  // subjects, DER
  std::size_t tickets = 1;
  std::uint32_t max_early_data = 0;
  std::shared_ptr<SessionStore> store;  // shared: by all connections of a server
  std::vector<Session> external_psks;
  std::size_t identities_tried = 32;  // of the offered PSKs, from the first
  bool retry_always = false;          // a HelloRetryRequest though there was a share
  bool retry_with_cookie = false;
  bool renegotiation = false;  // TLS 1.2, both roles: followed, not refused
  bool heartbeat = false;      // RFC 6520: agreed to, and requests are answered

  // How it is wrong.
  Sins tolerated;
  Emission emission;
  Reception reception;
  Order order13;  // empty: the role's own
  Order order12;
};

}  // namespace assay::engine
