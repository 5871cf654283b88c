// RFC 8446 §4.1.2, §4.1.3 and RFC 5246 §7.4.1: the old fields of a hello, compression and session
// id, and what a server makes of them.
#include "suites/negotiation/hello_talk.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

/// A list without a method is shorter than it may be: decode_error is as right as the alert for
/// values.
constexpr Ending kEmptyListByDecodeError{"empty_list_by_decode_error"};
constexpr Ending kCompressionChosen{"compression_chosen"};
constexpr Ending kSessionIdEchoed{"session_id_echoed"};
constexpr Ending kSessionIdAltered{"session_id_altered"};

struct Methods {
  std::string name;
  Bytes methods;
};

Task<Tried> try_methods(Probe& probe, Bytes methods) {
  engine::Config offer = offer_with(probe, [&methods](ClientHello& hello, const engine::Exchange&) {
    hello.legacy_compression_methods = methods;
  });
  co_return co_await try_engine(probe, std::move(offer));
}

Task<Ending> compression_13(Probe& probe) {
  const auto trouble = co_await without_control(probe, probe.engine_offer());
  if (trouble) co_return *trouble;
  const std::vector<Methods> offers = {
      {"deflate_and_null", {1, 0}}, {"deflate", {1}}, {"empty", {}}};
  for (const Methods& each : offers) {
    const Tried tried = co_await try_methods(probe, each.methods);
    const Ending seen = refusal_of(tried);
    const bool excused = each.methods.empty() && seen == kDecodeError;
    probe.part(each.name, excused ? kEmptyListByDecodeError : seen);
  }
  co_return probe.worst();
}

Task<Ending> compression_no_null_12(Probe& probe) {
  const auto trouble = co_await without_control(probe, probe.engine_offer());
  if (trouble) co_return *trouble;
  const std::vector<Methods> offers = {{"deflate", {1}}, {"empty", {}}};
  for (const Methods& each : offers) {
    const Tried tried = co_await try_methods(probe, each.methods);
    probe.part(each.name, refusal_of(tried));
  }
  co_return probe.worst();
}

Task<Ending> compression_unknown_12(Probe& probe) {
  const auto trouble = co_await without_control(probe, probe.engine_offer());
  if (trouble) co_return *trouble;
  Bytes methods = {0x40, 0xe0, 0};
  const Tried tried = co_await try_methods(probe, std::move(methods));
  const auto hello = server_hello(tried.exchange);
  if (hello && hello->legacy_compression_method != 0) co_return kCompressionChosen;
  co_return tried.ending;
}

/// What every hello of the subject bears; nothing where none came.
std::optional<Ending> echo_of(const engine::Exchange& exchange, const Bytes& id) {
  std::optional<Ending> seen;
  for (const auto& hello : {retry_of(exchange), server_hello(exchange)}) {
    if (!hello) continue;
    if (!equal(hello->legacy_session_id_echo, id)) return kSessionIdAltered;
    seen = kSessionIdEchoed;
  }
  return seen;
}

Task<void> try_session_id(Probe& probe, std::string name, std::size_t size, std::size_t shares) {
  const Bytes id = probe.entropy().bytes(size);
  engine::Config offer = offer_with(
      probe, [&id](ClientHello& hello, const engine::Exchange&) { hello.legacy_session_id = id; });
  offer.shares = shares;
  const Tried tried = co_await try_engine(probe, std::move(offer));
  const auto echo = echo_of(tried.exchange, id);
  if (!echo && shares == 0) co_return;  // whether a retry is due is another row's
  probe.part(std::move(name), echo.value_or(tried.ending));
}

Task<Ending> session_id_echo(Probe& probe) {
  engine::Config plain = probe.engine_offer();
  plain.tolerated.set(Sin::session_id_not_echoed);
  const auto trouble = co_await unless_carries_on(probe, std::move(plain), "a plain ClientHello");
  if (trouble) co_return *trouble;
  for (const std::size_t size : {0U, 1U, 8U, 31U, 32U}) {
    co_await try_session_id(probe, std::to_string(size), size, 1);
  }
  // No share: a retry comes first.
  co_await try_session_id(probe, "32_without_share", 32, 0);
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    {.id = "negotiation.hello.compression_13",
     .title = "TLS 1.3 is refused to a hello whose compression methods are not null alone",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.1.2", "RFC 9846 §4.2.2"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .setup = {.engine = true},  // OpenSSL 3.0 refuses a list without null by decode_error
     .run = compression_13,
     .steps = "A ClientHello of TLS 1.3 alone whose compression methods are 1 and 0, 1, none.",
     .accepts = {kIllegalParameter, kEmptyListByDecodeError},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_compression", kHelloTaken}},
     .liberties = {{"refuses_by_decode_error", kDecodeError},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "negotiation.hello.compression_no_null_12",
     .title = "A hello of TLS 1.2 that does not offer null compression is refused",
     .levels = {.all = Level::should},
     .component = Component::library,
     .sources = {"RFC 5246 §7.4.1.2"},
     .scope = {.version = VersionScope::tls12, .layer = Layer::tls},
     .run = compression_no_null_12,
     .steps = "A ClientHello of TLS 1.2 whose compression methods are 1, none.",
     .accepts = {kIllegalParameter, kDecodeError, kHandshakeFailure, ending::another_alert,
                 ending::closed_without_alert},
     .breakers = {{"takes_missing_null", kHelloTaken}},
     .liberties = {{"refuses_by_illegal_parameter", kIllegalParameter},
                   {"refuses_by_decode_error", kDecodeError},
                   {"refuses_by_handshake_failure", kHandshakeFailure},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "negotiation.hello.compression_unknown_12",
     .title = "Unknown compression methods are passed over, and null is chosen",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 5246 §7.4.1.2"},
     .scope = {.version = VersionScope::tls12, .layer = Layer::tls},
     .run = compression_unknown_12,
     .steps = "A ClientHello of TLS 1.2 whose compression methods are 0x40, 0xe0, 0.",
     .accepts = {ending::carried_on},
     .breakers = {{"refuses_unknown_compression", kHandshakeFailure},
                  {"chooses_first_compression", kCompressionChosen}}},
    {.id = "negotiation.hello.session_id_echo",
     .title = "ServerHello and HelloRetryRequest bear the session id of the hello, whatever its "
              "length",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.1.3", "RFC 9846 §4.2.3"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .run = session_id_echo,
     .steps = "A ClientHello of TLS 1.3 with a session id of 0, 1, 8, 31, 32 random octets; once "
              "more without a share, so that a retry comes.",
     .accepts = {kSessionIdEchoed},
     .breakers = {{"pads_session_id", kSessionIdAltered},
                  {"drops_short_session_id", kSessionIdAltered}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> hello() { return kChecks; }

}  // namespace assay::suites
