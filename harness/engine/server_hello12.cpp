#include "harness/engine/server_hello12.h"

#include "harness/engine/certificate_proof.h"
#include "harness/engine/record_limits.h"
#include "harness/wire/alert.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::engine {
namespace {

bool suite_is_right(Core& core, const Offer& offer, const ServerHello& hello,
                    ServerHello12& result) {
  const CipherSuite* suite = find_suite(hello.cipher_suite);
  core.told().suite = hello.cipher_suite;
  if (!core.require(offer.hello.offers_suite(hello.cipher_suite), Sin::suite_not_offered,
                    alert::kIllegalParameter, "a suite that was not offered")) {
    return false;
  }
  const bool usable = suite != nullptr && !suite->tls13 && RecordKeys::computes(*suite);
  if (!usable) core.fail(alert::kIllegalParameter, "a suite that cannot be computed here");
  result.terms.suite = suite;
  return usable;
}

bool extensions_are_right(Core& core, const Offer& offer, const ServerHello& hello) {
  if (!core.require(!repeated_extension(hello.extensions), Sin::extension_repeated,
                    alert::kIllegalParameter, "an extension twice")) {
    return false;
  }
  for (const Extension& each : hello.extensions) {
    // RFC 5246 §7.4.1.4: unsupported_extension for what was not asked for.
    if (!core.require(
            offers(offer, each.extension_type), Sin::extension_unasked,
            alert::kUnsupportedExtension,
            fmt::format("extension {:#06x}, which was not offered", each.extension_type))) {
      return false;
    }
  }
  return true;
}

bool is_no_downgrade(Core& core, const ServerHello& hello) {
  // RFC 8446 §4.1.3: a client that offered more looks at the end of the random.
  const bool offered_more = core.config().max_version > core.exchange().version;
  const bool marked = downgrade_mark(hello.random) != DowngradeMark::none;
  return core.require(!offered_more || !marked, Sin::downgrade, alert::kIllegalParameter,
                      "a random that tells of a downgrade");
}

bool decide_resumption(Core& core, const Offer& offer, const ServerHello& hello,
                       ServerHello12& result) {
  const auto& session = offer.session12;
  result.session_id = hello.legacy_session_id_echo;
  // RFC 5246 §7.4.1.3: the same id means the same session. An id that is only for looks (RFC 8446
  // §D.4) is none.
  result.resumed = session && !hello.legacy_session_id_echo.empty() &&
                   equal(hello.legacy_session_id_echo, session->session_id);
  if (!result.resumed) return true;
  return core.require(session->suite == hello.cipher_suite, Sin::suite_not_offered,
                      alert::kIllegalParameter, "a resumed session with another suite") &&
         core.require(session->extended_master_secret == hello.extended_master_secret(),
                      Sin::resumed_without_extended_master_secret, alert::kHandshakeFailure,
                      "a resumed session with another kind of master secret");
}

}  // namespace

bool read_server_hello12(Core& core, const Offer& offer, View body, ServerHello12& result) {
  const auto hello = core.read<ServerHello>(body);
  // RFC 5246 §7.4.1.3: SessionID<0..32>.
  if (!hello || !core.require(hello->legacy_session_id_echo.size() <= 32, Sin::field_malformed,
                              alert::kDecodeError, "a session id of more than 32 octets")) {
    return false;
  }
  core.told().server_random = hello->random;
  const bool right = suite_is_right(core, offer, *hello, result) &&
                     core.require(hello->legacy_compression_method == 0, Sin::compression_chosen,
                                  alert::kIllegalParameter, "a compression method") &&
                     extensions_are_right(core, offer, *hello) && is_no_downgrade(core, *hello) &&
                     take_record_limits(core, offer, hello->extensions) &&
                     decide_resumption(core, offer, *hello, result) &&
                     take_alpn(core, hello->find(extension::kAlpn), result.agreement);
  if (!right) return false;
  Bytes both = core.exchange().client_verify_data;
  append(both, core.exchange().server_verify_data);
  if (!take_renegotiation_info(core, hello->find(extension::kRenegotiationInfo), both)) {
    return false;
  }
  result.terms.extended_master_secret = hello->extended_master_secret();
  // RFC 7366 §3: for block ciphers alone.
  result.terms.encrypt_then_mac =
      hello->encrypt_then_mac() && result.terms.suite->block_size() != 0;
  result.ticket_promised = hello->find(extension::kSessionTicket) != nullptr;
  result.status_promised = hello->find(extension::kStatusRequest) != nullptr;
  return true;
}

}  // namespace assay::engine
