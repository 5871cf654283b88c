// Core: what every state of the engine stands on. It takes records apart into messages, holds each
// message against the order, says flights, and has the one gate through which every validation
// goes. Used by the states (client13.h, server13.h, client12.h, server12.h); knows none of them.
#pragma once

#include "harness/base/entropy.h"
#include "harness/engine/config.h"
#include "harness/engine/engine.h"
#include "harness/engine/handshake_hash.h"
#include "harness/engine/records.h"

#include <algorithm>

namespace assay::engine {

class Core;

inline constexpr std::size_t kHandshakeHeaderSize = 4;

/// A received message; its octets include the header.
struct Heard {
  HandshakeType type;
  View octets;

  [[nodiscard]] View body() const { return octets.subspan(kHandshakeHeaderSize); }
};

/// One role in one version. What it is called with is in order, and in the transcript. The order
/// may be another than the role's own: a message for which nothing is prepared is passed over.
class Side {
 public:
  virtual ~Side() = default;
  [[nodiscard]] virtual Order order() const = 0;
  virtual void start() {}
  virtual void on_message(const Heard& heard) = 0;
  virtual void on_change_cipher_spec() {}
  /// After the handshake: KeyUpdate, renegotiation and what else an application asks for.
  virtual void on_wish(const Wish& /*wish*/) {}
};

class Core final : public Engine {
 public:
  explicit Core(std::shared_ptr<const Config> config);

  // Channel.
  void start() override;
  void feed(View from_peer) override;
  void end_of_input(EndOfInput how) override;
  Bytes take_output() override;
  std::optional<Event> next_event() override;
  void send(View plaintext) override;
  void close() override;
  [[nodiscard]] bool established() const override { return established_ && !failed_; }
  [[nodiscard]] std::size_t unread() const override;
  void idle() override;
  std::vector<std::string> take_key_log() override;
  // Engine.
  [[nodiscard]] const Exchange& exchange() const override { return exchange_; }
  [[nodiscard]] std::vector<Session> take_sessions() override;
  void say(Flight flight) override;
  void wish(const Wish& wish) override;

  // For the states.
  [[nodiscard]] const Config& config() const { return *config_; }
  [[nodiscard]] Exchange& told() { return exchange_; }
  [[nodiscard]] HandshakeHash& transcript() { return transcript_; }
  [[nodiscard]] Entropy& chance() { return entropy_; }
  [[nodiscard]] State state() const { return state_; }

  /// The gate: true when it holds or is tolerated; else the handshake has failed with that alert.
  bool require(bool holds, Sin sin, std::uint8_t alert, std::string_view what);
  void fail(std::uint8_t alert, std::string_view what);
  [[nodiscard]] bool failed() const { return failed_; }
  /// A message as T; a failure (decode_error) when it is none. Octets behind it are a Sin of their
  /// own.
  template <typename T>
  [[nodiscard]] std::optional<T> read(View body);
  /// What is in an extension, likewise; one that is absent is not to be asked for.
  template <typename T>
  [[nodiscard]] std::optional<T> read(const Extension& of);
  /// A server's ClientHello, as its hook leaves it.
  [[nodiscard]] std::optional<ClientHello> read_hello(View body);

  void expect(State next) { state_ = next; }
  /// Another state machine takes over; the one that calls lives on until it returns.
  void become(std::unique_ptr<Side> side);
  void read_with(RecordKeys keys);
  /// Of protected records (RFC 8449 §4); a limit of none is taken for one.
  void limit_writes(std::size_t size) { writer_.limit = std::max<std::size_t>(size, 1); }
  void limit_reads(std::size_t size) { read_limit_ = size; }
  /// Of all records, both ways (RFC 6066 §4).
  void limit_fragments(std::size_t size);
  void agree_on_heartbeat() { heartbeat_agreed_ = true; }
  /// Records that do not open are passed over until one does, up to so many octets (RFC 8446
  /// §4.2.10: early data that was refused).
  void pass_over(std::size_t octets) { to_pass_over_ = octets; }
  /// RFC 8446 §4.2.10: of the application data in front of EndOfEarlyData.
  void limit_early_data(std::size_t octets) { early_data_left_ = octets; }
  void log_secret(std::string_view label, View secret);
  /// The handshake is done; version, suite and group are those of the exchange.
  void done(Agreement agreement);
  void keep(Session session) { sessions_.push_back(std::move(session)); }
  /// For a new handshake on this connection (RFC 5246 §7.4.1.1).
  void forget_handshake();
  /// The same, begun by `side`. Who calls takes over again when the peer will not have it.
  void start_again(std::unique_ptr<Side> side);

 private:
  void process();
  void take(Bytes record);
  void take_protected(View record);
  bool passes_over(std::size_t octets);
  void take_plain(View record);
  void dispatch(Opened opened, bool guarded);
  void take_handshake(View fragment);
  void take_message(Bytes message);
  void add_received(Bytes octets);
  void take_alert(View content);
  void take_change_cipher_spec(View content, bool guarded);
  [[nodiscard]] bool drops_change_cipher_spec() const;
  void go_back(std::uint8_t warning);
  void take_heartbeat(View content);
  void join_or_cut(View message);
  void flush_records();
  [[nodiscard]] Order order() const;
  [[nodiscard]] bool tls13() const { return exchange_.version == TlsVersion::tls13; }
  bool in_order(Token token, std::string_view what);
  void take_application_data(Bytes content);

  std::shared_ptr<const Config> config_;  // shared by all connections of one end
  Exchange exchange_;
  HandshakeHash transcript_;
  Entropy entropy_;
  std::unique_ptr<Side> side_;
  std::vector<std::unique_ptr<Side>> retired_;
  State state_ = State::client_hello;
  std::unique_ptr<Side> before_;  // while a renegotiation may still be refused
  Bytes random_before_;

  RecordSplitter splitter_;
  RecordReader reader_;
  RecordWriter writer_;
  HandshakeAssembler assembler_;
  std::size_t read_limit_ = kMaxPlaintext;
  std::size_t clear_limit_ = kMaxPlaintext;
  std::size_t to_pass_over_ = 0;
  std::size_t early_data_left_ = 0;
  bool anything_opened_ = false;
  bool heartbeat_agreed_ = false;

  std::vector<PlainRecord> unsealed_;
  Bytes output_;
  Bytes waiting_;  // application data from before the handshake is done
  std::vector<Event> events_;
  std::size_t events_at_ = 0;
  std::vector<std::string> key_log_;
  std::vector<Session> sessions_;
  bool established_ = false;
  bool failed_ = false;
  bool ended_ = false;
  bool close_sent_ = false;
  bool close_received_ = false;
};

template <typename T>
std::optional<T> Core::read(View body) {
  Decoder decoder(body);
  T message;
  fields(decoder, message);
  if (!decoder.ok()) {
    fail(alert::kDecodeError, decoder.failed_field());
    return std::nullopt;
  }
  decoder.end();
  // RFC 8446 §6.2, RFC 5246 §7.2.2: a message with something behind it is decode_error.
  if (!require(decoder.ok(), Sin::trailing_data, alert::kDecodeError, "octets behind a message")) {
    return std::nullopt;
  }
  return message;
}

template <typename T>
std::optional<T> Core::read(const Extension& of) {
  Decoder decoder(of.extension_data);
  T content;
  fields(decoder, content);
  const bool whole = decoder.ok();
  if (!require(whole, Sin::field_malformed, alert::kDecodeError, decoder.failed_field())) {
    return std::nullopt;
  }
  decoder.end();
  if (whole && !require(decoder.ok(), Sin::trailing_data, alert::kDecodeError,
                        "octets behind an extension")) {
    return std::nullopt;
  }
  return content;
}

}  // namespace assay::engine
