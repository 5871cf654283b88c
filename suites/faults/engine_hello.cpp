// Faults and liberties of a server at the hellos, shown by our own engine: what it takes, what it
// passes over, and what it says in its own hello.
#include "harness/crypto/key_exchange.h"
#include "harness/wire/alert.h"
#include "harness/wire/record.h"
#include "suites/faults/engine_hooks.h"

#include <algorithm>

namespace assay::faults {
namespace {

// --- lengths -------------------------------------------------------------------------------------

/// Octets, as many as there are of them.
class Remains {
 public:
  explicit Remains(View octets) : octets_(octets) {}
  View octets(std::size_t size) {
    const View taken = octets_.first(std::min(size, octets_.size()));
    octets_ = octets_.subspan(taken.size());
    return taken;
  }
  std::size_t number(std::size_t size) {
    std::size_t value = 0;
    for (const std::uint8_t octet : octets(size)) value = value << 8 | octet;
    return value;
  }
  View vector(std::size_t prefix) {
    const std::size_t size = number(prefix);
    return octets(size);
  }
  [[nodiscard]] bool empty() const { return octets_.empty(); }
  [[nodiscard]] std::size_t size() const { return octets_.size(); }

 private:
  View octets_;
};

/// A hello read by somebody for whom a length says no more than "at most".
ClientHello what_is_there(View body) {
  Remains rest(body);
  ClientHello hello;
  hello.legacy_version = static_cast<std::uint16_t>(rest.number(2));
  hello.random = bytes_of(rest.octets(kRandomSize));
  hello.random.resize(kRandomSize);
  hello.legacy_session_id = bytes_of(rest.vector(1));
  for (Remains suites(rest.vector(2)); !suites.empty();) {
    hello.cipher_suites.push_back(static_cast<std::uint16_t>(suites.number(2)));
  }
  hello.legacy_compression_methods = bytes_of(rest.vector(1));
  for (Remains extensions(rest.vector(2)); !extensions.empty();) {
    const auto type = static_cast<std::uint16_t>(extensions.number(2));
    const std::size_t size = extensions.number(2);
    if (size > extensions.size()) break;
    set_extension(hello.extensions, type, bytes_of(extensions.octets(size)));
  }
  return hello;
}

void read_what_is_there(Bytes& message, const engine::Exchange&) {
  if (message[0] != static_cast<std::uint8_t>(HandshakeType::client_hello)) return;
  const View body = View(message).subspan(4);
  if (decode<ClientHello>(body)) return;
  message = compose_handshake(HandshakeType::client_hello, encode(what_is_there(body)));
}

bool is_cut_hello(View first_octets) {
  RecordSplitter records;
  records.feed(first_octets);
  const auto record = records.next();
  if (!record || record->header.type != ContentType::handshake) return false;
  HandshakeAssembler assembler;
  assembler.feed(record->fragment());
  const auto message = assembler.next();
  return message && message->type == HandshakeType::client_hello &&
         !decode<ClientHello>(message->body);
}

// --- compression and session id ------------------------------------------------------------------

bool has_unknown_compression(const ClientHello& hello) {
  return std::ranges::any_of(hello.legacy_compression_methods,
                             [](std::uint8_t method) { return method > 1; });
}

/// A session id of 32 octets, whatever came.
void pad_session_id(ServerHello& hello, const engine::Exchange&) {
  hello.legacy_session_id_echo.resize(32);
}
/// One of 32 octets comes back: what most clients have.
void drop_short_session_id(ServerHello& hello, const engine::Exchange&) {
  if (hello.legacy_session_id_echo.size() != 32) hello.legacy_session_id_echo.clear();
}

void choose_first_compression(ServerHello& hello, const engine::Exchange& exchange) {
  const engine::Said* said = exchange.last(HandshakeType::client_hello);
  const auto offer = decode<ClientHello>(said->body());
  if (offer) hello.legacy_compression_method = offer->legacy_compression_methods.front();
}

// --- the retry -----------------------------------------------------------------------------------

bool shares_nothing_known(const ClientHello& hello) {
  const Extension* found = hello.find(extension::kKeyShare);
  if (found == nullptr) return false;
  const auto list = decode<KeyShareList>(found->extension_data);
  return list && std::ranges::none_of(list->client_shares, [](const KeyShareEntry& each) {
           return find_group(each.group) != nullptr;
         });
}

void order_retry_otherwise(ServerHello& hello, const engine::Exchange&) {
  if (hello.is_hello_retry_request()) std::ranges::reverse(hello.extensions);
}

/// On the wire alone: the transcript has it in another order than the client.
void reorder_retry(std::vector<engine::PlainRecord>& records, const engine::Exchange& exchange) {
  for (engine::PlainRecord& record : records) {
    const bool may_be = record.type == ContentType::handshake && record.content.size() > 4 &&
                        record.content[0] == static_cast<std::uint8_t>(HandshakeType::server_hello);
    if (!may_be) continue;
    auto hello = decode<ServerHello>(View(record.content).subspan(4)).message;
    if (!hello || !hello->is_hello_retry_request()) continue;
    order_retry_otherwise(*hello, exchange);
    record.content = compose_handshake(HandshakeType::server_hello, encode(*hello));
  }
}

void retry_for_unoffered(ServerHello& hello, const engine::Exchange&) {
  constexpr std::uint16_t kPrivateGroup = 0xfe20;
  if (!hello.is_hello_retry_request()) return;
  set_extension(hello.extensions, extension::kKeyShare, encode(Number16{kPrivateGroup}));
}

void add_to_retry(ServerHello& hello, const engine::Exchange&) {
  if (hello.is_hello_retry_request()) hello.extensions.push_back({extension::kServerName, {}});
}

bool is_retry(const engine::Said* said) {
  const auto hello = said == nullptr ? Decoded<ServerHello>() : decode<ServerHello>(said->body());
  return hello && hello->is_hello_retry_request();
}

void change_suite_after_retry(ServerHello& hello, const engine::Exchange& exchange) {
  if (hello.is_hello_retry_request() || !is_retry(exchange.last(HandshakeType::server_hello)))
    return;
  hello.cipher_suite = hello.cipher_suite == 0x1301 ? 0x1303 : 0x1301;
}

/// Instead of a refusal, the retry once more.
void retry_again(engine::Flight& flight, const engine::Exchange& exchange) {
  const engine::Said* last = exchange.last(HandshakeType::server_hello);
  if (!is_retry(last)) return;
  for (engine::Step& step : flight) {
    if (!is_fatal_alert(step)) continue;
    step =
        engine::say(HandshakeType::server_hello, [body = bytes_of(last->body())] { return body; });
  }
}

constexpr NamedFault kFaults[] = {
    {.name = "takes_trailing_data",
     .summary = "Octets behind the last field of a handshake message are passed over",
     .apply = takes<Sin::trailing_data>},
    {.name = "takes_what_is_there",
     .summary = "A ClientHello whose lengths do not fit is read as far as it goes",
     .apply =
         [](Faults& faults) {
           on_engine(faults,
                     [](engine::Config& config) { config.reception.message = read_what_is_there; });
         }},
    {.name = "hangs_on_cut_hello",
     .summary = "A ClientHello that cannot be read is answered by nothing at all",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) {
             hooks.on_hello = [](View first) -> std::optional<CloseManner> {
               if (!is_cut_hello(first)) return std::nullopt;
               return CloseManner{.close_notify = false, .tcp = CloseManner::Tcp::stay_open};
             };
           });
         }},
    {.name = "takes_compression",
     .summary = "TLS 1.3 is spoken whatever compression methods a hello has",
     .apply = takes<Sin::compression_offered>},
    {.name = "takes_missing_null",
     .summary = "A hello of TLS 1.2 need not offer null compression",
     .apply = takes<Sin::null_compression_missing>},
    {.name = "refuses_unknown_compression",
     .summary = "A hello with an unknown compression method is refused",
     .apply = refuses<has_unknown_compression>},
    {.name = "chooses_first_compression",
     .summary = "The first compression method that is offered is chosen, whatever it is",
     .apply = says<choose_first_compression>},
    {.name = "pads_session_id",
     .summary = "The session id of a ServerHello has 32 octets, whatever the client's had",
     .apply = says<pad_session_id>},
    {.name = "drops_short_session_id",
     .summary = "A session id of fewer than 32 octets does not come back",
     .apply = says<drop_short_session_id>},
    {.name = "forgets_retry",
     .summary = "A HelloRetryRequest is not in the transcript as the client has it",
     .apply =
         [](Faults& faults) {
           on_engine(faults,
                     [](engine::Config& config) { config.emission.records = reorder_retry; });
         }},
    {.name = "refuses_without_share",
     .summary = "A hello without a share of a known group is refused",
     .apply = refuses<shares_nothing_known>},
    {.name = "retries_with_cookie",
     .kind = NamedFault::Kind::liberty,
     .summary = "A HelloRetryRequest has a cookie",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) { config.retry_with_cookie = true; });
         }},
    {.name = "orders_retry_otherwise",
     .kind = NamedFault::Kind::liberty,
     .summary = "The group comes first in a HelloRetryRequest, then the version",
     .apply = says<order_retry_otherwise>},
    {.name = "retries_for_unoffered_group",
     .summary = "A HelloRetryRequest asks for a group that was not offered",
     .apply = says<retry_for_unoffered>},
    {.name = "adds_to_retry",
     .summary = "A HelloRetryRequest has an extension that is none of its own",
     .apply = says<add_to_retry>},
    {.name = "changes_suite_after_retry",
     .summary = "A ServerHello behind a HelloRetryRequest has another suite",
     .apply = says<change_suite_after_retry>},
    {.name = "takes_wrong_second_share",
     .summary = "A second hello without the share that was asked for is taken, with zeros for a "
                "secret",
     .apply = takes<Sin::second_hello_share, Sin::key_share_invalid>},
    {.name = "retries_again",
     .summary = "A second hello without the share that was asked for is answered by the same "
                "HelloRetryRequest",
     .apply =
         [](Faults& faults) {
           on_engine(faults, [](engine::Config& config) { config.emission.flight = retry_again; });
         }},
    {.name = "refuses_by_illegal_parameter",
     .kind = NamedFault::Kind::liberty,
     .summary = "Whatever is refused in TLS is refused by illegal_parameter",
     .apply = refuses_by<alert::kIllegalParameter>},
    {.name = "refuses_by_missing_extension",
     .kind = NamedFault::Kind::liberty,
     .summary = "Whatever is refused in TLS is refused by missing_extension",
     .apply = refuses_by<alert::kMissingExtension>},
};

}  // namespace

std::span<const NamedFault> engine_hello() { return kFaults; }

}  // namespace assay::faults
