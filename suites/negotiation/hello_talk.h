// What the rows about hellos have in common: the control in front of them, and what a subject's
// hello said.
#pragma once

#include "harness/wire/hello.h"
#include "suites/engine_talk.h"

#include <optional>

namespace assay::suites {

/// A ServerHello came for a hello that was to be refused.
inline constexpr Ending kHelloTaken{"hello_taken"};

/// A HelloRetryRequest, the first; nothing where there was none.
[[nodiscard]] std::optional<ServerHello> retry_of(const engine::Exchange& exchange);
[[nodiscard]] std::size_t retries_in(const engine::Exchange& exchange);
/// The group of a ServerHello's share, of a ServerKeyExchange over a curve, or of a retry.
[[nodiscard]] std::optional<std::uint16_t> group_of(const ServerHello& hello);
[[nodiscard]] std::optional<std::uint16_t> curve_of(const engine::Exchange& exchange);
/// The scheme of a CertificateVerify or a ServerKeyExchange.
[[nodiscard]] std::optional<std::uint16_t> scheme_of(const engine::Exchange& exchange);

/// hello_taken where a ServerHello came, else what did.
[[nodiscard]] Ending refusal_of(const Tried& tried);

/// Both TLS 1.2 and TLS 1.3 are spoken.
Task<std::optional<Ending>> unless_both_versions(Probe& probe);

/// A ClientHello hook as an offer; it must say the same at a second hello.
using HelloChange = std::function<void(ClientHello& hello, const engine::Exchange& so_far)>;
[[nodiscard]] engine::Config offer_with(Probe& probe, HelloChange change);

}  // namespace assay::suites
