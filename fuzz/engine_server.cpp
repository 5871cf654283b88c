// Fuzz target engine_server: our own server in memory. tls_play.h says how an input is read.
#include "fuzz/target.h"
#include "fuzz/tls_play.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return assay::fuzz::examine_tls({assay::Role::server, assay::fuzz::Library::engine},
                                  {data, size});
}
