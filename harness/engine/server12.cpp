#include "harness/engine/server12.h"

#include "harness/engine/certificate_proof.h"
#include "harness/engine/hello_choice12.h"
#include "harness/engine/record_limits.h"
#include "harness/engine/server_exchange12.h"
#include "harness/wire/alert.h"
#include "harness/wire/session.h"

#include <utility>

namespace assay::engine {
namespace {

class Server12 final : public Side {
 public:
  explicit Server12(Core& core) : core_(core) {}

  [[nodiscard]] Order order() const override { return server_order12(); }

  void on_message(const Heard& heard) override {
    if (heard.type != HandshakeType::client_hello && choice_.terms.suite == nullptr) return;
    switch (heard.type) {
      case HandshakeType::client_hello:
        return on_hello(heard);
      case HandshakeType::certificate:
        return on_certificate(heard);
      case HandshakeType::client_key_exchange:
        return on_key_exchange(heard);
      case HandshakeType::certificate_verify:
        return on_certificate_verify(heard);
      case HandshakeType::finished:
        return on_finished(heard);
      default:
        return;
    }
  }

  void on_change_cipher_spec() override {
    if (choice_.terms.suite == nullptr) return;
    agree();
    core_.read_with(keys12(core_, choice_.terms, Role::client));
    core_.expect(State::finished);
  }

  void on_wish(const Wish& wish) override {
    if (wish != Wish::renegotiate) return;
    core_.say({say(HandshakeType::hello_request, [] { return Bytes(); })});
  }

 private:
  [[nodiscard]] const Config& config() const { return core_.config(); }

  void on_hello(const Heard& heard) {
    if (core_.state() == State::connected && !start_again(heard)) return;
    auto hello = core_.read_hello(heard.body());
    if (!hello) return;
    hello_ = std::move(*hello);
    core_.told().client_random = hello_.random;
    auto choice = choose12(core_, hello_);
    if (!choice) return;
    choice_ = std::move(*choice);
    core_.told().suite = choice_.terms.suite->value;
    core_.transcript().choose(choice_.terms.suite->hash);
    Bytes random = core_.chance().bytes(kRandomSize);
    // RFC 8446 §4.1.3: a server of TLS 1.3 says so where it does not speak it.
    if (config().max_version == TlsVersion::tls13) {
      mark_downgrade(random, core_.exchange().version == TlsVersion::tls12
                                 ? DowngradeMark::to_tls12
                                 : DowngradeMark::below_tls12);
    }
    core_.told().server_random = random;
    limit_records(core_, choice_.wanted);
    agree_on_heartbeat(core_, choice_.wanted);
    choice_.resumed ? say_resumption() : say_full();
  }

  /// RFC 5246 §7.2.2: refused by a warning, or followed under the keys that are there.
  bool start_again(const Heard& heard) {
    if (!config().renegotiation) {
      core_.say({say_record(ContentType::alert, {1, alert::kNoRenegotiation})});
      return false;
    }
    core_.forget_handshake();
    core_.transcript().add(heard.octets);
    master_known_ = asks_ = false;
    choice_ = {};
    session_id_.clear();
    premaster_.clear();
    exchange_ = {};
    return true;
  }

  [[nodiscard]] Bytes hello_body() {
    ServerHello hello;
    hello.legacy_version = static_cast<std::uint16_t>(core_.exchange().version);
    hello.random = core_.exchange().server_random;
    hello.legacy_session_id_echo = session_id_;
    hello.cipher_suite = choice_.terms.suite->value;
    auto& answer = hello.extensions;
    if (choice_.renegotiation_info) {
      Bytes both = core_.exchange().client_verify_data;
      append(both, core_.exchange().server_verify_data);
      answer.push_back({extension::kRenegotiationInfo, encode(RenegotiationInfo{both})});
    }
    if (choice_.terms.extended_master_secret) {
      answer.push_back({extension::kExtendedMasterSecret, {}});
    }
    if (choice_.terms.encrypt_then_mac) answer.push_back({extension::kEncryptThenMac, {}});
    if (is_ecdhe(*choice_.terms.suite) && hello_.find(extension::kEcPointFormats) != nullptr) {
      answer.push_back({extension::kEcPointFormats, encode(OctetList{{0}})});
    }
    put_answers(core_, choice_.wanted, choice_.agreement, answer);
    if (choice_.tickets) answer.push_back({extension::kSessionTicket, {}});
    if (staples()) answer.push_back({extension::kStatusRequest, {}});
    hello.without_extensions = answer.empty();
    return encode(hello);
  }

  [[nodiscard]] bool staples() const {
    return choice_.wanted.status_request && !choice_.resumed && choice_.credential != nullptr &&
           choice_.credential->identity.staple;
  }

  void say_full() {
    // RFC 5246 §7.4.1.3: an id where the session can be resumed by it.
    if (config().store && !choice_.tickets) {
      session_id_ = config().store->fresh_key(core_.chance());
    }
    Flight flight;
    flight.push_back(say(HandshakeType::server_hello, [this] { return hello_body(); }));
    flight.push_back(say(HandshakeType::certificate, [this] {
      Certificate12 message;
      for (const Bytes& each : choice_.credential->identity.chain) {
        message.certificate_list.push_back({each});
      }
      return encode(message);
    }));
    if (staples()) {
      flight.push_back(say(HandshakeType::certificate_status, [this] {
        return encode(CertificateStatus{.response = *choice_.credential->identity.staple});
      }));
    }
    if (is_ecdhe(*choice_.terms.suite) || is_dhe(*choice_.terms.suite)) {
      flight.push_back(say(HandshakeType::server_key_exchange,
                           [this] { return exchange_.body(core_, choice_); }));
    }
    asks_ = config().client_authentication != ClientAuthentication::none;
    if (asks_) {
      flight.push_back(say(HandshakeType::certificate_request, [this] { return request_body(); }));
    }
    flight.push_back(say(HandshakeType::server_hello_done, [] { return Bytes(); }));
    core_.say(std::move(flight));
    core_.expect(asks_ ? State::certificate : State::client_key_exchange);
  }

  Bytes request_body() {
    CertificateRequest12 request;
    request.certificate_types = {1, 64};  // rsa_sign, ecdsa_sign (RFC 5246 §7.4.4, RFC 8422 §5.5)
    request.supported_signature_algorithms = config().schemes;
    for (const Bytes& each : config().client_authorities) {
      request.certificate_authorities.push_back({each});
    }
    return encode(request);
  }

  void say_resumption() {
    const Session& session = *choice_.resumed;
    choice_.wanted.server_name.clear();  // RFC 6066 §3: not answered in a resumption
    // RFC 5246 §7.4.1.3: the client's id says that it is resumed.
    session_id_ = hello_.legacy_session_id;
    core_.told().master_secret = session.secret;
    core_.log_secret("CLIENT_RANDOM", session.secret);
    master_known_ = true;
    Flight flight;
    flight.push_back(say(HandshakeType::server_hello, [this] { return hello_body(); }));
    add_ticket(flight);
    add_finished12(core_, flight, choice_.terms);
    core_.say(std::move(flight));
    core_.expect(State::change_cipher_spec);
  }

  void add_ticket(Flight& flight) {
    if (!choice_.tickets) return;
    flight.push_back(say(HandshakeType::new_session_ticket, [this] {
      const NewSessionTicket12 message{7200, config().store->fresh_key(core_.chance())};
      store(message.ticket);
      return encode(message);
    }));
  }

  [[nodiscard]] std::string hello_name() const {
    return choice_.resumed ? choice_.resumed->server_name : choice_.wanted.server_name;
  }

  void store(const Bytes& key) {
    Session session;
    session.version = TlsVersion::tls12;
    session.suite = choice_.terms.suite->value;
    session.secret = core_.exchange().master_secret;
    session.extended_master_secret = choice_.terms.extended_master_secret;
    session.received = config().now();
    session.alpn = choice_.agreement.alpn;
    session.server_name = hello_name();
    config().store->put(key, std::move(session));
  }

  void on_certificate(const Heard& heard) {
    auto message = core_.read<Certificate12>(heard.body());
    if (!message) return;
    auto& chain = choice_.agreement.peer_chain;
    for (CertificateData& each : message->certificate_list) {
      chain.push_back(std::move(each.cert_data));
    }
    const bool there =
        !chain.empty() || config().client_authentication != ClientAuthentication::required;
    // RFC 5246 §7.4.6: handshake_failure, if the server will not go on without.
    if (!core_.require(there, Sin::certificate_missing, alert::kHandshakeFailure,
                       "no client certificate") ||
        !chain_is_taken(core_, chain)) {
      return;
    }
    core_.expect(State::client_key_exchange);
  }

  void on_key_exchange(const Heard& heard) {
    auto premaster = exchange_.premaster(core_, choice_, hello_.legacy_version, heard.body());
    if (!premaster) return;
    premaster_ = std::move(*premaster);
    agree();
    const bool certificate = !choice_.agreement.peer_chain.empty();
    core_.expect(certificate ? State::certificate_verify : State::change_cipher_spec);
  }

  /// Behind ClientKeyExchange, once (RFC 7627 §3); without one, of an empty premaster secret.
  void agree() {
    if (std::exchange(master_known_, true)) return;
    agree_master_secret(core_, choice_.terms, premaster_);
  }

  void on_certificate_verify(const Heard& heard) {
    const auto proof = core_.read<CertificateVerify>(heard.body());
    if (!proof) return;
    const auto key = key_of(core_, choice_.agreement.peer_chain);
    if (core_.failed() ||
        !verify_signature(core_, proof->algorithm, key, core_.transcript().messages_before_last(),
                          proof->signature)) {
      return;
    }
    core_.expect(State::change_cipher_spec);
  }

  void on_finished(const Heard& heard) {
    if (!take_finished12(core_, choice_.terms, heard)) return;
    if (!choice_.resumed) {
      if (!session_id_.empty()) store(session_id_);
      Flight flight;
      add_ticket(flight);
      add_finished12(core_, flight, choice_.terms);
      core_.say(std::move(flight));
    }
    Agreement& agreement = choice_.agreement;
    agreement.resumed = choice_.resumed.has_value();
    core_.done(agreement);
  }

  Core& core_;
  ClientHello hello_;
  HelloChoice12 choice_;
  Bytes session_id_;
  ServerExchange12 exchange_;
  Bytes premaster_;
  bool asks_ = false;
  bool master_known_ = false;
};

}  // namespace

std::unique_ptr<Side> make_server12(Core& core) { return std::make_unique<Server12>(core); }

}  // namespace assay::engine
