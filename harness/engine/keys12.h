// Secrets and keys of TLS 1.2 as both roles use them (RFC 5246 §6.3 and §8.1, RFC 7627). Used by
// client12 and server12.
#pragma once

#include "harness/crypto/suites.h"
#include "harness/engine/core.h"

namespace assay::engine {

/// What both ends have agreed on when they know the suite.
struct Terms12 {
  const CipherSuite* suite = nullptr;
  bool extended_master_secret = false;
  bool encrypt_then_mac = false;
};

/// Puts the master secret into the exchange and logs it. Under RFC 7627 §4 the transcript ends with
/// ClientKeyExchange.
void agree_master_secret(Core& core, const Terms12& terms, View premaster);
[[nodiscard]] RecordKeys keys12(const Core& core, const Terms12& terms, Role writer);
/// ChangeCipherSpec, the keys behind it, and a Finished under them.
void add_finished12(Core& core, Flight& flight, const Terms12& terms);
/// Judges a peer's Finished and keeps both. False: failed.
[[nodiscard]] bool take_finished12(Core& core, const Terms12& terms, const Heard& heard);
/// RFC 5746 §3.4 to §3.7: what a peer's renegotiation_info says. False: failed.
[[nodiscard]] bool take_renegotiation_info(Core& core, const Extension* found, View expected);
[[nodiscard]] bool is_ecdhe(const CipherSuite& suite);
[[nodiscard]] bool is_dhe(const CipherSuite& suite);
/// RFC 5246 §7.4.3: both randoms and the parameters.
[[nodiscard]] Bytes signed_params(const Exchange& exchange, View params);

}  // namespace assay::engine
