// Watched: an end of TLS under test, every promise of Channel held against it as it goes: what ends
// stays ended, and what is said is bounded by what was heard. Used by tls_play.cpp.
#pragma once

#include "harness/channel/channel.h"

#include <string>
#include <vector>

namespace assay::fuzz {

/// All that an end did, to be compared.
struct Outcome {
  std::vector<std::string> events;  // application data that arrived in pieces is one
  Bytes output;
  bool operator==(const Outcome&) const = default;
};

class Watched {
 public:
  /// `ignores_alerts`: a fatal alert does not end it.
  Watched(std::unique_ptr<Channel> end, bool ignores_alerts);

  void start();
  void feed(View octets);
  void send(View plaintext);
  void close();
  /// What the end was told to do by other means has happened.
  void look();
  /// The peer's octets are over; nothing that is called afterwards says more than it may.
  [[nodiscard]] Outcome finish();

  [[nodiscard]] Channel& end() { return *end_; }
  /// What was said since the last call.
  [[nodiscard]] Bytes take();

 private:
  void keep(Event event);

  std::unique_ptr<Channel> end_;
  bool ignores_alerts_;
  bool over_ = false;   // it failed, or was told to
  bool ended_ = false;  // the peer's octets
  bool done_ = false;   // the handshake
  std::size_t fed_ = 0;
  std::size_t asked_ = 0;  // octets that we had it send
  std::size_t taken_ = 0;
  bool received_last_ = false;
  Outcome outcome_;
};

}  // namespace assay::fuzz
