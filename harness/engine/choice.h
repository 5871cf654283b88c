// What a server makes of a ClientHello, whatever the version: who it is to be, what protocol is
// spoken, how long records may be. Used by both servers.
#pragma once

#include "harness/engine/core.h"
#include "harness/wire/hello.h"

namespace assay::engine {

/// The extensions that a hello has for both versions, read once. Nothing: the handshake has failed.
struct Wanted {
  std::vector<std::uint16_t> groups;
  bool groups_sent = false;
  std::vector<std::uint16_t> schemes;
  bool schemes_sent = false;
  std::string server_name;
  bool status_request = false;
  std::vector<std::string> alpn;
  std::optional<std::uint16_t> record_size_limit;
  std::optional<std::uint8_t> max_fragment_length;
  bool heartbeat = false;  // the client's mode does not matter: nothing is asked of it
};
[[nodiscard]] std::optional<Wanted> read_wanted(Core& core, const ClientHello& hello);

/// By the name that was asked for, else the default one; null when there is none at all.
[[nodiscard]] const Credential* credential_for(const Config& config, const std::string& name);
/// Our first that the peer has as well; nothing when there is none.
[[nodiscard]] std::optional<std::uint16_t> first_common(const std::vector<std::uint16_t>& ours,
                                                        const std::vector<std::uint16_t>& theirs);
/// RFC 7301 §3.2. False: no_application_protocol was sent.
[[nodiscard]] bool choose_alpn(Core& core, const Wanted& wanted, Agreement& agreement);
/// Extensions of the answer that both versions have: ALPN, sizes of records,
/// server_name and heartbeat.
void put_answers(const Core& core, const Wanted& wanted, const Agreement& agreement,
                 std::vector<Extension>& answer);
/// RFC 6520 §2.
void agree_on_heartbeat(Core& core, const Wanted& wanted);

}  // namespace assay::engine
