#include "harness/wire/describe.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace assay {
namespace {

constexpr std::pair<ContentType, std::string_view> kContentTypes[] = {
    {ContentType::change_cipher_spec, "change_cipher_spec"},
    {ContentType::alert, "alert"},
    {ContentType::handshake, "handshake"},
    {ContentType::application_data, "application_data"},
    {ContentType::heartbeat, "heartbeat"},
};

constexpr std::pair<HandshakeType, std::string_view> kHandshakeTypes[] = {
    {HandshakeType::hello_request, "HelloRequest"},
    {HandshakeType::client_hello, "ClientHello"},
    {HandshakeType::server_hello, "ServerHello"},
    {HandshakeType::new_session_ticket, "NewSessionTicket"},
    {HandshakeType::end_of_early_data, "EndOfEarlyData"},
    {HandshakeType::encrypted_extensions, "EncryptedExtensions"},
    {HandshakeType::certificate, "Certificate"},
    {HandshakeType::server_key_exchange, "ServerKeyExchange"},
    {HandshakeType::certificate_request, "CertificateRequest"},
    {HandshakeType::server_hello_done, "ServerHelloDone"},
    {HandshakeType::certificate_verify, "CertificateVerify"},
    {HandshakeType::client_key_exchange, "ClientKeyExchange"},
    {HandshakeType::finished, "Finished"},
    {HandshakeType::certificate_url, "CertificateURL"},
    {HandshakeType::certificate_status, "CertificateStatus"},
    {HandshakeType::supplemental_data, "SupplementalData"},
    {HandshakeType::key_update, "KeyUpdate"},
    {HandshakeType::compressed_certificate, "CompressedCertificate"},
    {HandshakeType::message_hash, "message_hash"},
};

constexpr std::pair<std::uint8_t, std::string_view> kAlerts[] = {
    {0, "close_notify"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {21, "decryption_failed"},
    {22, "record_overflow"},
    {30, "decompression_failure"},
    {40, "handshake_failure"},
    {41, "no_certificate"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {60, "export_restriction"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {100, "no_renegotiation"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {111, "certificate_unobtainable"},
    {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"},
    {114, "bad_certificate_hash_value"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
    {120, "no_application_protocol"},
};

template <typename Table, typename Value>
std::string_view find_name(const Table& table, Value value) {
  for (const auto& [each, name] : table) {
    if (each == value) return name;
  }
  return {};
}

template <typename Table, typename Value>
std::string named(const Table& table, Value value, std::string_view otherwise) {
  const std::string_view name = find_name(table, value);
  if (!name.empty()) return std::string(name);
  return fmt::format("{}_{}", otherwise, static_cast<unsigned>(value));
}

/// "ServerHello, Certificate"; empty when the fragment is no row of whole, known messages.
std::string messages_in(View fragment) {
  HandshakeAssembler assembler;
  assembler.feed(fragment);
  std::string names;
  while (const auto message = assembler.next()) {
    if (find_name(kHandshakeTypes, message->type).empty()) return {};
    if (!names.empty()) names += ", ";
    names += name_of(message->type);
  }
  return assembler.empty() ? names : std::string();
}

/// "ServerHello (first part)"; empty when no known message begins here.
std::string beginning_of(View fragment) {
  if (fragment.size() < 4) return {};
  const auto type = static_cast<HandshakeType>(fragment[0]);
  const bool plausible = fragment[1] <= 1 && !find_name(kHandshakeTypes, type).empty();
  return plausible ? name_of(type) + " (first part)" : std::string();
}

std::string describe_alert(View fragment) {
  if (fragment.size() != 2) return fmt::format("alert, protected, {} bytes", fragment.size());
  const std::string name = alert_description_name(fragment[1]);
  if (fragment[0] == 1) return "alert warning " + name;
  if (fragment[0] == 2) return "alert fatal " + name;
  return fmt::format("alert level_{} {}", fragment[0], name);
}

std::string describe_handshake(View fragment) {
  std::string what = messages_in(fragment);
  if (what.empty()) what = beginning_of(fragment);
  if (what.empty()) return fmt::format("handshake, protected, {} bytes", fragment.size());
  return fmt::format("handshake {} {} bytes", what, fragment.size());
}

}  // namespace

std::string name_of(ContentType type) { return named(kContentTypes, type, "type"); }

std::string name_of(HandshakeType type) { return named(kHandshakeTypes, type, "message"); }

std::string alert_description_name(std::uint8_t description) {
  return named(kAlerts, description, "alert");
}

std::string describe(const Record& record) {
  const View fragment = record.fragment();
  if (record.header.type == ContentType::alert) return describe_alert(fragment);
  if (record.header.type == ContentType::handshake) return describe_handshake(fragment);
  return fmt::format("{} {} bytes", name_of(record.header.type), fragment.size());
}

}  // namespace assay
