// Fuzz target tls_server_openssl: libssl's server in memory. tls_play.h says how an input is read.
#include "fuzz/target.h"
#include "fuzz/tls_mutator.h"

namespace {

constexpr assay::fuzz::Subject kSubject{assay::Role::server, assay::fuzz::Library::openssl};

}  // namespace

// libFuzzer gives the name. NOLINTNEXTLINE(readability-identifier-naming)
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed);

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return assay::fuzz::examine_tls(kSubject, {data, size});
}

std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most,
                                    unsigned seed) {
  return assay::fuzz::mutate_tls(kSubject, data, size, most, seed);
}
