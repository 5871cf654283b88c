#include "harness/engine/client12.h"

#include "harness/crypto/finite_field.h"
#include "harness/crypto/rsa_transport.h"
#include "harness/engine/certificate_proof.h"
#include "harness/engine/client_start.h"
#include "harness/engine/keys12.h"
#include "harness/engine/server_hello12.h"
#include "harness/engine/shares.h"
#include "harness/wire/alert.h"
#include "harness/wire/key_exchange.h"
#include "harness/wire/session.h"

#include <algorithm>
#include <utility>

namespace assay::engine {
namespace {

// RFC 7919 §4, RFC 9325 §4.1: less than 2048 bits is too little.
constexpr std::size_t kSmallestPrime = 256;

/// The client's half of a key exchange: what it sends and what both know then.
struct Agreed {
  Bytes message;
  Bytes premaster;
};

class Client12 final : public Side {
 public:
  Client12(Core& core, Offer offer) : core_(core), offer_(std::move(offer)) {}

  [[nodiscard]] Order order() const override { return client_order12(); }

  void on_message(const Heard& heard) override {
    if (heard.type != HandshakeType::server_hello && hello_.terms.suite == nullptr) return;
    switch (heard.type) {
      case HandshakeType::server_hello:
        return on_hello(heard);
      case HandshakeType::certificate:
        return on_certificate(heard);
      case HandshakeType::certificate_status:
        return on_certificate_status(heard);
      case HandshakeType::server_key_exchange:
        return on_key_exchange(heard);
      case HandshakeType::certificate_request:
        return on_certificate_request(heard);
      case HandshakeType::server_hello_done:
        return on_hello_done(heard);
      case HandshakeType::new_session_ticket:
        return on_ticket(heard);
      case HandshakeType::finished:
        return on_finished(heard);
      case HandshakeType::hello_request:
        return on_hello_request();
      default:
        return;
    }
  }

  void on_change_cipher_spec() override {
    if (hello_.terms.suite == nullptr) return;
    core_.read_with(keys12(core_, hello_.terms, Role::server));
    core_.expect(State::finished);
  }

  void on_wish(const Wish& wish) override {
    if (wish == Wish::renegotiate) start_again();
  }

 private:
  void on_hello(const Heard& heard) {
    if (!read_server_hello12(core_, offer_, heard.body(), hello_)) return;
    core_.transcript().choose(hello_.terms.suite->hash);
    if (hello_.resumed) {
      core_.told().master_secret = offer_.session12->secret;
      core_.log_secret("CLIENT_RANDOM", core_.exchange().master_secret);
      return core_.expect(behind_hello_done());
    }
    core_.expect(State::certificate);
  }

  [[nodiscard]] State behind_hello_done() const {
    return hello_.ticket_promised ? State::new_session_ticket : State::change_cipher_spec;
  }
  [[nodiscard]] bool needs_key_exchange() const {
    return is_ecdhe(*hello_.terms.suite) || is_dhe(*hello_.terms.suite);
  }

  void on_certificate(const Heard& heard) {
    auto message = core_.read<Certificate12>(heard.body());
    if (!message) return;
    for (CertificateData& each : message->certificate_list) {
      hello_.agreement.peer_chain.push_back(std::move(each.cert_data));
    }
    if (!chain_is_there(core_, hello_.agreement.peer_chain)) return;
    key_ = key_of(core_, hello_.agreement.peer_chain);
    // RFC 5246 §7.4.2: a key for the suite's kind of authentication.
    const bool suits = !key_ || suits_key(*hello_.terms.suite, *key_);
    if (core_.failed() ||
        !core_.require(suits, Sin::certificate_key, alert::kUnsupportedCertificate,
                       "a certificate whose key is not the suite's")) {
      return;
    }
    if (hello_.status_promised) return core_.expect(State::certificate_status);
    core_.expect(behind_certificate());
  }

  [[nodiscard]] State behind_certificate() const {
    return needs_key_exchange() ? State::server_key_exchange : State::certificate_request;
  }

  void on_certificate_status(const Heard& heard) {
    auto status = core_.read<CertificateStatus>(heard.body());
    if (!status) return;
    hello_.agreement.stapled_ocsp = std::move(status->response);
    core_.expect(behind_certificate());
  }

  void on_key_exchange(const Heard& heard) {
    if (!needs_key_exchange()) {
      return core_.fail(alert::kUnexpectedMessage, "a ServerKeyExchange of a suite without one");
    }
    agreed_ = is_ecdhe(*hello_.terms.suite) ? over_curve(heard.body()) : over_field(heard.body());
    if (agreed_) core_.expect(State::certificate_request);
  }

  std::optional<Agreed> over_curve(View body) {
    const auto message = core_.read<ServerKeyExchange<EcdhParams>>(body);
    if (!message || !params_are_signed(*message)) return std::nullopt;
    const std::uint16_t group = message->params.named_curve;
    const auto& offered = core_.config().groups;
    if (!core_.require(std::ranges::find(offered, group) != offered.end(), Sin::group_not_offered,
                       alert::kIllegalParameter, "a curve that was not offered")) {
      return std::nullopt;
    }
    core_.told().group = group;
    const auto share = new_share(core_.config(), group);
    if (!share) {
      core_.fail(alert::kIllegalParameter, "a curve that cannot be computed");
      return std::nullopt;
    }
    auto secret = share->agree(message->params.public_point);
    // RFC 8422 §5.11.
    if (!core_.require(secret.has_value(), Sin::key_share_invalid, alert::kIllegalParameter,
                       "a point that is not on its curve")) {
      return std::nullopt;
    }
    return Agreed{encode(EcdhPublic{bytes_of(share->share())}),
                  secret ? std::move(*secret) : Bytes(32)};
  }

  std::optional<Agreed> over_field(View body) {
    const auto message = core_.read<ServerKeyExchange<DhParams>>(body);
    if (!message || !params_are_signed(*message)) return std::nullopt;
    const auto& params = message->params;
    if (!core_.require(params.dh_p.size() >= kSmallestPrime, Sin::dh_small,
                       alert::kInsufficientSecurity, "a prime of less than 2048 bits")) {
      return std::nullopt;
    }
    const auto key = FiniteFieldKey::generate({params.dh_p, params.dh_g});
    auto secret = key ? key->agree_stripped(params.dh_ys) : std::optional<Bytes>();
    if (!secret) {
      core_.fail(alert::kIllegalParameter, "a public value outside its field");
      return std::nullopt;
    }
    return Agreed{encode(LongPublic{bytes_of(key->share())}), std::move(*secret)};
  }

  template <typename Params>
  bool params_are_signed(const ServerKeyExchange<Params>& message) {
    return verify_signature(core_, message.algorithm, key_,
                            signed_params(core_.exchange(), encode(message.params)),
                            message.signature);
  }

  bool key_exchange_came() {
    if (!needs_key_exchange() || agreed_) return true;
    core_.fail(alert::kUnexpectedMessage, "no ServerKeyExchange");
    return false;
  }

  void on_certificate_request(const Heard& heard) {
    if (!key_exchange_came()) return;
    request_ = core_.read<CertificateRequest12>(heard.body());
    if (request_) core_.expect(State::server_hello_done);
  }

  void on_hello_done(const Heard& heard) {
    if (!key_exchange_came() ||
        !core_.require(heard.body().empty(), Sin::trailing_data, alert::kDecodeError,
                       "a ServerHelloDone that is not empty")) {
      return;
    }
    if (!agreed_) agreed_ = by_transport();
    if (!agreed_) return;
    if (core_.config().emission.key_exchange) {
      core_.config().emission.key_exchange(agreed_->message, agreed_->premaster, core_.exchange());
    }
    say_second_flight();
    core_.expect(behind_hello_done());
  }

  /// RFC 5246 §7.4.7.1: the version that was offered and 46 octets of chance.
  std::optional<Agreed> by_transport() {
    Bytes premaster;
    put_u16(premaster, offer_.hello.legacy_version);
    append(premaster, core_.chance().bytes(46));
    const auto encrypted = key_ ? rsa_encrypt_pkcs1(*key_, premaster) : std::optional<Bytes>();
    if (!core_.require(encrypted.has_value(), Sin::certificate_key, alert::kUnsupportedCertificate,
                       "a key that cannot transport a secret")) {
      return std::nullopt;
    }
    return Agreed{encode(LongPublic{encrypted.value_or(Bytes())}), premaster};
  }

  void say_second_flight() {
    Flight flight;
    const auto& credential = core_.config().credential;
    const auto scheme = request_ && credential
                            ? scheme_for(core_.config(), request_->supported_signature_algorithms,
                                         *credential, TlsVersion::tls12)
                            : std::optional<std::uint16_t>();
    if (request_) {
      flight.push_back(say(HandshakeType::certificate, [&] {
        // RFC 5246 §7.4.6: an empty list when there is nothing fit.
        Certificate12 message;
        if (!scheme) return encode(message);
        for (const Bytes& each : credential->identity.chain) {
          message.certificate_list.push_back({each});
        }
        return encode(message);
      }));
    }
    flight.push_back(say(HandshakeType::client_key_exchange, [&] { return agreed_->message; }));
    if (scheme) {
      flight.push_back(say(HandshakeType::certificate_verify, [&] {
        agree();
        return proof_body(*credential, *scheme, core_.transcript().messages());
      }));
    }
    flight.push_back(turn([&] { agree(); }));
    add_finished12(core_, flight, hello_.terms);
    core_.say(std::move(flight));
  }

  /// Once, behind ClientKeyExchange: RFC 7627 §3 has the session hash end there.
  void agree() {
    if (std::exchange(master_known_, true)) return;
    agree_master_secret(core_, hello_.terms, agreed_->premaster);
  }

  void on_ticket(const Heard& heard) {
    ticket_ = core_.read<NewSessionTicket12>(heard.body());
    if (ticket_) core_.expect(State::change_cipher_spec);
  }

  void on_finished(const Heard& heard) {
    if (!take_finished12(core_, hello_.terms, heard)) return;
    if (hello_.resumed) {
      Flight flight;
      add_finished12(core_, flight, hello_.terms);
      core_.say(std::move(flight));
    }
    keep_session();
    Agreement& agreement = hello_.agreement;
    agreement.resumed = hello_.resumed;
    core_.done(agreement);
  }

  void keep_session() {
    const bool by_ticket = ticket_ && !ticket_->ticket.empty();
    if (!by_ticket && (hello_.session_id.empty() || hello_.resumed)) return;
    Session session;
    session.version = TlsVersion::tls12;
    session.suite = hello_.terms.suite->value;
    session.secret = core_.exchange().master_secret;
    if (by_ticket) session.ticket = ticket_->ticket;
    session.session_id = hello_.session_id;
    session.lifetime = ticket_ ? ticket_->ticket_lifetime_hint : 0;
    session.received = core_.config().now();
    session.extended_master_secret = hello_.terms.extended_master_secret;
    session.alpn = hello_.agreement.alpn;
    core_.keep(std::move(session));
  }

  void on_hello_request() {
    if (core_.state() != State::connected) return;  // RFC 5246 §7.4.1.1
    if (core_.config().renegotiation) return start_again();
    // RFC 5246 §7.2.2: a warning, and the connection goes on.
    core_.say({say_record(ContentType::alert, {1, alert::kNoRenegotiation})});
  }

  void start_again() { core_.start_again(make_client_start(core_)); }

  Core& core_;
  Offer offer_;
  ServerHello12 hello_;
  std::optional<PublicKey> key_;
  std::optional<Agreed> agreed_;
  std::optional<CertificateRequest12> request_;
  std::optional<NewSessionTicket12> ticket_;
  bool master_known_ = false;
};

}  // namespace

std::unique_ptr<Side> make_client12(Core& core, Offer offer) {
  return std::make_unique<Client12>(core, std::move(offer));
}

}  // namespace assay::engine
