#include "harness/engine/server13.h"

#include "harness/engine/certificate_proof.h"
#include "harness/engine/hello_choice13.h"
#include "harness/engine/record_limits.h"
#include "harness/engine/shares.h"
#include "harness/engine/traffic13.h"
#include "harness/wire/alert.h"

#include <algorithm>
#include <utility>

namespace assay::engine {
namespace {

// Early data under a ticket that is not known may be of any size that some server once granted;
// protection adds to each record.
std::size_t refused_early_data(const Config& config) {
  constexpr std::size_t kAtLeast = 0x10000;
  return std::max<std::size_t>(kAtLeast, std::size_t{2} * config.max_early_data);
}

class Server13 final : public Side {
 public:
  explicit Server13(Core& core) : core_(core) {}

  [[nodiscard]] Order order() const override { return server_order13(); }

  void on_message(const Heard& heard) override {
    // An order of somebody else's may have messages come before their secrets.
    if (heard.type != HandshakeType::client_hello && !schedule_) return;
    switch (heard.type) {
      case HandshakeType::client_hello:
        return on_hello(heard);
      case HandshakeType::end_of_early_data:
        return on_end_of_early_data(heard);
      case HandshakeType::certificate:
        return on_certificate(heard);
      case HandshakeType::certificate_verify:
        return on_certificate_verify(heard);
      case HandshakeType::finished:
        return on_finished(heard);
      case HandshakeType::key_update:
        return take_key_update(core_, *choice_.suite, heard, secrets().server_application,
                               secrets().client_application);
      default:
        return;
    }
  }

  void on_wish(const Wish& wish) override {
    if (wish == Wish::renegotiate) return;  // RFC 8446 §4.1.2: there is none
    say_key_update(core_, *choice_.suite, secrets().server_application,
                   wish == Wish::update_keys_of_both ? KeyUpdateRequest::update_requested
                                                     : KeyUpdateRequest::update_not_requested);
  }

 private:
  TrafficSecrets& secrets() { return core_.told().secrets; }
  [[nodiscard]] const Config& config() const { return core_.config(); }

  void on_hello(const Heard& heard) {
    auto hello = core_.read_hello(heard.body());
    if (!hello || (retry_ && !second_hello_is_right(core_, *retry_, *hello))) return;
    auto choice = choose13(core_, *hello, retry_ ? choice_.group : std::nullopt);
    if (!choice) return;
    hello_ = std::move(*hello);
    choice_ = std::move(*choice);
    const bool share_lacks = choice_.group && choice_.share() == nullptr;
    const bool retries = choice_.group && !retry_ && (share_lacks || config().retry_always);
    retries ? say_retry() : answer();
  }

  void say_retry() {
    retry_.emplace(SaidRetry{hello_, choice_.group, {}});
    // RFC 8446 §4.2.8: a group whose share is there cannot be asked for: then the cookie alone.
    if (choice_.share() != nullptr) retry_->group.reset();
    if (config().retry_with_cookie) retry_->cookie = core_.chance().bytes(32);
    core_.transcript().fold_first_hello();
    if (hello_.find(extension::kEarlyData) != nullptr)
      core_.pass_over(refused_early_data(config()));
    Flight flight;
    flight.push_back(say(HandshakeType::server_hello, [this] {
      ServerHello hello = hello_base();
      hello.random = hello_retry_random();
      if (retry_->group) {
        hello.extensions.push_back({extension::kKeyShare, encode(Number16{*retry_->group})});
      }
      if (retry_->cookie) {
        hello.extensions.push_back({extension::kCookie, encode(Cookie{*retry_->cookie})});
      }
      return encode(hello);
    }));
    if (!hello_.legacy_session_id.empty()) flight.push_back(change_cipher_spec());
    core_.say(std::move(flight));
    core_.expect(State::second_client_hello);
  }

  [[nodiscard]] ServerHello hello_base() const {
    ServerHello hello;
    hello.legacy_session_id_echo = hello_.legacy_session_id;
    hello.cipher_suite = choice_.suite->value;
    hello.extensions.push_back({extension::kSupportedVersions, encode(Number16{0x0304})});
    return hello;
  }

  void answer() {
    std::optional<AnsweredShare> agreed;
    if (choice_.group) {
      if (const KeyShareEntry* share = choice_.share()) {
        agreed = new_answer(config(), *choice_.group, share->key_exchange);
      }
      if (!core_.require(agreed.has_value(), Sin::key_share_invalid, alert::kIllegalParameter,
                         "a share that is no element of its group")) {
        return;
      }
      // An end that takes any share has zeros for a secret, and some share of its own.
      if (!agreed)
        agreed = AnsweredShare{bytes_of(KeyShare::generate(*choice_.group)->share()), Bytes(32)};
      core_.told().group = *choice_.group;
    }
    const auto& psk = choice_.psk;
    schedule_.emplace(choice_.suite->hash, psk ? View(psk->session.secret) : View());
    decide_early_data();
    core_.told().server_random = core_.chance().bytes(kRandomSize);
    say_flight(agreed);
  }

  /// RFC 8446 §4.2.10: the first identity, the same suite and the same protocol, and no retry.
  void decide_early_data() {
    if (hello_.find(extension::kEarlyData) == nullptr) return;
    const auto& psk = choice_.psk;
    early_data_ = psk && psk->index == 0 && !retry_ && psk->session.max_early_data > 0 &&
                  psk->session.suite == choice_.suite->value &&
                  psk->session.alpn == choice_.agreement.alpn;
    if (!early_data_) return core_.pass_over(refused_early_data(config()));
    core_.limit_early_data(psk->session.max_early_data);
    secrets().client_early = schedule_->derive("c e traffic", core_.transcript().value());
    core_.log_secret("CLIENT_EARLY_TRAFFIC_SECRET", secrets().client_early);
  }

  void say_flight(const std::optional<AnsweredShare>& agreed) {
    limit_records(core_, choice_.wanted);
    agree_on_heartbeat(core_, choice_.wanted);
    Flight flight;
    flight.push_back(say(HandshakeType::server_hello, [this, &agreed] {
      ServerHello hello = hello_base();
      hello.random = core_.exchange().server_random;
      if (agreed) {
        hello.extensions.push_back(
            {extension::kKeyShare, encode(KeyShareEntry{*choice_.group, agreed->share})});
      }
      if (choice_.psk) {
        hello.extensions.push_back(
            {extension::kPreSharedKey, encode(Number16{choice_.psk->index})});
      }
      return encode(hello);
    }));
    // RFC 8446 §D.4: for a client that wants it to look like TLS 1.2.
    if (!hello_.legacy_session_id.empty() && !retry_) flight.push_back(change_cipher_spec());
    flight.push_back(change_keys([this, &agreed] {
      schedule_->enter_handshake(agreed ? View(agreed->secret) : View());
      derive_handshake_secrets(core_, *schedule_, core_.transcript().value());
      return RecordKeys::of_traffic_secret(*choice_.suite, secrets().server_handshake);
    }));
    flight.push_back(say(HandshakeType::encrypted_extensions, [this] { return extensions(); }));
    if (!choice_.psk && !add_identity(flight)) return;
    flight.push_back(say(HandshakeType::finished, [this] {
      Bytes data = verify_data13(choice_.suite->hash, secrets().server_handshake,
                                 core_.transcript().value());
      core_.told().server_verify_data = data;
      return data;
    }));
    flight.push_back(change_keys([this] {
      schedule_->enter_application();
      derive_application_secrets(core_, *schedule_, core_.transcript().value());
      return RecordKeys::of_traffic_secret(*choice_.suite, secrets().server_application);
    }));
    core_.say(std::move(flight));
    await_client();
  }

  Bytes extensions() {
    EncryptedExtensions message;
    put_answers(core_, choice_.wanted, choice_.agreement, message.extensions);
    if (early_data_) message.extensions.push_back({extension::kEarlyData, {}});
    return encode(message);
  }

  bool add_identity(Flight& flight) {
    const Credential* credential = credential_for(config(), choice_.wanted.server_name);
    const auto scheme = credential == nullptr ? std::optional<std::uint16_t>()
                                              : scheme_for(config(), choice_.wanted.schemes,
                                                           *credential, TlsVersion::tls13);
    if (!scheme) {
      core_.fail(alert::kHandshakeFailure, "no certificate for the schemes that were offered");
      return false;
    }
    asks_ = config().client_authentication != ClientAuthentication::none;
    if (asks_) {
      flight.push_back(
          say(HandshakeType::certificate_request, [this] { return certificate_request({}); }));
    }
    add_certificate13(flight, credential, {},
                      choice_.wanted.status_request ? credential->identity.staple : std::nullopt);
    add_proof13(core_, flight, *credential, *scheme, Signer::server);
    return true;
  }

  Bytes certificate_request(Bytes context) {
    CertificateRequest13 request{std::move(context), {}};
    request.extensions.push_back(
        {extension::kSignatureAlgorithms, encode(NumberList{config().schemes})});
    if (!config().client_authorities.empty()) {
      CertificateAuthorities list;
      for (const Bytes& each : config().client_authorities) list.authorities.push_back({each});
      request.extensions.push_back({extension::kCertificateAuthorities, encode(list)});
    }
    return encode(request);
  }

  void await_client() {
    const Bytes& secret = early_data_ ? secrets().client_early : secrets().client_handshake;
    core_.read_with(RecordKeys::of_traffic_secret(*choice_.suite, secret));
    core_.expect(early_data_ ? State::end_of_early_data : behind_early_data());
  }

  [[nodiscard]] State behind_early_data() const {
    return asks_ ? State::certificate : State::finished;
  }

  void on_end_of_early_data(const Heard& heard) {
    if (!core_.require(heard.body().empty(), Sin::trailing_data, alert::kDecodeError,
                       "an EndOfEarlyData that is not empty")) {
      return;
    }
    core_.read_with(RecordKeys::of_traffic_secret(*choice_.suite, secrets().client_handshake));
    core_.expect(behind_early_data());
  }

  void on_certificate(const Heard& heard) {
    const auto message = core_.read<Certificate13>(heard.body());
    // RFC 8446 §4.4.2: the context is the request's.
    if (!message ||
        !core_.require(message->certificate_request_context.empty(), Sin::field_malformed,
                       alert::kIllegalParameter, "a context that was not asked with")) {
      return;
    }
    for (const CertificateEntry& each : message->certificate_list) {
      // RFC 8446 §4.4.2: extensions correspond to those of the request, and it asks for none here.
      if (!core_.require(each.extensions.empty(), Sin::extension_unasked,
                         alert::kUnsupportedExtension, "an extension of a client's certificate")) {
        return;
      }
      choice_.agreement.peer_chain.push_back(each.cert_data);
    }
    const bool there = !choice_.agreement.peer_chain.empty() ||
                       config().client_authentication != ClientAuthentication::required;
    // RFC 8446 §4.4.2.4.
    if (!core_.require(there, Sin::certificate_missing, alert::kCertificateRequired,
                       "no client certificate") ||
        !chain_is_taken(core_, choice_.agreement.peer_chain)) {
      return;
    }
    core_.expect(choice_.agreement.peer_chain.empty() ? State::finished
                                                      : State::certificate_verify);
  }

  void on_certificate_verify(const Heard& heard) {
    if (!verify_proof13(core_, heard.body(), choice_.agreement.peer_chain, Signer::client)) return;
    core_.expect(State::finished);
  }

  void on_finished(const Heard& heard) {
    const Bytes expected = verify_data13(choice_.suite->hash, secrets().client_handshake,
                                         core_.transcript().value_before_last());
    if (!verify_finished(core_, heard.body(), expected)) return;
    core_.told().client_verify_data = expected;
    core_.read_with(RecordKeys::of_traffic_secret(*choice_.suite, secrets().client_application));
    if (core_.failed()) return;
    secrets().resumption = schedule_->derive("res master", core_.transcript().value());
    choice_.agreement.resumed = choice_.psk.has_value();
    core_.done(choice_.agreement);
    say_tickets();
  }

  /// RFC 8446 §4.6.1: each with a nonce of its own, to be used where psk_dhe_ke or psk_ke is known.
  void say_tickets() {
    if (!config().store || hello_.find(extension::kPskKeyExchangeModes) == nullptr) return;
    Flight flight;
    for (std::size_t i = 0; i < config().tickets; ++i) {
      flight.push_back(say(HandshakeType::new_session_ticket, [this, i] {
        NewSessionTicket13 ticket{
            .ticket_lifetime = 7200,
            .ticket_age_add = static_cast<std::uint32_t>(core_.chance().next()),
            .ticket_nonce = {static_cast<std::uint8_t>(i)},
            .ticket = config().store->fresh_key(core_.chance()),
            .extensions = {}};
        if (config().max_early_data > 0) {
          ticket.extensions.push_back(
              {extension::kEarlyData, encode(MaxEarlyData{config().max_early_data})});
        }
        store(ticket);
        return encode(ticket);
      }));
    }
    core_.say(std::move(flight));
  }

  void store(const NewSessionTicket13& ticket) {
    Session session;
    session.suite = choice_.suite->value;
    session.secret = ticket_psk(choice_.suite->hash, secrets().resumption, ticket.ticket_nonce);
    session.ticket = ticket.ticket;
    session.age_add = ticket.ticket_age_add;
    session.lifetime = ticket.ticket_lifetime;
    session.max_early_data = config().max_early_data;
    session.received = config().now();
    session.alpn = choice_.agreement.alpn;
    config().store->put(ticket.ticket, std::move(session));
  }

  Core& core_;
  ClientHello hello_;
  HelloChoice13 choice_;
  std::optional<SaidRetry> retry_;
  std::optional<Schedule13> schedule_;
  bool asks_ = false;
  bool early_data_ = false;
};

}  // namespace

std::unique_ptr<Side> make_server13(Core& core) { return std::make_unique<Server13>(core); }

}  // namespace assay::engine
