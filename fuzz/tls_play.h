// What all targets that speak TLS do with an input: six octets of choices (tls_choice.h), then what
// a peer says, as it is on the wire, or how an honest engine opposite is edited (edits.h).
#pragma once

#include "fuzz/tls_ends.h"
#include "fuzz/watched.h"

namespace assay::fuzz {

struct Subject {
  Role role = Role::server;
  Library library = Library::engine;
};

/// The result of LLVMFuzzerTestOneInput.
[[nodiscard]] int examine_tls(const Subject& subject, View input);

/// Plays the edits; `heard` is given all that the end under test was fed.
[[nodiscard]] Outcome play_opposite(const Subject& subject, const TlsChoice& choice, View edits,
                                    std::uint8_t seed, Bytes* heard = nullptr);

}  // namespace assay::fuzz
