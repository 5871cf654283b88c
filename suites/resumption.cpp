#include "suites/resumption.h"

#include <fmt/format.h>

#include <utility>

namespace assay::suites {

bool took_session(const engine::Exchange& exchange) {
  const auto answer = server_hello(exchange);
  const engine::Said* said = exchange.last(HandshakeType::client_hello);
  if (!answer || said == nullptr) return false;
  // RFC 8446 §4.2.11.
  if (answer->version() == static_cast<std::uint16_t>(TlsVersion::tls13)) {
    return answer->find(extension::kPreSharedKey) != nullptr;
  }
  // RFC 5246 §7.4.1.3, RFC 5077 §3.4: the client's own id comes back.
  const auto offered = decode<ClientHello>(said->body());
  return offered && !offered->legacy_session_id.empty() &&
         equal(offered->legacy_session_id, answer->legacy_session_id_echo);
}

Ending ending_with_session(const Tried& tried) {
  if (took_session(tried.exchange)) return kResumed;
  return tried.ending == ending::carried_on ? kFullHandshake : tried.ending;
}

Task<Tried> Sessions::resume(engine::Session session) {
  engine::Config offer = offer_;
  offer.sessions = {std::move(session)};
  co_return co_await try_engine(probe_, std::move(offer));
}

Task<std::optional<engine::Session>> Sessions::fetch() {
  Tried full = co_await try_engine(probe_, offer_);
  if (full.ending != ending::carried_on) {
    if (full.began) {
      probe_.lose(
          ending::inconclusive,
          fmt::format("a full handshake without any session ended in {}", full.ending.slug));
    }
    co_return std::nullopt;
  }
  if (full.sessions.empty()) {
    ending_ = probe_.inapplicable("no ticket and no session id came with a full handshake");
    co_return std::nullopt;
  }
  co_return std::move(full.sessions.front());
}

Task<bool> Sessions::prepare() {
  ending_ = {};
  auto first = co_await fetch();
  if (!first) {
    if (ending_.slug.empty()) ending_ = probe_.lost();
    co_return false;
  }
  good_ = std::move(*first);
  const Tried control = co_await resume(good_);
  if (!control.began) {
    ending_ = control.ending;
    co_return false;
  }
  if (control.ending != ending::carried_on || !took_session(control.exchange)) {
    ending_ = probe_.inapplicable("the session of a full handshake is not resumed");
    co_return false;
  }
  const Tried again = co_await resume(good_);
  good_again_ = again.ending == ending::carried_on && took_session(again.exchange);
  for (const Tried* each : {&control, &again}) {
    if (!each->sessions.empty()) another_ = each->sessions.front();
  }
  co_return true;
}

Task<std::optional<engine::Session>> Sessions::next() {
  if (good_again_) co_return good_;
  co_return co_await fetch();
}

}  // namespace assay::suites
