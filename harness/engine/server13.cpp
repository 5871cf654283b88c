#include "harness/engine/server13.h"

#include "harness/crypto/key_exchange.h"
#include "harness/engine/certificate_proof.h"
#include "harness/engine/choice.h"
#include "harness/engine/psk_choice.h"
#include "harness/engine/traffic13.h"
#include "harness/wire/alert.h"

#include <algorithm>
#include <utility>

namespace assay::engine {
namespace {

// Early data under a ticket that is not known may be of any size that some server once granted.
constexpr std::size_t kRefusedEarlyData = 0x10000;

class Server13 final : public Side {
 public:
  explicit Server13(Core& core) : core_(core) {}

  [[nodiscard]] Order order() const override { return server_order13(); }

  void on_message(const Heard& heard) override {
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
        return take_key_update(core_, *suite_, heard, secrets().server_application,
                               secrets().client_application);
      default:
        return;
    }
  }

  void on_wish(const Wish& wish) override {
    if (wish == Wish::renegotiate) return;  // RFC 8446 §4.1.2: there is none
    say_key_update(core_, *suite_, secrets().server_application,
                   wish == Wish::update_keys_of_both ? KeyUpdateRequest::update_requested
                                                     : KeyUpdateRequest::update_not_requested);
  }

 private:
  TrafficSecrets& secrets() { return core_.told().secrets; }
  [[nodiscard]] const Config& config() const { return core_.config(); }

  void on_hello(const Heard& heard) {
    auto hello = core_.read<ClientHello>(heard.body());
    if (!hello || !compression_is_right(*hello)) return;
    if (retried_ && !second_is_right(*hello)) return;
    auto wanted = read_wanted(core_, *hello);
    if (!wanted) return;
    wanted_ = std::move(*wanted);
    hello_ = std::move(*hello);
    if (!choose_suite() || !read_shares()) return;
    auto psk = choose_psk(core_, hello_, *suite_);
    if (!psk) return;
    psk_ = std::move(*psk);
    if (!extensions_are_there() || !choose_alpn(core_, wanted_, agreement_)) return;
    const bool needs_share = !psk_ || psk_->with_dhe;
    if (needs_share && !choose_group()) return;
    if (needs_share && !share_of(*group_) && !retried_) return say_retry();
    if (needs_share && config().retry_always && !retried_) return say_retry();
    answer(needs_share);
  }

  bool compression_is_right(const ClientHello& hello) {
    // RFC 8446 §4.1.2: exactly one octet, zero.
    return core_.require(hello.legacy_compression_methods == Bytes{0}, Sin::compression_offered,
                         alert::kIllegalParameter, "compression methods other than null");
  }

  bool choose_suite() {
    std::vector<std::uint16_t> ours;
    for (const std::uint16_t each : config().suites) {
      const CipherSuite* suite = find_suite(each);
      if (suite != nullptr && suite->tls13) ours.push_back(each);
    }
    auto chosen = first_common(ours, hello_.cipher_suites);
    if (!chosen && config().tolerated.has(Sin::suite_not_offered)) chosen = ours.front();
    if (!chosen) {
      core_.fail(alert::kHandshakeFailure, "no suite in common");
      return false;
    }
    suite_ = find_suite(*chosen);
    core_.told().suite = *chosen;
    core_.transcript().choose(suite_->hash);
    return true;
  }

  bool read_shares() {
    shares_.clear();
    const Extension* found = hello_.find(extension::kKeyShare);
    if (found == nullptr) return true;
    auto list = core_.read<KeyShareList>(*found);
    if (!list) return false;
    shares_ = std::move(list->client_shares);
    std::vector<std::uint16_t> seen;
    for (const KeyShareEntry& each : shares_) {
      const bool fresh = std::ranges::find(seen, each.group) == seen.end();
      const bool listed = std::ranges::find(wanted_.groups, each.group) != wanted_.groups.end();
      // RFC 8446 §4.2.8: one a group, and of the groups that are supported.
      if (!core_.require(fresh && listed, Sin::key_share_repeated, alert::kIllegalParameter,
                         "a share twice, or of a group that is not supported")) {
        return false;
      }
      seen.push_back(each.group);
    }
    return true;
  }

  /// RFC 8446 §9.2: what has to be there, unless a PSK stands in for it.
  bool extensions_are_there() {
    const bool shares = hello_.find(extension::kKeyShare) != nullptr;
    // RFC 8446 §9.2: neither of the two comes without the other.
    const bool both_or_none = shares == wanted_.groups_sent;
    const bool agreed = psk_ || (wanted_.schemes_sent && wanted_.groups_sent);
    return core_.require(both_or_none && agreed, Sin::extension_missing, alert::kMissingExtension,
                         "a hello without groups, shares or signature schemes");
  }

  const KeyShareEntry* share_of(std::uint16_t group) const {
    const auto found = std::ranges::find(shares_, group, &KeyShareEntry::group);
    return found == shares_.end() ? nullptr : &*found;
  }

  bool choose_group() {
    if (retried_) return group_.has_value();
    // One round trip is worth more than preference.
    for (const std::uint16_t each : config().groups) {
      if (share_of(each) == nullptr) continue;
      group_ = each;
      return true;
    }
    group_ = first_common(config().groups, wanted_.groups);
    if (!group_) core_.fail(alert::kHandshakeFailure, "no group in common");
    return group_.has_value();
  }

  void say_retry() {
    retried_ = true;
    first_hello_ = hello_;
    if (config().retry_with_cookie) cookie_ = core_.chance().bytes(32);
    core_.transcript().fold_first_hello();
    if (hello_.find(extension::kEarlyData) != nullptr) core_.pass_over(kRefusedEarlyData);
    Flight flight;
    flight.push_back(say(HandshakeType::server_hello, [this] {
      ServerHello retry = hello_base();
      retry.random = hello_retry_random();
      // A group whose share is there cannot be asked for (RFC 8446 §4.2.8): then the cookie alone.
      if (!share_of(*group_)) {
        retry.extensions.push_back({extension::kKeyShare, encode(Number16{*group_})});
      }
      if (cookie_) retry.extensions.push_back({extension::kCookie, encode(Cookie{*cookie_})});
      return encode(retry);
    }));
    if (!hello_.legacy_session_id.empty()) flight.push_back(change_cipher_spec());
    core_.say(std::move(flight));
    core_.expect(State::second_client_hello);
  }

  /// RFC 8446 §4.1.2: the second hello differs by what was asked for and by nothing else.
  bool second_is_right(const ClientHello& second) {
    const auto kept = [](const ClientHello& hello) {
      ClientHello rest = hello;
      for (const std::uint16_t type :
           {extension::kKeyShare, extension::kEarlyData, extension::kCookie,
            extension::kPreSharedKey, extension::kPadding}) {
        remove_extension(rest.extensions, type);
      }
      return encode(rest);
    };
    if (!core_.require(equal(kept(second), kept(first_hello_)), Sin::second_hello_changed,
                       alert::kIllegalParameter, "a second hello that is not like the first")) {
      return false;
    }
    const Extension* echoed = second.find(extension::kCookie);
    const bool cookie_back =
        cookie_ ? echoed != nullptr && equal(echoed->extension_data, encode(Cookie{*cookie_}))
                : echoed == nullptr;
    const Extension* shares = second.find(extension::kKeyShare);
    const auto list =
        shares == nullptr ? Decoded<KeyShareList>() : decode<KeyShareList>(shares->extension_data);
    const bool one =
        list && list->client_shares.size() == 1 && list->client_shares.front().group == *group_;
    // A retry for the cookie alone leaves the shares as they were.
    const bool shares_right = share_of(*group_) != nullptr || one;
    return core_.require(cookie_back, Sin::second_hello_changed, alert::kIllegalParameter,
                         "a cookie that is not ours") &&
           core_.require(shares_right, Sin::second_hello_share, alert::kIllegalParameter,
                         "a second hello without the share that was asked for");
  }

  [[nodiscard]] ServerHello hello_base() const {
    ServerHello hello;
    hello.legacy_session_id_echo = hello_.legacy_session_id;
    hello.cipher_suite = suite_->value;
    hello.extensions.push_back({extension::kSupportedVersions, encode(Number16{0x0304})});
    return hello;
  }

  void answer(bool with_share) {
    std::optional<Answer> agreed;
    if (with_share) {
      const KeyShareEntry* share = share_of(*group_);
      if (share != nullptr) agreed = answer_share(*group_, share->key_exchange);
      if (!core_.require(agreed.has_value(), Sin::key_share_invalid, alert::kIllegalParameter,
                         "a share that is no element of its group")) {
        return;
      }
      // An end that takes any share has zeros for a secret, and some share of its own.
      if (!agreed) agreed = Answer{bytes_of(KeyShare::generate(*group_)->share()), Bytes(32)};
      core_.told().group = *group_;
    }
    schedule_.emplace(suite_->hash, psk_ ? View(psk_->session.secret) : View());
    decide_early_data();
    core_.told().server_random = core_.chance().bytes(kRandomSize);
    say_flight(agreed);
  }

  /// RFC 8446 §4.2.10: the first identity, the same suite and the same protocol, and no retry.
  void decide_early_data() {
    if (hello_.find(extension::kEarlyData) == nullptr) return;
    early_data_ = psk_ && psk_->index == 0 && !retried_ && psk_->session.max_early_data > 0 &&
                  psk_->session.suite == suite_->value && psk_->session.alpn == agreement_.alpn;
    if (!early_data_) return core_.pass_over(kRefusedEarlyData);
    secrets().client_early = schedule_->derive("c e traffic", core_.transcript().value());
    core_.log_secret("CLIENT_EARLY_TRAFFIC_SECRET", secrets().client_early);
  }

  void say_flight(const std::optional<Answer>& agreed) {
    limit_records(core_, wanted_);
    Flight flight;
    flight.push_back(say(HandshakeType::server_hello, [this, &agreed] {
      ServerHello hello = hello_base();
      hello.random = core_.exchange().server_random;
      if (agreed) {
        hello.extensions.push_back(
            {extension::kKeyShare, encode(KeyShareEntry{*group_, agreed->share})});
      }
      if (psk_) {
        hello.extensions.push_back({extension::kPreSharedKey, encode(Number16{psk_->index})});
      }
      return encode(hello);
    }));
    // RFC 8446 §D.4: for a client that wants it to look like TLS 1.2.
    if (!hello_.legacy_session_id.empty() && !retried_) flight.push_back(change_cipher_spec());
    flight.push_back(change_keys([this, &agreed] {
      schedule_->enter_handshake(agreed ? View(agreed->secret) : View());
      derive_handshake_secrets(core_, *schedule_, core_.transcript().value());
      return RecordKeys::of_traffic_secret(*suite_, secrets().server_handshake);
    }));
    flight.push_back(say(HandshakeType::encrypted_extensions, [this] { return extensions(); }));
    if (!psk_ && !add_identity(flight)) return;
    flight.push_back(say(HandshakeType::finished, [this] {
      Bytes data =
          verify_data13(suite_->hash, secrets().server_handshake, core_.transcript().value());
      core_.told().server_verify_data = data;
      return data;
    }));
    flight.push_back(change_keys([this] {
      schedule_->enter_application();
      derive_application_secrets(core_, *schedule_, core_.transcript().value());
      return RecordKeys::of_traffic_secret(*suite_, secrets().server_application);
    }));
    core_.say(std::move(flight));
    await_client();
  }

  Bytes extensions() {
    EncryptedExtensions message;
    put_answers(core_, wanted_, agreement_, message.extensions);
    if (early_data_) message.extensions.push_back({extension::kEarlyData, {}});
    return encode(message);
  }

  bool add_identity(Flight& flight) {
    const Credential* credential = credential_for(config(), wanted_.server_name);
    const auto scheme = credential == nullptr
                            ? std::optional<std::uint16_t>()
                            : scheme_for(config(), wanted_.schemes, *credential, TlsVersion::tls13);
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
                      wanted_.status_request ? credential->identity.staple : std::nullopt);
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
    core_.read_with(RecordKeys::of_traffic_secret(*suite_, secret));
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
    core_.read_with(RecordKeys::of_traffic_secret(*suite_, secrets().client_handshake));
    core_.expect(behind_early_data());
  }

  void on_certificate(const Heard& heard) {
    const auto message = core_.read<Certificate13>(heard.body());
    if (!message) return;
    for (const CertificateEntry& each : message->certificate_list) {
      agreement_.peer_chain.push_back(each.cert_data);
    }
    const bool there = !agreement_.peer_chain.empty() ||
                       config().client_authentication != ClientAuthentication::required;
    // RFC 8446 §4.4.2.4.
    if (!core_.require(there, Sin::certificate_missing, alert::kCertificateRequired,
                       "no client certificate")) {
      return;
    }
    core_.expect(agreement_.peer_chain.empty() ? State::finished : State::certificate_verify);
  }

  void on_certificate_verify(const Heard& heard) {
    if (!verify_proof13(core_, heard.body(), agreement_.peer_chain, Signer::client)) return;
    core_.expect(State::finished);
  }

  void on_finished(const Heard& heard) {
    const Bytes expected = verify_data13(suite_->hash, secrets().client_handshake,
                                         core_.transcript().value_before_last());
    if (!verify_finished(core_, heard.body(), expected)) return;
    core_.told().client_verify_data = expected;
    core_.read_with(RecordKeys::of_traffic_secret(*suite_, secrets().client_application));
    if (core_.failed()) return;
    secrets().resumption = schedule_->derive("res master", core_.transcript().value());
    agreement_.version = TlsVersion::tls13;
    agreement_.suite = suite_->value;
    agreement_.suite_name = suite_->name;
    if (const NamedGroup* group = find_group(core_.exchange().group))
      agreement_.group = group->name;
    agreement_.resumed = psk_.has_value();
    core_.done(agreement_);
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
            .ticket = core_.chance().bytes(32),
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
    session.suite = suite_->value;
    session.secret = ticket_psk(suite_->hash, secrets().resumption, ticket.ticket_nonce);
    session.ticket = ticket.ticket;
    session.age_add = ticket.ticket_age_add;
    session.lifetime = ticket.ticket_lifetime;
    session.max_early_data = config().max_early_data;
    session.received = config().now();
    session.alpn = agreement_.alpn;
    config().store->put(ticket.ticket, std::move(session));
  }

  Core& core_;
  ClientHello hello_;
  ClientHello first_hello_;
  Wanted wanted_;
  std::vector<KeyShareEntry> shares_;
  std::optional<std::uint16_t> group_;
  std::optional<Bytes> cookie_;
  const CipherSuite* suite_ = nullptr;
  std::optional<PskChoice> psk_;
  std::optional<Schedule13> schedule_;
  bool retried_ = false;
  bool asks_ = false;
  bool early_data_ = false;
  Agreement agreement_;
};

}  // namespace

std::unique_ptr<Side> make_server13(Core& core) { return std::make_unique<Server13>(core); }

}  // namespace assay::engine
