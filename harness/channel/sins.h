// Sins: what an end of TLS should refuse and can be told to take. Every validation of the engine
// goes through one gate that reads this set, so the list of sins is the list of lenient peers; the
// first five are the lenient end's (harness/channel/lenient.h) alone. Used by fault tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace assay {

enum class Sin : std::uint8_t {
  /// RFC 8446 §5.2, RFC 5246 §6.2.3.3: a record that fails to decrypt is bad_record_mac. This end
  /// never looks at the tag and acts on whatever the octets decrypt to. Where the nonce travels
  /// in the record (TLS 1.2 with GCM or CCM) that makes it blind to sequence numbers as well.
  bad_record_tag,
  /// RFC 8446 §5.2, RFC 5246 §6.2.3.3: the whole tag counts. This end compares its first half.
  half_record_tag,
  /// RFC 8446 §6.2, RFC 5246 §7.2.2: a fatal error ends the connection. This end drops the bad
  /// record and goes on with the next.
  bad_record_dropped,
  /// RFC 8446 §5.3, RFC 5246 §6.2.3: numbers follow one another. This end takes records that come
  /// before or after their turn.
  record_out_of_order,
  /// RFC 8446 §5.3, RFC 5246 §6.2.3: a number is used once. This end takes a record again.
  record_replayed,
  /// RFC 8446 §5.2, RFC 5246 §6.2.3: a protected record has its limit of length.
  ciphertext_too_long,
  /// RFC 8446 §5.1, RFC 5246 §6.2.1: what a record holds is at most 2^14 octets, or what was
  /// agreed (RFC 8449 §4).
  plaintext_too_long,
  /// RFC 8446 §5.2: once there are keys a record comes under them.
  record_unprotected,
  /// RFC 8446 §5, RFC 5246 §6: a content type that was not agreed is unexpected_message.
  record_type_unknown,
  /// RFC 8446 §5.1: handshake and alert records are not empty.
  fragment_empty,
  /// RFC 8446 §5.1: nothing comes between the parts of a message.
  messages_interleaved,
  /// RFC 8446 §5.1: a message ends where keys change.
  message_across_keys,
  /// RFC 8446 §5, RFC 5246 §7.1: it is one octet, 1.
  change_cipher_spec_value,
  /// RFC 8446 §5, RFC 5246 §7.1: it has its place in the handshake and no other.
  change_cipher_spec_place,
  /// RFC 8446 §6, RFC 5246 §7.2: an alert is two octets, alone in its record.
  alert_malformed,
  /// RFC 8446 §6.2, RFC 5246 §7.2.2: a fatal alert ends the connection. This end reads on.
  fatal_alert_ignored,
  /// RFC 8446 §6.2, RFC 5246 §7.4.1.2: a message that goes on behind its last field is malformed.
  trailing_data,
  /// RFC 8446 §6.2: a field that cannot be read is decode_error. This end takes what it can read
  /// of an extension, and a length that may not be.
  field_malformed,
  /// RFC 8446 §4.2, RFC 5246 §7.4.1.4: an extension comes once.
  extension_repeated,
  /// RFC 8446 §4.2, RFC 5246 §7.4.1.4: an answer has no extension that was not offered.
  extension_unasked,
  /// RFC 8446 §4.2: an extension stands in the messages that it is defined for.
  extension_misplaced,
  /// RFC 8446 §9.2: some extensions must come.
  extension_missing,
  /// RFC 8446 §4.1.2: TLS 1.3 has the null method alone.
  compression_offered,
  /// RFC 5246 §7.4.1.2: the null method is always offered.
  null_compression_missing,
  /// RFC 7507 §3: a client that fell back is told so by a server that can do better.
  fallback_inappropriate,
  /// RFC 8996 §2, §3, RFC 7568 §3: SSL 3.0, TLS 1.0 and TLS 1.1 are not negotiated.
  old_version,
  /// RFC 8446 §4.2.8, §7.4.2, RFC 7748 §6, RFC 8422 §5.11: a share that is no element of its
  /// group, or gives zeros, is refused. This end goes on with zeros for a secret, over a finite
  /// field
  /// of TLS 1.2 with what it computes.
  key_share_invalid,
  /// RFC 8446 §4.2.8: one share a group, each group among the supported ones.
  key_share_repeated,
  /// RFC 8446 §4.1.2: the second hello has the one share that was asked for.
  second_hello_share,
  /// RFC 8446 §4.1.2: the second hello is the first but for what was asked for.
  second_hello_changed,
  /// RFC 6066 §3: one name a type, none of them empty, no octet left over.
  name_malformed,
  /// RFC 8449 §4: 64 octets at least.
  record_size_limit_small,
  /// RFC 6066 §4: 1 to 4, and in an answer what was asked for; RFC 8449 §5: not beside a
  /// record_size_limit.
  max_fragment_length_value,
  /// RFC 8446 §4.2.10: no more early data than the ticket granted.
  early_data_too_long,
  /// RFC 8446 §4.2.11: pre_shared_key is the last extension.
  psk_not_last,
  /// RFC 8446 §4.2.11.2: the binder of the chosen identity verifies.
  psk_binder,
  /// RFC 8446 §4.2.11: as many binders as identities.
  psk_binder_count,
  /// RFC 8446 §4.2.9: no mode offered, no resumption; a mode that was not offered is not used.
  psk_modes,
  /// RFC 8446 §4.2.11: a PSK goes with suites of its hash.
  psk_hash,
  /// RFC 8446 §4.2.11, RFC 5077 §3.1: a ticket that was altered resumes nothing. This end passes
  /// over what is wrong with it.
  ticket_unknown,
  /// RFC 5746 §3.4, §3.6, §3.7: empty in a first handshake, both ends' verify_data in a later
  /// one.
  renegotiation_info,
  /// RFC 7627 §5.3: a session with it is not resumed without it, nor the other way.
  resumed_without_extended_master_secret,
  /// RFC 8446 §4.2.1, RFC 5246 §7.4.1.3: the version is one of those that were offered.
  version_not_offered,
  /// RFC 8446 §4.1.3, RFC 5246 §7.4.1.3: the suite is one of those that were offered, and of the
  /// version.
  suite_not_offered,
  /// RFC 8446 §4.1.3: the session id comes back as it was sent.
  session_id_not_echoed,
  /// RFC 8446 §4.1.3, RFC 5246 §7.4.1.3: the method is one that was offered.
  compression_chosen,
  /// RFC 8446 §4.1.3: a random that says that its server could do better ends a handshake below
  /// TLS 1.3.
  downgrade,
  /// RFC 8446 §4.1.4: a retry changes something, comes once, and asks for what was supported.
  retry_pointless,
  /// RFC 8446 §4.1.4: the ServerHello keeps what the retry said.
  retry_broken,
  /// RFC 8446 §4.2.8, RFC 8422 §5.4: the group is one that was offered.
  group_not_offered,
  /// RFC 8446 §4.2.10, §4.2.11: the identity is one that was offered, its hash is that of the
  /// suite, and it is the first where early data is taken.
  psk_index,
  /// RFC 7301 §3.1: the protocol is one that was offered.
  alpn_not_offered,
  /// RFC 8446 §4.4.3, RFC 5246 §7.4.3, §7.4.8: the signature is of a kind that was offered and
  /// that the key can make.
  scheme_not_offered,
  /// RFC 8446 §4.4.3, RFC 5246 §7.4.3, §7.4.8: the signature verifies.
  signature_wrong,
  /// RFC 8446 §4.4.2.4, RFC 5246 §7.4.2: a server has a certificate; a client has one where it is
  /// required.
  certificate_missing,
  /// RFC 8446 §4.4.2.4: a chain that does not verify ends the handshake.
  certificate_refused,
  /// RFC 5246 §7.4.2, RFC 8446 §4.4.2.2: the key is fit for the suite.
  certificate_key,
  /// RFC 8446 §4.4.4, RFC 5246 §7.4.9: verify_data is as computed, whole and no longer.
  finished_wrong,
  /// RFC 8446 §4.4.4, RFC 5246 §7.4.9: all of verify_data counts. This end compares what came.
  finished_prefix,
  /// RFC 7919 §4, RFC 9325 §4.1: a finite field of less than 2048 bits is not used.
  dh_small,
  /// RFC 5246 §7.4.7.1: the premaster secret begins with the version that was offered.
  premaster_version,
  /// RFC 8446 §4.6.3: it is 0 or 1.
  key_update_value,
  /// RFC 8446 §4.6.3, §5.2: behind a KeyUpdate the old key opens nothing. This end tries it as
  /// well.
  old_keys_kept,
  /// RFC 8446 §4.6.1: a week at most.
  ticket_lifetime,
};
inline constexpr std::size_t kSinCount = static_cast<std::size_t>(Sin::ticket_lifetime) + 1;

/// "bad_record_tag", as faults and reports spell it.
[[nodiscard]] std::string_view slug_of(Sin sin);
/// "RFC 8446 §5.2, RFC 5246 §6.2.3.3": the text that forbids it.
[[nodiscard]] std::string_view clause_of(Sin sin);
[[nodiscard]] std::optional<Sin> find_sin(std::string_view slug);

/// A set of sins; usable in constexpr tables.
class Sins {
 public:
  constexpr Sins() = default;
  constexpr Sins(std::initializer_list<Sin> sins) {
    for (const Sin sin : sins) set(sin);
  }

  [[nodiscard]] constexpr bool has(Sin sin) const { return (bits_ & bit(sin)) != 0; }
  [[nodiscard]] constexpr bool any() const { return bits_ != 0; }
  [[nodiscard]] constexpr bool none() const { return bits_ == 0; }
  constexpr void set(Sin sin) { bits_ |= bit(sin); }
  constexpr Sins operator|(Sins other) const {
    Sins both;
    both.bits_ = bits_ | other.bits_;
    return both;
  }
  constexpr bool operator==(const Sins&) const = default;

 private:
  static_assert(kSinCount <= 64, "a wider set is due");
  static constexpr std::uint64_t bit(Sin sin) {
    return std::uint64_t{1} << static_cast<std::uint64_t>(sin);
  }

  std::uint64_t bits_ = 0;
};

}  // namespace assay
