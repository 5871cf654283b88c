// The SSL_CTX side of Oracle: versions, suites, certificate, stapling.
#include "harness/channel/oracle.h"
#include "harness/channel/oracle_session.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <stdexcept>

namespace assay {
namespace {

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* what) const {
    Free(what);
  }
};
using CertificatePtr = std::unique_ptr<X509, Freer<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;

void require(bool ok, std::string_view what) {
  if (ok) return;
  char text[256];
  ERR_error_string_n(ERR_peek_last_error(), text, sizeof text);
  ERR_clear_error();
  throw std::runtime_error(fmt::format("OpenSSL refuses {}: {}", what, text));
}

CertificatePtr parse_certificate(const Bytes& der) {
  const unsigned char* at = der.data();
  CertificatePtr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  require(certificate != nullptr, "a certificate");
  return certificate;
}

void use_identity(SSL_CTX* context, const ServerIdentity& config) {
  const unsigned char* at = config.private_key.data();
  const KeyPtr key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(config.private_key.size())));
  require(key != nullptr, "the private key");
  const CertificatePtr first = parse_certificate(config.chain.front());
  if (X509_check_private_key(first.get(), key.get()) != 1) {
    // Chains in a wrong order are served on purpose. The parsed encoding stays as it was, so the
    // peer sees the foreign certificate; only libssl's idea of its key changes.
    ERR_clear_error();
    require(X509_set_pubkey(first.get(), key.get()) == 1, "a key that is not the certificate's");
  }
  require(SSL_CTX_use_certificate(context, first.get()) == 1, "the certificate");
  require(SSL_CTX_use_PrivateKey(context, key.get()) == 1, "the private key");
  for (std::size_t i = 1; i < config.chain.size(); ++i) {
    require(SSL_CTX_add1_chain_cert(context, parse_certificate(config.chain[i]).get()) == 1,
            "the chain");
  }
}

/// RFC 8446 §4.3.2, RFC 5246 §7.4.4: asked for, not demanded, whatever comes: it is judged above.
void ask_for_certificate(SSL_CTX* context, const std::vector<Bytes>& authorities) {
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
  for (const Bytes& der : authorities) {
    require(SSL_CTX_add_client_CA(context, parse_certificate(der).get()) == 1, "an authority");
  }
  // A ticket keeps the leaf and loses what leads from it to an authority: nobody resumes.
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context, 0);
}

int staple(SSL* ssl, void* argument) {
  const auto& response = *static_cast<const std::optional<Bytes>*>(argument);
  if (!response) return SSL_TLSEXT_ERR_NOACK;
  auto* copy = static_cast<unsigned char*>(OPENSSL_memdup(response->data(), response->size()));
  if (copy == nullptr) return SSL_TLSEXT_ERR_ALERT_FATAL;
  SSL_set_tlsext_status_ocsp_resp(ssl, copy, static_cast<long>(response->size()));
  return SSL_TLSEXT_ERR_OK;
}

/// ProtocolNameList without its length (RFC 7301 §3.1).
Bytes protocol_name_list(const std::vector<std::string>& names) {
  Bytes list;
  for (const std::string& name : names) {
    list.push_back(static_cast<std::uint8_t>(name.size()));
    append(list, name);
  }
  return list;
}

int select_alpn(SSL* /*ssl*/, const unsigned char** selected, unsigned char* size,
                const unsigned char* offered, unsigned int offered_size, void* argument) {
  const auto& ours = *static_cast<const std::vector<std::string>*>(argument);
  const View list(offered, offered_size);
  for (std::size_t at = 0; at < list.size(); at += 1UL + list[at]) {
    const View name = list.subspan(at + 1, list[at]);
    if (std::ranges::find(ours, text_of(name)) == ours.end()) continue;
    *selected = name.data();
    *size = list[at];
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;  // libssl makes it no_application_protocol
}

// RFC 6066 §3: a name without an identity of its own gets the default one, and no alert.
int choose_identity(SSL* ssl, int* /*alert*/, void* argument) {
  const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  if (name == nullptr) return SSL_TLSEXT_ERR_NOACK;
  const auto* named = static_cast<const OracleContext*>(argument)->for_name(name);
  if (named != nullptr) SSL_set_SSL_CTX(ssl, named->native());
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

OracleContext::OracleContext(OracleConfig config) : config_(std::move(config)) {
  const bool client = config_.role == Role::client;
  std::unique_ptr<SSL_CTX, Freer<SSL_CTX_free>> owned(
      SSL_CTX_new(client ? TLS_client_method() : TLS_server_method()));
  SSL_CTX* context = owned.get();
  require(context != nullptr, "a context");
  // What the peer presents is judged by harness/pki and recorded; it never ends our own handshake.
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_clear_options(context, SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 |
                                     SSL_OP_NO_TLSv1_2 | SSL_OP_NO_TLSv1_3);
  require(SSL_CTX_set_min_proto_version(context, static_cast<int>(config_.min_version)) == 1 &&
              SSL_CTX_set_max_proto_version(context, static_cast<int>(config_.max_version)) == 1,
          "the versions");
  require(SSL_CTX_set_cipher_list(context, config_.ciphers.c_str()) == 1, "the cipher list");
  if (!config_.suites13.empty()) {
    require(SSL_CTX_set_ciphersuites(context, config_.suites13.c_str()) == 1, "the TLS 1.3 suites");
  }
  if (!config_.groups.empty()) {
    require(SSL_CTX_set1_groups_list(context, config_.groups.c_str()) == 1, "the groups");
  }
  if (!config_.signature_algorithms.empty()) {
    require(SSL_CTX_set1_sigalgs_list(context, config_.signature_algorithms.c_str()) == 1,
            "the signature algorithms");
  }
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_LEGACY_SERVER_CONNECT);
  if (config_.renegotiation) {
    SSL_CTX_clear_options(context, SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_options(context, SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
  }
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(context, 100L * 1024);
  SSL_CTX_set_num_tickets(context, config_.tickets);
  if (!config_.identity.chain.empty()) use_identity(context, config_.identity);
  if (client) {
    if (config_.status_request) SSL_CTX_set_tlsext_status_type(context, TLSEXT_STATUSTYPE_ocsp);
    const Bytes names = protocol_name_list(config_.alpn);
    require(names.empty() || SSL_CTX_set_alpn_protos(context, names.data(),
                                                     static_cast<unsigned>(names.size())) == 0,
            "the ALPN protocol names");
  } else {
    SSL_CTX_set_dh_auto(context, 1);
    if (!config_.alpn.empty()) SSL_CTX_set_alpn_select_cb(context, select_alpn, &config_.alpn);
    if (!config_.client_authorities.empty()) {
      ask_for_certificate(context, config_.client_authorities);
    }
    SSL_CTX_callback_ctrl(context, SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB,
                          reinterpret_cast<void (*)()>(staple));
    SSL_CTX_set_tlsext_status_arg(context, &config_.identity.staple);
    for (const auto& [name, identity] : config_.identities_by_name) {
      OracleConfig named = config_;
      named.identity = identity;
      named.identities_by_name.clear();
      by_name_.emplace(name, std::make_unique<OracleContext>(std::move(named)));
    }
    if (!by_name_.empty()) {
      SSL_CTX_callback_ctrl(context, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB,
                            reinterpret_cast<void (*)()>(choose_identity));
      SSL_CTX_set_tlsext_servername_arg(context, this);
    }
  }
  watch_messages(context, config_.key_log);
  context_ = owned.release();
}

OracleContext::~OracleContext() { SSL_CTX_free(context_); }

std::vector<std::uint16_t> OracleContext::suites() const {
  std::vector<std::uint16_t> values;
  STACK_OF(SSL_CIPHER)* const ciphers = SSL_CTX_get_ciphers(context_);
  for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i) {
    values.push_back(
        static_cast<std::uint16_t>(SSL_CIPHER_get_protocol_id(sk_SSL_CIPHER_value(ciphers, i))));
  }
  return values;
}

const OracleContext* OracleContext::for_name(std::string_view name) const {
  const auto found = by_name_.find(std::string(name));
  return found == by_name_.end() ? nullptr : found->second.get();
}

}  // namespace assay
