// What AddressSanitizer is told where libcrypto allocates a thousand times a handshake: it is not
// built with frame pointers, so a trace of its own says nothing, and a quarantine of 256 MB is all
// page faults. ASAN_OPTIONS goes over these.

// AddressSanitizer gives the name.
// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl*,readability-identifier-naming)
extern "C" const char* __asan_default_options();

extern "C" const char* __asan_default_options() {
  return "malloc_context_size=2:quarantine_size_mb=4:thread_local_quarantine_size_kb=64";
}
