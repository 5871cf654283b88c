// Which of the offered PSKs a server takes (RFC 8446 §4.2.11), and whether early data may come with
// it (§4.2.10). Used by server13.
#pragma once

#include "harness/crypto/suites.h"
#include "harness/engine/core.h"
#include "harness/wire/hello.h"

namespace assay::engine {

struct PskChoice {
  std::uint16_t index = 0;
  Session session;
  bool with_dhe = true;
};

/// `hello` is the last message of the transcript. Nothing in it: none is taken; nothing at all: the
/// handshake has failed.
[[nodiscard]] std::optional<std::optional<PskChoice>> choose_psk(Core& core,
                                                                 const ClientHello& hello,
                                                                 const CipherSuite& suite);

}  // namespace assay::engine
