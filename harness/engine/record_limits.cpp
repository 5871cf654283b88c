#include "harness/engine/record_limits.h"

#include "harness/wire/alert.h"

#include <algorithm>

namespace assay::engine {
namespace {

/// RFC 6066 §4: 2^9 to 2^12.
std::size_t size_of_code(std::uint8_t code) { return std::size_t{1} << (8U + code); }

/// RFC 8449 §4: in TLS 1.3 the type is counted, and so is padding.
void limit_protected_records(Core& core, std::uint16_t of_peer) {
  const std::size_t type = core.exchange().version == TlsVersion::tls13 ? 1 : 0;
  const std::size_t theirs = std::max<std::size_t>(of_peer, type) - type;
  core.limit_writes(std::min(theirs, kMaxPlaintext));
  const auto& own = core.config().record_size_limit;
  if (own) core.limit_reads(std::min(std::max<std::size_t>(*own, type) - type, kMaxPlaintext));
}

bool sizes_by_limit(const Config& config, const Wanted& wanted) {
  return wanted.record_size_limit && config.record_size_limit;
}

/// RFC 8449 §5: a server that knows both passes over the older one.
bool sizes_by_code(const Config& config, const Wanted& wanted) {
  return wanted.max_fragment_length && config.max_fragment_length &&
         !sizes_by_limit(config, wanted);
}

}  // namespace

void limit_records(Core& core, const Wanted& wanted) {
  if (sizes_by_limit(core.config(), wanted)) {
    limit_protected_records(core, *wanted.record_size_limit);
  } else if (sizes_by_code(core.config(), wanted)) {
    core.limit_fragments(size_of_code(*wanted.max_fragment_length));
  }
}

void put_record_limits(const Config& config, const Wanted& wanted, std::vector<Extension>& answer) {
  if (sizes_by_limit(config, wanted)) {
    answer.push_back({extension::kRecordSizeLimit, encode(Number16{*config.record_size_limit})});
  } else if (sizes_by_code(config, wanted)) {
    answer.push_back(
        {extension::kMaxFragmentLength, encode(MaxFragmentLength{*wanted.max_fragment_length})});
  }
}

bool take_record_limits(Core& core, const Offer& offer, const std::vector<Extension>& answer) {
  const Extension* limited = find_extension(answer, extension::kRecordSizeLimit);
  const Extension* coded = find_extension(answer, extension::kMaxFragmentLength);
  if (coded != nullptr) {
    const auto chosen = core.read<MaxFragmentLength>(*coded);
    if (!chosen) return false;
    const Extension* asked = offer.hello.find(extension::kMaxFragmentLength);
    const bool same = asked != nullptr && equal(asked->extension_data, coded->extension_data);
    // RFC 6066 §4: what was asked for; RFC 8449 §5: never both.
    if (!core.require(same && limited == nullptr, Sin::max_fragment_length_value,
                      alert::kIllegalParameter, "a max_fragment_length that was not asked for")) {
      return false;
    }
    if (chosen->code >= 1 && chosen->code <= 4) core.limit_fragments(size_of_code(chosen->code));
  }
  if (limited == nullptr) return true;
  const auto limit = core.read<Number16>(*limited);
  if (!limit || !core.require(limit->value >= 64, Sin::record_size_limit_small,
                              alert::kIllegalParameter, "a record_size_limit below 64")) {
    return false;
  }
  limit_protected_records(core, limit->value);
  return true;
}

}  // namespace assay::engine
