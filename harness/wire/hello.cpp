#include "harness/wire/hello.h"

#include <algorithm>
#include <array>

namespace assay {
namespace {

// RFC 8446 §4.1.3: a ServerHello with this random is a HelloRetryRequest.
constexpr std::array<std::uint8_t, kRandomSize> kHelloRetryRandom = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

// RFC 8446 §4.1.3: "DOWNGRD" and one octet that says from what.
constexpr std::array<std::uint8_t, 8> kToTls12 = {0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x01};
constexpr std::array<std::uint8_t, 8> kBelowTls12 = {0x44, 0x4f, 0x57, 0x4e,
                                                     0x47, 0x52, 0x44, 0x00};

}  // namespace

const Extension* ClientHello::find(std::uint16_t type) const {
  return find_extension(extensions, type);
}

std::vector<std::uint16_t> ClientHello::versions() const {
  const Extension* offered = find(extension::kSupportedVersions);
  if (offered == nullptr) return {legacy_version};
  const auto list = decode<VersionList>(offered->extension_data);
  return list ? list->versions : std::vector<std::uint16_t>();
}

bool ClientHello::offers_suite(std::uint16_t suite) const {
  return std::find(cipher_suites.begin(), cipher_suites.end(), suite) != cipher_suites.end();
}

const Extension* ServerHello::find(std::uint16_t type) const {
  return find_extension(extensions, type);
}

std::uint16_t ServerHello::version() const {
  const Extension* chosen = find(extension::kSupportedVersions);
  if (chosen == nullptr) return legacy_version;
  const auto number = decode<Number16>(chosen->extension_data);
  return number ? number->value : std::uint16_t{0};
}

bool ServerHello::is_hello_retry_request() const { return equal(random, kHelloRetryRandom); }

bool ServerHello::encrypt_then_mac() const { return find(extension::kEncryptThenMac) != nullptr; }

bool ServerHello::extended_master_secret() const {
  return find(extension::kExtendedMasterSecret) != nullptr;
}

Bytes hello_retry_random() { return bytes_of(View(kHelloRetryRandom)); }

DowngradeMark downgrade_mark(View server_random) {
  if (server_random.size() < kToTls12.size()) return DowngradeMark::none;
  const View mark = server_random.last(kToTls12.size());
  if (equal(mark, kToTls12)) return DowngradeMark::to_tls12;
  return equal(mark, kBelowTls12) ? DowngradeMark::below_tls12 : DowngradeMark::none;
}

void mark_downgrade(Bytes& server_random, DowngradeMark mark) {
  if (mark == DowngradeMark::none || server_random.size() < kToTls12.size()) return;
  const auto& octets = mark == DowngradeMark::to_tls12 ? kToTls12 : kBelowTls12;
  std::copy(octets.begin(), octets.end(),
            server_random.end() - static_cast<std::ptrdiff_t>(octets.size()));
}

}  // namespace assay
