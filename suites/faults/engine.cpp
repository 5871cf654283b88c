// Faults and liberties of a server's TLS that only our own engine can show: what it should refuse
// and takes (a Sin), and how it words its refusals.
#include "suites/faults/engine_hooks.h"

namespace assay::faults {
namespace {

constexpr NamedFault kFaults[] = {
    {.name = "takes_any_share",
     .summary = "A share that is no element of its group is taken, with zeros for a secret",
     .apply = takes<Sin::key_share_invalid>},
    {.name = "refuses_by_decode_error",
     .kind = NamedFault::Kind::liberty,
     .summary = "Whatever is refused in TLS is refused by decode_error",
     .apply = refuses_by<alert::kDecodeError>},
    {.name = "refuses_by_other_alert",
     .kind = NamedFault::Kind::liberty,
     .summary = "Whatever is refused in TLS is refused by internal_error",
     .apply = refuses_by<alert::kInternalError>},
    {.name = "refuses_by_close",
     .kind = NamedFault::Kind::liberty,
     .summary = "Whatever is refused in TLS is refused by a close without an alert",
     .apply = refuses_by_close},
};

}  // namespace

std::span<const NamedFault> engine() { return kFaults; }

}  // namespace assay::faults
