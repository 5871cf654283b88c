#include "harness/engine/psk_choice.h"

#include "harness/engine/schedule13.h"
#include "harness/wire/alert.h"

#include <algorithm>
#include <utility>

namespace assay::engine {
namespace {

using Choice = std::optional<std::optional<PskChoice>>;

std::optional<Session> session_of(const Config& config, View identity) {
  for (const Session& each : config.external_psks) {
    if (equal(each.ticket, identity)) return each;
  }
  if (!config.store) return std::nullopt;
  auto found = config.store->find(identity);
  if (!found && config.tolerated.has(Sin::ticket_unknown))
    found = config.store->newest(TlsVersion::tls13);
  if (!found || found->version != TlsVersion::tls13) return std::nullopt;
  // RFC 8446 §4.6.1: beyond its lifetime a ticket is worth nothing.
  const auto age = config.now() - found->received;
  if (age > std::chrono::seconds(found->lifetime)) return std::nullopt;
  return found;
}

bool binder_is_right(Core& core, const Session& psk, const OfferedPsks& offered,
                     std::size_t index) {
  const Hash hash = find_suite(psk.suite)->hash;
  const View said = core.transcript().messages();
  const Bytes covered = bytes_of(said.first(said.size() - size_of_binders(offered.binders)));
  const Bytes key =
      Schedule13(hash, psk.secret).binder_key(psk.external ? "ext binder" : "res binder");
  return index < offered.binders.size() &&
         equal(offered.binders[index].binder, verify_data13(hash, key, digest(hash, covered)));
}

}  // namespace

Choice choose_psk(Core& core, const ClientHello& hello, const CipherSuite& suite) {
  const Extension* extension = hello.find(extension::kPreSharedKey);
  if (extension == nullptr) return std::optional<PskChoice>();
  const auto offered = core.read<OfferedPsks>(*extension);
  if (!offered) return std::nullopt;
  // RFC 8446 §4.2.11: one binder an identity, and at least one of each.
  const bool paired =
      !offered->identities.empty() && offered->identities.size() == offered->binders.size();
  if (!core.require(paired, Sin::psk_binder_count, alert::kIllegalParameter,
                    "binders that are not as many as identities")) {
    return std::nullopt;
  }
  const Extension* listed = hello.find(extension::kPskKeyExchangeModes);
  // RFC 8446 §4.2.9: a client that offers a PSK says how; without it the server aborts.
  if (!core.require(listed != nullptr, Sin::psk_modes, alert::kMissingExtension,
                    "pre_shared_key without psk_key_exchange_modes")) {
    return std::nullopt;
  }
  OctetList modes;
  if (listed != nullptr) {
    auto read = core.read<OctetList>(*listed);
    if (!read) return std::nullopt;
    modes = std::move(*read);
  }
  const auto has = [&](std::uint8_t mode) {
    return std::ranges::find(modes.values, mode) != modes.values.end();
  };
  const auto ours = [&](std::uint8_t mode) {
    const auto& own = core.config().psk_modes;
    return std::ranges::find(own, mode) != own.end();
  };
  const bool with_dhe = has(1) && ours(1);
  const bool usable =
      with_dhe || (has(0) && ours(0)) || core.config().tolerated.has(Sin::psk_modes);
  if (!usable) return std::optional<PskChoice>();
  const std::size_t tried = std::min(offered->identities.size(), core.config().identities_tried);
  for (std::size_t i = 0; i < tried; ++i) {
    auto session = session_of(core.config(), offered->identities[i].identity);
    if (!session) continue;
    const CipherSuite* of = find_suite(session->suite);
    // RFC 8446 §4.2.11: another hash is passed over, not refused.
    if (of == nullptr) continue;
    const bool fits = of->hash == suite.hash;
    if (!fits && !core.config().tolerated.has(Sin::psk_hash)) continue;
    if (!core.require(binder_is_right(core, *session, *offered, i), Sin::psk_binder,
                      alert::kDecryptError, "a binder that does not verify")) {
      return std::nullopt;
    }
    return PskChoice{static_cast<std::uint16_t>(i), std::move(*session),
                     with_dhe || !(has(0) && ours(0))};
  }
  return std::optional<PskChoice>();
}

}  // namespace assay::engine
