// Oracle: a Channel made of libssl over a small BIO of our own. It says exactly which alerts,
// close_notify and ends were seen, keeps no buffers while idle, and never reads from a socket.
// Used by dialogues and by the reference server.
#pragma once

#include "harness/channel/channel.h"
#include "harness/channel/identity.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

struct ssl_ctx_st;

namespace assay {

/// What one end offers or serves. Equal configurations can share one OracleContext.
struct OracleConfig {
  Role role = Role::client;
  TlsVersion min_version = TlsVersion::tls12;
  TlsVersion max_version = TlsVersion::tls13;
  std::string ciphers = "DEFAULT:@SECLEVEL=0";  // OpenSSL cipher list, TLS 1.2 and below
  std::string suites13;                         // empty: libssl's default
  std::string groups;                           // empty: libssl's default
  std::string signature_algorithms;             // empty: libssl's default
  bool status_request = false;                  // client: ask for a stapled OCSP response
  bool key_log = false;
  /// ALPN protocol names (RFC 7301). A client offers them in this order. A server selects the first
  /// of the client's that is among them and refuses a client that offers others alone (§3.2); with
  /// none it passes over the extension.
  std::vector<std::string> alpn;

  ServerIdentity identity;  // a client's goes to servers that ask for one; none: an empty list

  // Server.
  std::map<std::string, ServerIdentity> identities_by_name;  // by SNI; `identity` for other names
  std::size_t tickets = 1;     // TLS 1.3 session tickets after the handshake
  bool renegotiation = false;  // TLS 1.2: a client that begins again is followed
  /// DER of the authorities that are named when a certificate is asked for; empty: none is asked
  /// for. A client without one is let in, and so is one with a bad one: peer_chain tells.
  std::vector<Bytes> client_authorities;

  bool operator==(const OracleConfig&) const = default;
};

/// An SSL_CTX, made once for many channels. Throws std::runtime_error when OpenSSL refuses the
/// configuration.
class OracleContext {
 public:
  explicit OracleContext(OracleConfig config);
  ~OracleContext();
  OracleContext(const OracleContext&) = delete;
  OracleContext& operator=(const OracleContext&) = delete;

  [[nodiscard]] const OracleConfig& config() const { return config_; }
  [[nodiscard]] ssl_ctx_st* native() const { return context_; }
  /// IANA's values of the suites that the configuration names, in its order.
  [[nodiscard]] std::vector<std::uint16_t> suites() const;
  /// The context of a name that has an identity of its own, or null.
  [[nodiscard]] const OracleContext* for_name(std::string_view name) const;

 private:
  OracleConfig config_;
  std::map<std::string, std::unique_ptr<OracleContext>> by_name_;
  ssl_ctx_st* context_ = nullptr;
};

/// `sni` is sent by a client when it is not empty. The context is shared: a session may outlive its
/// listener's next configuration.
[[nodiscard]] std::unique_ptr<Channel> make_oracle(std::shared_ptr<const OracleContext> context,
                                                   std::string_view sni = {});

}  // namespace assay
