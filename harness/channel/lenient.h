// The lenient end: an honest Channel that takes records which it should refuse. It stands between
// the peer and the honest end and repairs what comes in, with keys from the key log. Used by the
// reference peers when a fault asks for it.
#pragma once

#include "harness/channel/channel.h"
#include "harness/channel/deviation.h"

#include <memory>

namespace assay {

/// `honest` must offer its key log, else nothing is repaired; with nothing to tolerate it comes
/// back as it is. AEAD suites of TLS 1.2 and 1.3 only; all other octets pass unchanged, and so does
/// everything that goes out.
[[nodiscard]] std::unique_ptr<Channel> lenient(std::unique_ptr<Channel> honest, Deviation deviation,
                                               Role role = Role::server);

}  // namespace assay
