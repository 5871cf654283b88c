// Faults and liberties of a server at server_name, shown by our own engine.
#include "harness/wire/record.h"
#include "suites/faults/engine_hooks.h"

#include <algorithm>

namespace assay::faults {
namespace {

std::vector<ServerName> names_in(const ClientHello& hello) {
  const Extension* found = hello.find(extension::kServerName);
  if (found == nullptr) return {};
  const auto list = decode<ServerNameList>(found->extension_data);
  return list ? list->server_name_list : std::vector<ServerName>();
}

/// RFC 6761 §6.4: a name that nobody has.
bool asks_for_nobody(const ClientHello& hello) {
  return std::ranges::any_of(names_in(hello), [](const ServerName& each) {
    return text_of(each.host_name).ends_with(".invalid");
  });
}

bool asks_for_nobody_at_times(const ClientHello& hello) {
  return asks_for_nobody(hello) && (hello.random.back() & 1) != 0;
}

std::optional<CloseManner> hang_on_nobody(View first) {
  if (!begins_like_record(first)) return std::nullopt;
  constexpr std::string_view kNobody = ".invalid";
  const View wanted = view_of(kNobody);
  const auto found = std::search(first.begin(), first.end(), wanted.begin(), wanted.end());
  if (found == first.end()) return std::nullopt;
  return CloseManner{.close_notify = false, .tcp = CloseManner::Tcp::stay_open};
}

/// RFC 6066 §3: a warning in front of the ServerHello, and on with the default certificate.
void warn_of_nobody(engine::Flight& flight, const engine::Exchange& exchange) {
  const engine::Said* said = exchange.last(HandshakeType::client_hello);
  const auto hello = said == nullptr ? Decoded<ClientHello>() : decode<ClientHello>(said->body());
  const bool answers = !flight.empty() && flight.front().kind == engine::Step::Kind::message &&
                       flight.front().type == HandshakeType::server_hello;
  if (!answers || !hello || !asks_for_nobody(*hello)) return;
  flight.insert(flight.begin(),
                engine::say_record(ContentType::alert, {1, alert::kUnrecognizedName}));
}

/// Each name once more, with something behind a NUL.
void cut_names_at_nul(engine::Config& config) {
  using namespace std::string_literals;
  const auto names = config.credentials_by_name;
  for (const auto& [name, credential] : names) {
    config.credentials_by_name.emplace(name + "\0.nosuch.invalid"s, credential);
  }
}

void keep_last_name(ClientHello& hello) {
  std::vector<ServerName> names = names_in(hello);
  if (names.size() < 2) return;
  names.erase(names.begin(), names.end() - 1);
  set_extension(hello.extensions, extension::kServerName, encode(ServerNameList{names}));
}

void pass_over_two_names(ClientHello& hello) {
  if (names_in(hello).size() > 1) remove_extension(hello.extensions, extension::kServerName);
}

void pass_over_names(ClientHello& hello) {
  remove_extension(hello.extensions, extension::kServerName);
}

constexpr NamedFault kFaults[] = {
    {.name = "hangs_on_unknown_name",
     .summary = "A hello for a name that nobody has is answered by nothing at all",
     .apply =
         [](Faults& faults) {
           in_session(faults, [](SessionHooks& hooks) { hooks.on_hello = hang_on_nobody; });
         }},
    {.name = "refuses_unknown_name_at_times",
     .summary = "A name that nobody has is refused to every other client",
     .apply = refuses<asks_for_nobody_at_times>},
    {.name = "refuses_unknown_name",
     .kind = NamedFault::Kind::liberty,
     .summary = "A name that nobody has is refused by unrecognized_name",
     .apply =
         [](Faults& faults) {
           refuses<asks_for_nobody>(faults);
           refuses_by<alert::kUnrecognizedName>(faults);
         }},
    {.name = "refuses_unknown_name_otherwise",
     .kind = NamedFault::Kind::liberty,
     .summary = "A name that nobody has is refused by handshake_failure",
     .apply = refuses<asks_for_nobody>},
    {.name = "closes_on_unknown_name",
     .kind = NamedFault::Kind::liberty,
     .summary = "A name that nobody has is refused by a close",
     .apply =
         [](Faults& faults) {
           refuses<asks_for_nobody>(faults);
           refuses_by_close(faults);
         }},
    {.name = "warns_of_unknown_name",
     .kind = NamedFault::Kind::liberty,
     .summary = "In front of the default certificate comes a warning about the name",
     .apply =
         [](Faults& faults) {
           on_engine(faults,
                     [](engine::Config& config) { config.emission.flight = warn_of_nobody; });
         }},
    {.name = "takes_malformed_name",
     .summary = "An empty server_name, or a list without one, is passed over",
     .apply = takes<Sin::name_malformed>},
    {.name = "cuts_name_at_nul",
     .summary = "A name ends at its first NUL",
     .apply = [](Faults& faults) { on_engine(faults, cut_names_at_nul); }},
    {.name = "passes_over_names",
     .kind = NamedFault::Kind::liberty,
     .summary = "server_name is passed over",
     .apply = reads<pass_over_names>},
    {.name = "refuses_by_unrecognized_name",
     .kind = NamedFault::Kind::liberty,
     .summary = "Whatever is refused in TLS is refused by unrecognized_name",
     .apply = refuses_by<alert::kUnrecognizedName>},
    {.name = "uses_first_name",
     .kind = NamedFault::Kind::liberty,
     .summary = "Of two names the first is served",
     .apply = takes<Sin::name_malformed>},
    {.name = "uses_last_name",
     .summary = "Of two names the last is served",
     .apply = reads<keep_last_name>},
    {.name = "passes_over_two_names",
     .kind = NamedFault::Kind::liberty,
     .summary = "Two names are as good as none",
     .apply = reads<pass_over_two_names>},
};

}  // namespace

std::span<const NamedFault> engine_name() { return kFaults; }

}  // namespace assay::faults
