#include "harness/channel/sins.h"

#include <algorithm>
#include <iterator>

namespace assay {
namespace {

struct Entry {
  Sin sin;
  std::string_view slug;
  std::string_view clause;
};

// In the order of the enumeration.
constexpr Entry kEntries[] = {
    {Sin::bad_record_tag, "bad_record_tag", "RFC 8446 §5.2, RFC 5246 §6.2.3.3"},
    {Sin::half_record_tag, "half_record_tag", "RFC 8446 §5.2, RFC 5246 §6.2.3.3"},
    {Sin::bad_record_dropped, "bad_record_dropped", "RFC 8446 §6.2, RFC 5246 §7.2.2"},
    {Sin::record_out_of_order, "record_out_of_order", "RFC 8446 §5.3, RFC 5246 §6.2.3"},
    {Sin::record_replayed, "record_replayed", "RFC 8446 §5.3, RFC 5246 §6.2.3"},
    {Sin::ciphertext_too_long, "ciphertext_too_long", "RFC 8446 §5.2, RFC 5246 §6.2.3"},
    {Sin::plaintext_too_long, "plaintext_too_long", "RFC 8446 §5.1, RFC 5246 §6.2.1"},
    {Sin::record_unprotected, "record_unprotected", "RFC 8446 §5.2"},
    {Sin::record_type_unknown, "record_type_unknown", "RFC 8446 §5, RFC 5246 §6"},
    {Sin::fragment_empty, "fragment_empty", "RFC 8446 §5.1"},
    {Sin::messages_interleaved, "messages_interleaved", "RFC 8446 §5.1"},
    {Sin::message_across_keys, "message_across_keys", "RFC 8446 §5.1"},
    {Sin::change_cipher_spec_value, "change_cipher_spec_value", "RFC 8446 §5, RFC 5246 §7.1"},
    {Sin::change_cipher_spec_place, "change_cipher_spec_place", "RFC 8446 §5, RFC 5246 §7.1"},
    {Sin::alert_malformed, "alert_malformed", "RFC 8446 §6, RFC 5246 §7.2"},
    {Sin::fatal_alert_ignored, "fatal_alert_ignored", "RFC 8446 §6.2, RFC 5246 §7.2.2"},
    {Sin::trailing_data, "trailing_data", "RFC 8446 §6.2, RFC 5246 §7.4.1.2"},
    {Sin::field_malformed, "field_malformed", "RFC 8446 §6.2"},
    {Sin::extension_repeated, "extension_repeated", "RFC 8446 §4.2, RFC 5246 §7.4.1.4"},
    {Sin::extension_unasked, "extension_unasked", "RFC 8446 §4.2, RFC 5246 §7.4.1.4"},
    {Sin::extension_misplaced, "extension_misplaced", "RFC 8446 §4.2"},
    {Sin::extension_missing, "extension_missing", "RFC 8446 §9.2"},
    {Sin::compression_offered, "compression_offered", "RFC 8446 §4.1.2"},
    {Sin::null_compression_missing, "null_compression_missing", "RFC 5246 §7.4.1.2"},
    {Sin::fallback_inappropriate, "fallback_inappropriate", "RFC 7507 §3"},
    {Sin::old_version, "old_version", "RFC 8996 §2, §3, RFC 7568 §3"},
    {Sin::key_share_invalid, "key_share_invalid",
     "RFC 8446 §4.2.8, §7.4.2, RFC 7748 §6, RFC 8422 §5.11"},
    {Sin::key_share_repeated, "key_share_repeated", "RFC 8446 §4.2.8"},
    {Sin::second_hello_share, "second_hello_share", "RFC 8446 §4.1.2"},
    {Sin::second_hello_changed, "second_hello_changed", "RFC 8446 §4.1.2"},
    {Sin::name_malformed, "name_malformed", "RFC 6066 §3"},
    {Sin::record_size_limit_small, "record_size_limit_small", "RFC 8449 §4"},
    {Sin::max_fragment_length_value, "max_fragment_length_value", "RFC 6066 §4, RFC 8449 §5"},
    {Sin::early_data_too_long, "early_data_too_long", "RFC 8446 §4.2.10"},
    {Sin::psk_not_last, "psk_not_last", "RFC 8446 §4.2.11"},
    {Sin::psk_binder, "psk_binder", "RFC 8446 §4.2.11.2"},
    {Sin::psk_binder_count, "psk_binder_count", "RFC 8446 §4.2.11"},
    {Sin::psk_modes, "psk_modes", "RFC 8446 §4.2.9"},
    {Sin::psk_hash, "psk_hash", "RFC 8446 §4.2.11"},
    {Sin::ticket_unknown, "ticket_unknown", "RFC 8446 §4.2.11, RFC 5077 §3.1"},
    {Sin::renegotiation_info, "renegotiation_info", "RFC 5746 §3.4, §3.6, §3.7"},
    {Sin::resumed_without_extended_master_secret, "resumed_without_extended_master_secret",
     "RFC 7627 §5.3"},
    {Sin::version_not_offered, "version_not_offered", "RFC 8446 §4.2.1, RFC 5246 §7.4.1.3"},
    {Sin::suite_not_offered, "suite_not_offered", "RFC 8446 §4.1.3, RFC 5246 §7.4.1.3"},
    {Sin::session_id_not_echoed, "session_id_not_echoed", "RFC 8446 §4.1.3"},
    {Sin::compression_chosen, "compression_chosen", "RFC 8446 §4.1.3, RFC 5246 §7.4.1.3"},
    {Sin::downgrade, "downgrade", "RFC 8446 §4.1.3"},
    {Sin::retry_pointless, "retry_pointless", "RFC 8446 §4.1.4"},
    {Sin::retry_broken, "retry_broken", "RFC 8446 §4.1.4"},
    {Sin::group_not_offered, "group_not_offered", "RFC 8446 §4.2.8, RFC 8422 §5.4"},
    {Sin::psk_index, "psk_index", "RFC 8446 §4.2.10, §4.2.11"},
    {Sin::alpn_not_offered, "alpn_not_offered", "RFC 7301 §3.1"},
    {Sin::scheme_not_offered, "scheme_not_offered", "RFC 8446 §4.4.3, RFC 5246 §7.4.3, §7.4.8"},
    {Sin::signature_wrong, "signature_wrong", "RFC 8446 §4.4.3, RFC 5246 §7.4.3, §7.4.8"},
    {Sin::certificate_missing, "certificate_missing", "RFC 8446 §4.4.2.4, RFC 5246 §7.4.2"},
    {Sin::certificate_refused, "certificate_refused", "RFC 8446 §4.4.2.4"},
    {Sin::certificate_key, "certificate_key", "RFC 5246 §7.4.2, RFC 8446 §4.4.2.2"},
    {Sin::finished_wrong, "finished_wrong", "RFC 8446 §4.4.4, RFC 5246 §7.4.9"},
    {Sin::finished_prefix, "finished_prefix", "RFC 8446 §4.4.4, RFC 5246 §7.4.9"},
    {Sin::dh_small, "dh_small", "RFC 7919 §4, RFC 9325 §4.1"},
    {Sin::premaster_version, "premaster_version", "RFC 5246 §7.4.7.1"},
    {Sin::key_update_value, "key_update_value", "RFC 8446 §4.6.3"},
    {Sin::old_keys_kept, "old_keys_kept", "RFC 8446 §4.6.3, §5.2"},
    {Sin::ticket_lifetime, "ticket_lifetime", "RFC 8446 §4.6.1"},
};
static_assert(std::size(kEntries) == kSinCount);
static_assert(std::ranges::is_sorted(kEntries, {}, &Entry::sin));

const Entry& entry_of(Sin sin) { return kEntries[static_cast<std::size_t>(sin)]; }

}  // namespace

std::string_view slug_of(Sin sin) { return entry_of(sin).slug; }

std::string_view clause_of(Sin sin) { return entry_of(sin).clause; }

std::optional<Sin> find_sin(std::string_view slug) {
  const auto* const found = std::ranges::find(kEntries, slug, &Entry::slug);
  if (found == std::end(kEntries)) return std::nullopt;
  return found->sin;
}

}  // namespace assay
