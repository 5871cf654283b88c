// A ServerHello or HelloRetryRequest of TLS 1.3 as a client judges it, and the rule for extensions
// in every message of a server (RFC 8446 §4.1.3, §4.1.4, §4.2). Used by client13.
#pragma once

#include "harness/crypto/suites.h"
#include "harness/engine/offer.h"

#include <initializer_list>

namespace assay::engine {

/// What holds of both kinds of hello. The suite; null: the handshake has failed. `of_retry` is null
/// when there was none.
[[nodiscard]] const CipherSuite* judge_server_hello13(Core& core, const Offer& offer,
                                                      const ServerHello& hello,
                                                      const CipherSuite* of_retry);

/// None twice, each offered, each where it is defined. False: failed.
[[nodiscard]] bool extensions_are_right(Core& core, const Offer& offer,
                                        const std::vector<Extension>& found,
                                        std::initializer_list<std::uint16_t> defined);

/// What a HelloRetryRequest asks for.
struct Retry {
  std::optional<std::uint16_t> group;
  std::optional<Bytes> cookie;
};
/// Nothing: failed, among other things because it asks for what was there (RFC 8446 §4.1.4).
[[nodiscard]] std::optional<Retry> read_retry(Core& core, const Offer& offer,
                                              const ServerHello& hello);

}  // namespace assay::engine
