#include "fuzz/tls_choice.h"

namespace assay::fuzz {
namespace {

bool bit(std::uint8_t octet, unsigned place) { return ((unsigned{octet} >> place) & 1U) != 0; }

Sins all_sins() {
  Sins sins;
  for (std::size_t i = 0; i < kSinCount; ++i) sins.set(static_cast<Sin>(i));
  return sins;
}

/// 0 none, 0xff all, else the one of that number; further numbers are none.
Sins sins_of(std::uint8_t octet) {
  if (octet == UINT8_MAX) return all_sins();
  if (octet == 0 || octet > kSinCount) return {};
  return {static_cast<Sin>(octet - 1)};
}

void read_versions(TlsChoice& choice, std::uint8_t octet) {
  const unsigned versions = octet & 3U;
  if (versions == 0) choice.max_version = TlsVersion::tls12;
  if (versions == 1) choice.min_version = TlsVersion::tls13;
  choice.suites = octet >> 2U & 7U;
  choice.ed25519 = bit(octet, 5);
  choice.grease = bit(octet, 6);
}

void read_handshake(TlsChoice& choice, std::uint8_t octet) {
  choice.groups = static_cast<TlsChoice::Groups>(octet & 3U);
  choice.client_certificate = bit(octet, 2);
  choice.certificate_asked = bit(octet, 3);
  choice.retry_always = bit(octet, 4);
  choice.retry_with_cookie = bit(octet, 5);
  choice.resumption = static_cast<TlsChoice::Resumption>(octet >> 6U & 3U);
}

void read_features(TlsChoice& choice, std::uint8_t octet) {
  choice.alpn = bit(octet, 0);
  choice.plain_tls12 = bit(octet, 1);
  choice.record_size_limit = bit(octet, 2);
  choice.psk_without_dhe = bit(octet, 3);
  choice.without_tickets = bit(octet, 4);
  choice.renegotiation = bit(octet, 5);
  choice.without_middlebox_compatibility = bit(octet, 6);
  choice.post_handshake = bit(octet, 7);
}

}  // namespace

std::optional<TlsChoice> read_choice(View input) {
  if (input.size() < kChoiceOctets) return std::nullopt;
  TlsChoice choice;
  choice.opposite = (input[0] & 7U) == 7;
  choice.compared = bit(input[0], 3);
  choice.lenient_peer = bit(input[0], 4);
  choice.seed = input[1];
  read_versions(choice, input[2]);
  read_handshake(choice, input[3]);
  read_features(choice, input[4]);
  choice.tolerated = sins_of(input[5]);
  return choice;
}

}  // namespace assay::fuzz
