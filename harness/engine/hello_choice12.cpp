#include "harness/engine/hello_choice12.h"

#include "harness/crypto/key_exchange.h"
#include "harness/engine/certificate_proof.h"
#include "harness/wire/alert.h"

#include <algorithm>
#include <utility>

namespace assay::engine {
namespace {

constexpr std::uint16_t kEmptyRenegotiationInfoScsv = 0x00ff;  // RFC 5746 §3.3

/// RFC 5246 §7.4.1.4.1: without signature_algorithms SHA-1 is meant, which we do not sign with.
std::optional<std::uint16_t> signing_scheme(const Config& config, const Wanted& wanted,
                                            const Credential& credential) {
  return scheme_for(config, wanted.schemes, credential, TlsVersion::tls12);
}

class Chooser {
 public:
  Chooser(Core& core, const ClientHello& hello) : core_(core), hello_(hello) {}

  std::optional<HelloChoice12> choose() {
    if (!compression_is_right()) return std::nullopt;
    auto wanted = read_wanted(core_, hello_);
    if (!wanted) return std::nullopt;
    choice_.wanted = std::move(*wanted);
    if (!take_renegotiation()) return std::nullopt;
    choice_.terms.extended_master_secret =
        config().extended_master_secret && hello_.find(extension::kExtendedMasterSecret) != nullptr;
    choice_.tickets =
        hello_.find(extension::kSessionTicket) != nullptr && config().store && config().tickets > 0;
    if (!choose_suite() || !resume() || !choose_alpn(core_, choice_.wanted, choice_.agreement)) {
      return std::nullopt;
    }
    // RFC 7366 §3: for block ciphers alone.
    choice_.terms.encrypt_then_mac = config().encrypt_then_mac &&
                                     choice_.terms.suite->block_size() != 0 &&
                                     hello_.find(extension::kEncryptThenMac) != nullptr;
    return std::move(choice_);
  }

 private:
  [[nodiscard]] const Config& config() const { return core_.config(); }

  bool compression_is_right() {
    const auto& methods = hello_.legacy_compression_methods;
    const bool null = std::ranges::find(methods, 0) != methods.end();
    return core_.require(null, Sin::null_compression_missing, alert::kIllegalParameter,
                         "compression methods without null");
  }

  bool take_renegotiation() {
    const Extension* found = hello_.find(extension::kRenegotiationInfo);
    const bool signalled = hello_.offers_suite(kEmptyRenegotiationInfoScsv);
    choice_.renegotiation_info = found != nullptr || signalled;
    const View expected = core_.exchange().client_verify_data;
    // RFC 5746 §3.7: the suite that signals it is for first handshakes.
    if (signalled && !expected.empty() &&
        !core_.require(false, Sin::renegotiation_info, alert::kHandshakeFailure,
                       "a renegotiation that signals a first handshake")) {
      return false;
    }
    return take_renegotiation_info(core_, found, expected);
  }

  bool choose_suite() {
    for (const std::uint16_t value : config().suites) {
      const CipherSuite* suite = find_suite(value);
      const bool known = suite != nullptr && !suite->tls13 && RecordKeys::computes(*suite);
      const bool offered =
          hello_.offers_suite(value) || config().tolerated.has(Sin::suite_not_offered);
      if (known && offered && can_use(*suite)) return true;
    }
    core_.fail(alert::kHandshakeFailure, "no suite in common");
    return false;
  }

  bool can_use(const CipherSuite& suite) {
    const Credential* credential = credential_for(config(), choice_.wanted.server_name);
    if (credential == nullptr || !suits_key(suite, credential->key.public_key())) return false;
    if (suite.key_exchange == KeyExchangeKind::rsa) return settle(suite, credential, 0, 0);
    const auto scheme = signing_scheme(config(), choice_.wanted, *credential);
    if (!scheme) return false;
    if (is_dhe(suite)) return settle(suite, credential, field(), *scheme);
    if (!is_ecdhe(suite)) return false;
    const auto group = curve();
    return group && settle(suite, credential, *group, *scheme);
  }

  bool settle(const CipherSuite& suite, const Credential* credential, std::uint16_t group,
              std::uint16_t scheme) {
    choice_.terms.suite = &suite;
    choice_.credential = credential;
    choice_.group = group;
    choice_.scheme = scheme;
    return true;
  }

  /// RFC 8422 §5.1.1: curves by preference; a client that names none takes any. Finite fields and
  /// hybrids are none.
  std::optional<std::uint16_t> curve() const {
    std::vector<std::uint16_t> curves;
    for (const std::uint16_t each : config().groups) {
      if (each < 0x0100) curves.push_back(each);
    }
    if (curves.empty()) return std::nullopt;
    if (!choice_.wanted.groups_sent) return curves.front();
    const auto common = first_common(curves, choice_.wanted.groups);
    if (!common && config().tolerated.has(Sin::group_not_offered)) return curves.front();
    return common;
  }

  /// RFC 7919 §4: a group of its own, else ffdhe2048 as parameters.
  std::uint16_t field() const {
    for (const std::uint16_t each : choice_.wanted.groups) {
      const auto& own = config().groups;
      const bool finite = each >= 0x0100 && each < 0x0200;
      if (finite && std::ranges::find(own, each) != own.end()) return each;
    }
    return group::kFfdhe2048;
  }

  /// RFC 5246 §7.4.1.2 and RFC 5077 §3.4. False: failed.
  bool resume() {
    if (!config().store || !core_.exchange().client_verify_data.empty()) return true;
    const Extension* ticket = hello_.find(extension::kSessionTicket);
    const bool by_ticket = ticket != nullptr && !ticket->extension_data.empty();
    const View key = by_ticket ? View(ticket->extension_data) : View(hello_.legacy_session_id);
    if (key.empty()) return true;
    auto session = config().store->find(key);
    if (!session && by_ticket && config().tolerated.has(Sin::ticket_unknown)) {
      session = config().store->newest(TlsVersion::tls12);
    }
    if (!session || session->version != TlsVersion::tls12) return true;
    // RFC 6066 §3: a session of another name is not resumed.
    if (session->server_name != choice_.wanted.server_name) return true;
    // RFC 5246 §7.4.1.2: the suite of the session is among the offered ones.
    const CipherSuite* suite = find_suite(session->suite);
    if (!hello_.offers_suite(session->suite)) return true;
    // RFC 7627 §5.3: a session without it is not resumed with it; the other way is refused.
    const bool now = choice_.terms.extended_master_secret;
    if (!core_.require(now || !session->extended_master_secret,
                       Sin::resumed_without_extended_master_secret, alert::kHandshakeFailure,
                       "an extended master secret that is not offered again")) {
      return false;
    }
    if (now && !session->extended_master_secret) return true;
    choice_.terms.suite = suite;
    choice_.resumed = std::move(session);
    return true;
  }

  Core& core_;
  const ClientHello& hello_;
  HelloChoice12 choice_;
};

}  // namespace

std::optional<HelloChoice12> choose12(Core& core, const ClientHello& hello) {
  return Chooser(core, hello).choose();
}

}  // namespace assay::engine
