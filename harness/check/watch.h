// What can be told of a server without asking it anything: flaws that any connection may show, and
// the ending that each is for a row. Used by tables of checks and by the witness of a run.
#pragma once

#include "harness/check/ending.h"

#include <cstdint>

namespace assay {

enum class Flaw : std::uint8_t {
  random_repeated,      // RFC 8446 §4.1.3, RFC 5246 §7.4.1.3: of two ServerHellos
  nonce_repeated,       // RFC 5288 §3: an explicit nonce, under one key
  record_too_long,      // RFC 8446 §5.1, §5.2, RFC 5246 §6.2.1, §6.2.3
  fragment_empty,       // RFC 8446 §5.1, RFC 5246 §6.2.1: of a type that has none
  record_version,       // RFC 8446 §5.1, RFC 5246 §6.2.1
  record_in_the_clear,  // RFC 8446 §2: behind the ServerHello of TLS 1.3
  behind_close_notify,  // RFC 8446 §6.1, RFC 5246 §7.2.1
};

/// A row that watches: the ending that the flaw is for it, on whatever connection of the run.
struct Watch {
  Flaw flaw = Flaw::random_repeated;
  Ending ending;
};

}  // namespace assay
