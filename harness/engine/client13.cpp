#include "harness/engine/client13.h"

#include "harness/engine/certificate_proof.h"
#include "harness/engine/later_request13.h"
#include "harness/engine/record_limits.h"
#include "harness/engine/server_hello13.h"
#include "harness/engine/traffic13.h"
#include "harness/wire/alert.h"
#include "harness/wire/certificate.h"

#include <algorithm>
#include <utility>

namespace assay::engine {
namespace {

class Client13 final : public Side {
 public:
  Client13(Core& core, Offer offer)
      : core_(core), offer_(std::move(offer)), early_data_sent_(offer_.early_data) {}

  [[nodiscard]] Order order() const override { return client_order13(); }

  void on_message(const Heard& heard) override {
    if (!is_ready_for(heard.type)) return;
    switch (heard.type) {
      case HandshakeType::server_hello:
        return on_hello(heard);
      case HandshakeType::encrypted_extensions:
        return on_encrypted_extensions(heard);
      case HandshakeType::certificate_request:
        return on_certificate_request(heard);
      case HandshakeType::certificate:
        return on_certificate(heard);
      case HandshakeType::certificate_verify:
        return on_certificate_verify(heard);
      case HandshakeType::finished:
        return on_finished(heard);
      case HandshakeType::new_session_ticket:
        return on_ticket(heard);
      case HandshakeType::key_update:
        return take_key_update(core_, *suite_, heard, secrets().client_application,
                               secrets().server_application);
      default:
        return;
    }
  }

  void on_wish(const Wish& wish) override {
    if (wish == Wish::renegotiate) return;  // RFC 8446 §4.1.2: there is none
    say_key_update(core_, *suite_, secrets().client_application,
                   wish == Wish::update_keys_of_both ? KeyUpdateRequest::update_requested
                                                     : KeyUpdateRequest::update_not_requested);
  }

 private:
  TrafficSecrets& secrets() { return core_.told().secrets; }

  /// An order of somebody else's may have messages come before their secrets.
  [[nodiscard]] bool is_ready_for(HandshakeType type) {
    if (type == HandshakeType::server_hello) return true;
    const bool later =
        type == HandshakeType::new_session_ticket || type == HandshakeType::key_update;
    return schedule_ && (!later || !secrets().client_application.empty());
  }

  void on_hello(const Heard& heard) {
    const auto hello = core_.read<ServerHello>(heard.body());
    if (!hello) return;
    const CipherSuite* suite =
        judge_server_hello13(core_, offer_, *hello, retried_ ? suite_ : nullptr);
    if (suite == nullptr) return;
    suite_ = suite;
    core_.told().suite = suite_->value;
    core_.transcript().choose(suite_->hash);
    if (hello->is_hello_retry_request()) return on_retry(*hello);
    if (!extensions_are_right(
            core_, offer_, hello->extensions,
            {extension::kSupportedVersions, extension::kKeyShare, extension::kPreSharedKey})) {
      return;
    }
    core_.told().server_random = hello->random;
    if (!choose_psk(*hello)) return;
    auto secret = agreed(*hello);
    if (!secret) return;
    schedule_.emplace(suite_->hash, psk_ ? View(psk_->secret) : View());
    schedule_->enter_handshake(*secret);
    derive_handshake_secrets(core_, *schedule_, core_.transcript().value());
    core_.read_with(RecordKeys::of_traffic_secret(*suite_, secrets().server_handshake));
    // Early data goes on under its own keys until the server has spoken about it.
    if (!offer_.early_data) core_.say({write_under(*suite_, secrets().client_handshake)});
    core_.expect(State::encrypted_extensions);
  }

  void on_retry(const ServerHello& hello) {
    if (!core_.require(!retried_, Sin::retry_pointless, alert::kUnexpectedMessage,
                       "a second HelloRetryRequest")) {
      return;
    }
    const auto retry = read_retry(core_, offer_, hello);
    if (!retry) return;
    retried_ = true;
    wanted_group_ = retry->group;
    core_.transcript().fold_first_hello();
    if (!amend_offer(core_, offer_, retry->group, retry->cookie)) {
      return core_.fail(alert::kIllegalParameter, "a retry for a group that cannot be computed");
    }
    Flight flight;
    if (early_data_sent_) {
      // RFC 8446 §4.1.2, §4.2.10: early data has no place in the second hello, nor its keys.
      flight.push_back(change_keys([] { return RecordKeys(); }));
    } else if (core_.config().middlebox_compatibility) {
      flight.push_back(change_cipher_spec());
    }
    flight.push_back(
        say(HandshakeType::client_hello, [this] { return write_hello(core_, offer_); }));
    core_.say(std::move(flight));
  }

  bool choose_psk(const ServerHello& hello) {
    const Extension* chosen = hello.find(extension::kPreSharedKey);
    if (chosen == nullptr) return true;
    const auto index = core_.read<Number16>(*chosen);
    if (!index) return false;
    const bool known = index->value < offer_.psks.size();
    if (!core_.require(known, Sin::psk_index, alert::kIllegalParameter,
                       "a PSK that was not offered") ||
        offer_.psks.empty()) {
      return !core_.failed();
    }
    psk_index_ = known ? index->value : 0;
    psk_ = offer_.psks[psk_index_];
    const CipherSuite* with = find_suite(psk_->suite);
    return core_.require(with != nullptr && with->hash == suite_->hash, Sin::psk_index,
                         alert::kIllegalParameter, "a PSK of another hash than the suite's");
  }

  /// The (EC)DHE secret; empty for psk_ke; nothing when the handshake has failed.
  std::optional<Bytes> agreed(const ServerHello& hello) {
    const Extension* found = hello.find(extension::kKeyShare);
    if (found == nullptr) {
      const auto& modes = core_.config().psk_modes;
      const bool alone = psk_ && std::ranges::find(modes, 0) != modes.end();
      // RFC 8446 §4.2.9, §9.2: without a share there is a PSK, and psk_ke was offered.
      if (!core_.require(alone, Sin::extension_missing, alert::kMissingExtension,
                         "no key_share in the ServerHello")) {
        return std::nullopt;
      }
      return Bytes();
    }
    const auto share = core_.read<KeyShareEntry>(*found);
    const auto& modes = core_.config().psk_modes;
    const bool with_dhe = !psk_ || std::ranges::find(modes, 1) != modes.end();
    // RFC 8446 §4.2.9: under psk_ke alone the server sends no share.
    if (!share || !core_.require(with_dhe, Sin::psk_modes, alert::kIllegalParameter,
                                 "a share where only psk_ke was offered")) {
      return std::nullopt;
    }
    core_.told().group = share->group;
    const auto own = offer_.shares.find(share->group);
    const bool asked_for = !wanted_group_ || *wanted_group_ == share->group;
    if (own == offer_.shares.end() || !asked_for) {
      core_.fail(alert::kIllegalParameter, "a share of a group that none was sent for");
      return std::nullopt;
    }
    auto secret = own->second.agree(share->key_exchange);
    if (!core_.require(secret.has_value(), Sin::key_share_invalid, alert::kIllegalParameter,
                       "a share that is no element of its group")) {
      return std::nullopt;
    }
    return secret ? std::move(*secret) : Bytes(32);
  }

  void on_encrypted_extensions(const Heard& heard) {
    const auto message = core_.read<EncryptedExtensions>(heard.body());
    if (!message) return;
    if (!extensions_are_right(
            core_, offer_, message->extensions,
            {extension::kServerName, extension::kSupportedGroups, extension::kAlpn,
             extension::kEarlyData, extension::kRecordSizeLimit, extension::kMaxFragmentLength,
             extension::kHeartbeat, extension::kEncryptedClientHello})) {
      return;
    }
    if (!take_alpn(core_, find_extension(message->extensions, extension::kAlpn), agreement_) ||
        !take_record_limits(core_, offer_, message->extensions)) {
      return;
    }
    early_data_accepted_ =
        offer_.early_data && find_extension(message->extensions, extension::kEarlyData) != nullptr;
    // RFC 8446 §4.2.10: with the first identity alone.
    if (!core_.require(!early_data_accepted_ || (psk_ && psk_index_ == 0), Sin::psk_index,
                       alert::kIllegalParameter, "early data taken without the first PSK")) {
      return;
    }
    if (offer_.early_data && !early_data_accepted_) {
      core_.say({write_under(*suite_, secrets().client_handshake)});
    }
    core_.expect(psk_ ? State::finished : State::certificate_request);
  }

  void on_certificate_request(const Heard& heard) {
    auto request = core_.read<CertificateRequest13>(heard.body());
    if (!request) return;
    if (core_.state() == State::connected) {
      // RFC 8446 §4.6.2: unexpected_message where it was not offered.
      const bool offered = offers(offer_, extension::kPostHandshakeAuth);
      if (core_.require(offered, Sin::extension_unasked, alert::kUnexpectedMessage,
                        "a CertificateRequest after the handshake") &&
          request_is_right13(core_, *request)) {
        answer_later_request13(core_, *suite_, *request, heard);
      }
      return;
    }
    // RFC 8446 §4.3.2: in the handshake its context is empty.
    if (!core_.require(request->certificate_request_context.empty(), Sin::field_malformed,
                       alert::kIllegalParameter, "a context in the handshake") ||
        !request_is_right13(core_, *request)) {
      return;
    }
    request_ = std::move(*request);
    core_.expect(State::certificate);
  }

  void on_certificate(const Heard& heard) {
    const auto message = core_.read<Certificate13>(heard.body());
    // RFC 8446 §4.4.2: for a server's the context is empty.
    if (!message ||
        !core_.require(message->certificate_request_context.empty(), Sin::field_malformed,
                       alert::kIllegalParameter, "a context that was not asked with")) {
      return;
    }
    for (const CertificateEntry& each : message->certificate_list) {
      if (!extensions_are_right(core_, offer_, each.extensions, {extension::kStatusRequest}))
        return;
      agreement_.peer_chain.push_back(each.cert_data);
    }
    if (!chain_is_there(core_, agreement_.peer_chain)) return;
    const auto& entries = message->certificate_list;
    if (!entries.empty() && !take_staple(entries.front())) return;
    core_.expect(State::certificate_verify);
  }

  bool take_staple(const CertificateEntry& leaf) {
    const Extension* found = find_extension(leaf.extensions, extension::kStatusRequest);
    if (found == nullptr) return true;
    auto status = core_.read<CertificateStatus>(*found);
    if (!status) return false;
    agreement_.stapled_ocsp = std::move(status->response);
    return true;
  }

  void on_certificate_verify(const Heard& heard) {
    if (!verify_proof13(core_, heard.body(), agreement_.peer_chain, Signer::server)) return;
    core_.expect(State::finished);
  }

  void on_finished(const Heard& heard) {
    const Bytes expected = verify_data13(suite_->hash, secrets().server_handshake,
                                         core_.transcript().value_before_last());
    if (!verify_finished(core_, heard.body(), expected)) return;
    core_.told().server_verify_data = expected;
    schedule_->enter_application();
    derive_application_secrets(core_, *schedule_, core_.transcript().value());
    core_.read_with(RecordKeys::of_traffic_secret(*suite_, secrets().server_application));
    if (core_.failed()) return;
    say_second_flight();
    secrets().resumption = schedule_->derive("res master", core_.transcript().value());
    finish();
  }

  void say_second_flight() {
    Flight flight;
    if (early_data_accepted_) {
      // RFC 8446 §4.5: under the keys of early data, the last message that is.
      flight.push_back(say(HandshakeType::end_of_early_data, [] { return Bytes(); }));
      flight.push_back(write_under(*suite_, secrets().client_handshake));
    } else if (core_.config().middlebox_compatibility && !retried_ && !early_data_sent_) {
      flight.push_back(change_cipher_spec());
    }
    if (request_) add_certificate(flight, *request_);
    flight.push_back(say(HandshakeType::finished, [this] {
      Bytes data =
          verify_data13(suite_->hash, secrets().client_handshake, core_.transcript().value());
      core_.told().client_verify_data = data;
      return data;
    }));
    flight.push_back(write_under(*suite_, secrets().client_application));
    core_.say(std::move(flight));
  }

  /// RFC 8446 §4.4.2: an empty list when there is nothing that was asked for.
  void add_certificate(Flight& flight, const CertificateRequest13& request) {
    const auto& credential = core_.config().credential;
    const auto scheme = credential ? scheme_for13(core_, request.extensions, *credential)
                                   : std::optional<std::uint16_t>();
    add_certificate13(flight, scheme ? credential.get() : nullptr,
                      request.certificate_request_context);
    if (scheme) add_proof13(core_, flight, *credential, *scheme, Signer::client);
  }

  void finish() {
    agreement_.resumed = psk_.has_value();
    core_.done(agreement_);
  }

  void on_ticket(const Heard& heard) {
    const auto ticket = core_.read<NewSessionTicket13>(heard.body());
    if (!ticket) return;
    if (!core_.require(ticket->ticket_lifetime <= kMaxTicketLifetime, Sin::ticket_lifetime,
                       alert::kIllegalParameter, "a ticket for more than a week")) {
      return;
    }
    Session session;
    session.suite = suite_->value;
    session.secret = ticket_psk(suite_->hash, secrets().resumption, ticket->ticket_nonce);
    session.ticket = ticket->ticket;
    session.age_add = ticket->ticket_age_add;
    session.lifetime = ticket->ticket_lifetime;
    session.received = core_.config().now();
    session.alpn = agreement_.alpn;
    if (const Extension* early = find_extension(ticket->extensions, extension::kEarlyData)) {
      const auto size = core_.read<MaxEarlyData>(*early);
      if (!size) return;
      session.max_early_data = size->max_early_data_size;
    }
    core_.keep(std::move(session));
  }

  Core& core_;
  Offer offer_;
  bool early_data_sent_ = false;
  const CipherSuite* suite_ = nullptr;
  std::optional<Session> psk_;
  std::optional<Schedule13> schedule_;
  std::optional<CertificateRequest13> request_;
  std::optional<std::uint16_t> wanted_group_;
  std::uint16_t psk_index_ = 0;
  bool retried_ = false;
  bool early_data_accepted_ = false;
  Agreement agreement_;
};

}  // namespace

std::unique_ptr<Side> make_client13(Core& core, Offer offer) {
  return std::make_unique<Client13>(core, std::move(offer));
}

}  // namespace assay::engine
