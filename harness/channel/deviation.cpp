#include "harness/channel/deviation.h"

namespace assay {

std::string_view slug_of(Sin sin) {
  switch (sin) {
    case Sin::bad_record_tag:
      return "bad_record_tag";
    case Sin::half_record_tag:
      return "half_record_tag";
    case Sin::bad_record_dropped:
      return "bad_record_dropped";
    case Sin::record_out_of_order:
      return "record_out_of_order";
    case Sin::record_replayed:
      return "record_replayed";
  }
  return "unknown";
}

std::optional<Sin> find_sin(std::string_view slug) {
  for (const Sin sin : kSins) {
    if (slug_of(sin) == slug) return sin;
  }
  return std::nullopt;
}

}  // namespace assay
