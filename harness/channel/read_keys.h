// ReadKeys: finds out, by watching both directions and the key log, with which keys an end reads.
// Used by the lenient end, which cannot ask libssl.
#pragma once

#include "harness/channel/channel.h"
#include "harness/crypto/protection.h"
#include "harness/wire/handshake.h"
#include "harness/wire/hello.h"
#include "harness/wire/record.h"

#include <optional>
#include <string_view>

namespace assay {

class ReadKeys {
 public:
  /// `role` is that of the end whose keys are wanted.
  explicit ReadKeys(Role role) : role_(role) {}

  /// Octets to the end (in whole records) and from it (anyhow). Looked at until the ServerHello has
  /// been seen.
  void see_incoming(const Record& record);
  void see_outgoing(View octets);
  /// One NSS key log line.
  void see_key_log(std::string_view line);

  /// True once a ServerHello was seen.
  [[nodiscard]] bool negotiated() const { return version_.has_value(); }
  [[nodiscard]] bool tls13() const { return version_ == 0x0304; }
  /// False for what nobody here can open: CBC suites, versions below TLS 1.2, early data.
  [[nodiscard]] bool readable() const;

  /// Nothing while a line of the key log is missing. TLS 1.2 has the application keys alone.
  [[nodiscard]] std::optional<RecordProtection> handshake_keys() const;
  [[nodiscard]] std::optional<RecordProtection> application_keys() const;
  /// RFC 8446 §7.2: the peer has sent KeyUpdate; its next generation of keys.
  void update();

 private:
  void see(HandshakeAssembler& assembler, const Record& record);
  void see_message(const HandshakeMessage& message);

  Role role_;
  HandshakeAssembler incoming_;
  RecordSplitter outgoing_octets_;
  HandshakeAssembler outgoing_;

  bool early_data_ = false;
  std::optional<std::uint16_t> version_;
  const CipherSuite* suite_ = nullptr;
  Bytes server_random_;

  Bytes client_random_;
  Bytes master_secret_;
  Bytes handshake_secret_;
  Bytes application_secret_;
};

}  // namespace assay
