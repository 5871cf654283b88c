#include "harness/engine/choice.h"

#include "harness/engine/record_limits.h"
#include "harness/wire/alert.h"

#include <algorithm>
#include <utility>

namespace assay::engine {
namespace {

const Bytes kMayRequest = {1};     // RFC 6520 §2: peer_allowed_to_send
const Bytes kMayNotRequest = {2};  // peer_not_allowed_to_send

bool read_name(Core& core, const Extension& extension, Wanted& wanted) {
  const auto list = core.read<ServerNameList>(extension);
  if (!list) return false;
  const auto& names = list->server_name_list;
  // RFC 6066 §3: a list of one name a type, and no name is empty.
  const bool whole = !names.empty() && std::ranges::none_of(names, [](const ServerName& each) {
    return each.host_name.empty();
  });
  if (!core.require(whole, Sin::name_malformed, alert::kDecodeError, "an empty server_name") ||
      !core.require(names.size() <= 1, Sin::name_malformed, alert::kIllegalParameter,
                    "two names of one type")) {
    return false;
  }
  if (!names.empty()) wanted.server_name = text_of(names.front().host_name);
  return true;
}

bool read_protocols(Core& core, const Extension& extension, Wanted& wanted) {
  const auto list = core.read<ProtocolNameList>(extension);
  if (!list) return false;
  for (const ProtocolName& each : list->protocol_name_list) {
    wanted.alpn.emplace_back(text_of(each.name));
  }
  // RFC 7301 §3.1: no empty list, no empty names.
  const bool whole =
      !wanted.alpn.empty() && std::ranges::find(wanted.alpn, "") == wanted.alpn.end();
  return core.require(whole, Sin::field_malformed, alert::kDecodeError, "an empty protocol name");
}

bool read_numbers(Core& core, const Extension& extension, std::vector<std::uint16_t>& values,
                  bool& sent) {
  auto list = core.read<NumberList>(extension);
  if (!list) return false;
  sent = true;
  values = std::move(list->values);
  // RFC 8446 §4.2.3, §4.2.7: two octets at least.
  return core.require(!values.empty(), Sin::field_malformed, alert::kDecodeError, "an empty list");
}

bool read_one(Core& core, const Extension& each, Wanted& wanted) {
  switch (each.extension_type) {
    case extension::kServerName:
      return read_name(core, each, wanted);
    case extension::kAlpn:
      return read_protocols(core, each, wanted);
    case extension::kSupportedGroups:
      return read_numbers(core, each, wanted.groups, wanted.groups_sent);
    case extension::kSignatureAlgorithms:
      return read_numbers(core, each, wanted.schemes, wanted.schemes_sent);
    case extension::kStatusRequest:
      wanted.status_request = true;
      return true;
    case extension::kRecordSizeLimit: {
      const auto limit = core.read<Number16>(each);
      if (!limit) return false;
      wanted.record_size_limit = limit->value;
      return core.require(limit->value >= 64, Sin::record_size_limit_small,
                          alert::kIllegalParameter, "a record_size_limit below 64");
    }
    case extension::kMaxFragmentLength: {
      const auto length = core.read<MaxFragmentLength>(each);
      if (!length) return false;
      const bool known = length->code >= 1 && length->code <= 4;
      if (known) wanted.max_fragment_length = length->code;
      // RFC 6066 §4: any other value is illegal_parameter.
      return core.require(known, Sin::max_fragment_length_value, alert::kIllegalParameter,
                          "a max_fragment_length that does not exist");
    }
    case extension::kHeartbeat: {
      wanted.heartbeat = true;
      const bool known =
          each.extension_data == kMayRequest || each.extension_data == kMayNotRequest;
      // RFC 6520 §2: another mode is illegal_parameter.
      return core.require(known || !core.config().heartbeat, Sin::field_malformed,
                          alert::kIllegalParameter, "a heartbeat mode that nobody knows");
    }
    default:
      return true;
  }
}

}  // namespace

std::optional<Wanted> read_wanted(Core& core, const ClientHello& hello) {
  Wanted wanted;
  for (const Extension& each : hello.extensions) {
    if (!read_one(core, each, wanted)) return std::nullopt;
  }
  return wanted;
}

const Credential* credential_for(const Config& config, const std::string& name) {
  const auto found = config.credentials_by_name.find(name);
  return found != config.credentials_by_name.end() ? found->second.get() : config.credential.get();
}

std::optional<std::uint16_t> first_common(const std::vector<std::uint16_t>& ours,
                                          const std::vector<std::uint16_t>& theirs) {
  const auto found = std::ranges::find_first_of(ours, theirs);
  if (found == ours.end()) return std::nullopt;
  return *found;
}

bool choose_alpn(Core& core, const Wanted& wanted, Agreement& agreement) {
  if (core.config().alpn.empty() || wanted.alpn.empty()) return true;
  const auto found = std::ranges::find_first_of(core.config().alpn, wanted.alpn);
  if (found == core.config().alpn.end()) {
    core.fail(alert::kNoApplicationProtocol, "no protocol in common");
    return false;
  }
  agreement.alpn = *found;
  return true;
}

void put_answers(const Core& core, const Wanted& wanted, const Agreement& agreement,
                 std::vector<Extension>& answer) {
  if (!agreement.alpn.empty()) {
    answer.push_back({extension::kAlpn, encode(ProtocolNameList{{{bytes_of(agreement.alpn)}}})});
  }
  put_record_limits(core.config(), wanted, answer);
  // RFC 6066 §3: a server that made use of the name says so.
  if (core.config().credentials_by_name.contains(wanted.server_name)) {
    answer.push_back({extension::kServerName, {}});
  }
  if (wanted.heartbeat && core.config().heartbeat) {
    answer.push_back({extension::kHeartbeat, kMayRequest});
  }
}

void agree_on_heartbeat(Core& core, const Wanted& wanted) {
  if (wanted.heartbeat && core.config().heartbeat) core.agree_on_heartbeat();
}

}  // namespace assay::engine
