// Two ends in memory, one of them lenient, and somebody between them who alters what passes.
// Used by the tests of the lenient channel.
#pragma once

#include "harness/channel/lenient.h"
#include "harness/channel/oracle.h"
#include "harness/crypto/protection.h"
#include "harness/pki/authority.h"
#include "harness/wire/handshake.h"
#include "harness/wire/record.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace assay {

inline ServerIdentity identity() {
  static KeyRing keys;
  static const Authority kAuthority(std::chrono::system_clock::now(), keys);
  const std::vector<std::string> names = {"localhost"};
  const Identity issued = kAuthority.issue(ChainSpec{}, names);
  return {issued.chain, issued.key.private_der(), issued.staple};
}

/// A version and a suite, as libssl spells it.
struct Profile {
  TlsVersion version;
  const char* suite;
  bool retry = false;  // the server wants another group than the first
};

inline constexpr Profile kProfiles[] = {
    {TlsVersion::tls12, "ECDHE-ECDSA-AES128-GCM-SHA256"},
    {TlsVersion::tls12, "ECDHE-ECDSA-AES256-GCM-SHA384"},
    {TlsVersion::tls12, "ECDHE-ECDSA-CHACHA20-POLY1305"},
    {TlsVersion::tls12, "ECDHE-ECDSA-AES128-CCM"},
    {TlsVersion::tls12, "ECDHE-ECDSA-AES256-CCM8"},
    {TlsVersion::tls13, "TLS_AES_128_GCM_SHA256"},
    {TlsVersion::tls13, "TLS_AES_256_GCM_SHA384"},
    {TlsVersion::tls13, "TLS_CHACHA20_POLY1305_SHA256"},
    {TlsVersion::tls13, "TLS_AES_128_CCM_SHA256"},
    {TlsVersion::tls13, "TLS_AES_128_CCM_8_SHA256"},
    {TlsVersion::tls13, "TLS_AES_128_GCM_SHA256", true},
};
inline constexpr Profile kGcm12 = kProfiles[0];
inline constexpr Profile kGcm13 = kProfiles[5];
inline constexpr Profile kCbc12 = {TlsVersion::tls12, "ECDHE-ECDSA-AES128-SHA"};

inline std::shared_ptr<const OracleContext> context(Role role, const Profile& profile) {
  OracleConfig config;
  config.role = role;
  config.min_version = config.max_version = profile.version;
  config.key_log = true;
  if (profile.version == TlsVersion::tls13) {
    config.suites13 = profile.suite;
  } else {
    config.ciphers = std::string(profile.suite) + ":@SECLEVEL=0";
  }
  if (profile.retry) config.groups = role == Role::server ? "P-384" : "X25519:P-384";
  if (role == Role::server) config.identity = identity();
  return std::make_shared<const OracleContext>(config);
}

inline std::vector<Bytes> records_of(View octets) {
  RecordSplitter splitter;
  splitter.feed(octets);
  std::vector<Bytes> records;
  while (auto record = splitter.next()) records.push_back(std::move(record->octets));
  return records;
}

inline Bytes joined(const std::vector<Bytes>& records) {
  Bytes octets;
  for (const Bytes& record : records) append(octets, record);
  return octets;
}

using Tamper = std::function<Bytes(const Bytes&)>;

/// Two ends, one of them lenient, and somebody between them who may alter what goes to the lenient
/// one.
class Ends {
 public:
  Ends(const Profile& profile, Sins tolerated, Role lenient_role = Role::server)
      : role_(lenient_role) {
    auto server = make_oracle(context(Role::server, profile));
    auto client = make_oracle(context(Role::client, profile));
    subject_ = lenient(std::move(role_ == Role::server ? server : client), {tolerated}, role_);
    peer_ = std::move(role_ == Role::server ? client : server);
    subject_->start();
    peer_->start();
  }

  /// Until both are silent; octets to the subject `chunk` at a time.
  void exchange(const Tamper& tamper = {}, std::size_t chunk = 100'000) {
    for (bool moved = true; moved;) {
      Bytes to_subject = peer_->take_output();
      moved = !to_subject.empty();
      if (tamper) to_subject = tamper(to_subject);
      feed_octets(to_subject, chunk);
      const Bytes to_peer = subject_->take_output();
      moved = moved || !to_peer.empty();
      peer_->feed(to_peer);
      collect();
    }
  }

  /// The records of one text each.
  std::vector<Bytes> sealed_by_peer(std::initializer_list<std::string_view> texts) {
    exchange();
    for (const std::string_view text : texts) peer_->send(view_of(text));
    return records_of(peer_->take_output());
  }
  void feed(const std::vector<Bytes>& records, std::size_t chunk = 100'000) {
    feed_octets(joined(records), chunk);
    collect();
  }

  [[nodiscard]] Channel& subject() { return *subject_; }
  [[nodiscard]] Channel& peer() { return *peer_; }
  [[nodiscard]] const std::string& received() const { return received_; }
  [[nodiscard]] std::optional<std::uint8_t> refusal() const { return refusal_; }
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  void feed_octets(View octets, std::size_t chunk) {
    for (std::size_t at = 0; at < octets.size(); at += chunk) {
      subject_->feed(octets.subspan(at, std::min(chunk, octets.size() - at)));
    }
  }
  void collect() {
    while (const auto event = subject_->next_event()) {
      if (const auto* data = std::get_if<Received>(&*event)) received_ += text_of(data->octets);
      if (const auto* failure = std::get_if<LocalFailure>(&*event)) {
        refusal_ = failure->sent ? failure->sent->description : 0xff;
      }
      ended_ = ended_ || std::holds_alternative<InputEnded>(*event);
    }
  }

  Role role_;
  std::unique_ptr<Channel> subject_;
  std::unique_ptr<Channel> peer_;
  std::string received_;
  std::optional<std::uint8_t> refusal_;
  bool ended_ = false;
};

/// Breaks the tag of the first protected record: that of the peer's Finished, or of what stands
/// before it.
inline Tamper breaks_first_tag(const Profile& profile) {
  return [profile, clear = true, done = false](const Bytes& octets) mutable {
    std::vector<Bytes> records = records_of(octets);
    for (Bytes& record : records) {
      const bool sealed13 = profile.version == TlsVersion::tls13 && record[0] == 23;
      const bool sealed12 = profile.version == TlsVersion::tls12 && !clear;
      if ((sealed12 || sealed13) && !std::exchange(done, true)) record.back() ^= 0x01;
      if (record[0] == 20) clear = false;
    }
    return joined(records);
  };
}

}  // namespace assay
