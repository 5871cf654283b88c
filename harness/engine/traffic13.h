// Keys of TLS 1.3 as both roles install and update them (RFC 8446 §7.1 to §7.3). Used by client13
// and server13.
#pragma once

#include "harness/engine/core.h"
#include "harness/engine/schedule13.h"
#include "harness/wire/session.h"

namespace assay::engine {

/// Derives the secrets of a stage into the exchange and logs them.
void derive_handshake_secrets(Core& core, const Schedule13& schedule, View transcript_hash);
void derive_application_secrets(Core& core, const Schedule13& schedule, View transcript_hash);

/// A step that goes on with the keys of `secret`, which is looked up when its turn comes.
[[nodiscard]] Step write_under(const CipherSuite& suite, const Bytes& secret);

/// RFC 8446 §4.6.3: our own, and what a peer says.
void say_key_update(Core& core, const CipherSuite& suite, Bytes& own_secret,
                    KeyUpdateRequest request);
void take_key_update(Core& core, const CipherSuite& suite, const Heard& heard, Bytes& own_secret,
                     Bytes& peer_secret);

}  // namespace assay::engine
