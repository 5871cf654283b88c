#include "harness/channel/lenient.h"

#include "harness/channel/read_keys.h"
#include "harness/channel/repair.h"

#include <utility>

namespace assay {
namespace {

class Lenient final : public Channel {
 public:
  Lenient(std::unique_ptr<Channel> honest, Deviation deviation, Role role)
      : honest_(std::move(honest)), deviation_(deviation), keys_(role) {}

  void start() override {
    honest_->start();
    observe();
  }

  void feed(View from_peer) override {
    if (stage_ == Stage::passing) {
      honest_->feed(from_peer);
      return;
    }
    records_.feed(from_peer);
    while (const auto record = records_.next()) deliver(*record);
    // No more records, or none that we could hold: the honest end may judge what is left.
    const bool reading = records_.state() == RecordSplitter::State::reading;
    if (!reading || stage_ == Stage::passing) pass_rest();
  }

  void end_of_input(EndOfInput how) override {
    if (stage_ != Stage::passing) pass_rest();
    honest_->end_of_input(how);
  }

  [[nodiscard]] Bytes take_output() override {
    observe();
    return std::exchange(output_, {});
  }
  [[nodiscard]] std::optional<Event> next_event() override { return honest_->next_event(); }
  void send(View plaintext) override { honest_->send(plaintext); }
  void close() override { honest_->close(); }
  [[nodiscard]] bool established() const override { return honest_->established(); }
  void idle() override { honest_->idle(); }
  [[nodiscard]] std::vector<std::string> take_key_log() override {
    observe();
    return std::exchange(key_log_, {});
  }

 private:
  /// What protects the peer's records.
  enum class Stage {
    clear,
    handshake,    // TLS 1.3: handshake keys
    application,  // TLS 1.3: application keys; TLS 1.2: everything behind its ChangeCipherSpec
    passing,      // we look no longer
  };

  /// One record at a time, so that what the honest end makes of it is known before the next.
  void deliver(const Record& record) {
    keys_.see_incoming(record);
    honest_->feed(is_protected(record) ? repaired(record) : record.octets);
    observe();
  }

  void observe() {
    const Bytes fresh = honest_->take_output();
    keys_.see_outgoing(fresh);
    append(output_, fresh);
    for (std::string& line : honest_->take_key_log()) {
      keys_.see_key_log(line);
      key_log_.push_back(std::move(line));
    }
  }

  void pass_rest() {
    stage_ = Stage::passing;
    repair_.reset();
    const Bytes rest = records_.take_rest();
    if (!rest.empty()) honest_->feed(rest);
  }

  [[nodiscard]] bool is_protected(const Record& record) {
    if (stage_ == Stage::passing || !keys_.readable()) return false;
    if (keys_.tls13()) {
      // RFC 8446 §5.2: protected records are application_data outside. §D.4: a ChangeCipherSpec has
      // no number.
      if (record.header.type != ContentType::application_data) return false;
      if (stage_ == Stage::clear) stage_ = Stage::handshake;
      return true;
    }
    // RFC 5246 §7.1: what follows ChangeCipherSpec is protected, from number 0 on.
    if (stage_ == Stage::application) return true;
    if (record.header.type == ContentType::change_cipher_spec) stage_ = Stage::application;
    return false;
  }

  [[nodiscard]] Bytes repaired(const Record& record) {
    if (!repair_) make_repair();
    if (!repair_) {
      ++unread_;
      return record.octets;
    }
    auto outcome = repair_->take(record.octets);
    if (outcome.opened) follow(*outcome.opened);
    return std::move(outcome.record);
  }

  void make_repair() {
    auto keys = stage_ == Stage::handshake ? keys_.handshake_keys() : keys_.application_keys();
    if (keys) repair_.emplace(deviation_.tolerated, std::move(*keys), unread_);
  }

  /// Changes keys where the peer does.
  void follow(const Opened& opened) {
    const auto type = static_cast<ContentType>(opened.type);
    if (!keys_.tls13()) {
      // A second ChangeCipherSpec: renegotiation, whose keys we do not follow.
      if (type == ContentType::change_cipher_spec) stage_ = Stage::passing;
      return;
    }
    if (type != ContentType::handshake) return;
    messages_.feed(opened.content);
    while (const auto message = messages_.next()) {
      if (stage_ == Stage::handshake && message->type == HandshakeType::finished) {
        // RFC 8446 §4.4.4: behind its Finished an end writes with its application keys.
        next_keys();
      } else if (stage_ == Stage::application && message->type == HandshakeType::key_update) {
        keys_.update();
        next_keys();
      }
    }
  }

  void next_keys() {
    stage_ = Stage::application;
    repair_.reset();
    unread_ = 0;
  }

  std::unique_ptr<Channel> honest_;
  Deviation deviation_;
  ReadKeys keys_;
  RecordSplitter records_;
  Bytes output_;
  std::vector<std::string> key_log_;

  Stage stage_ = Stage::clear;
  std::optional<RecordRepair> repair_;
  std::uint64_t unread_ = 0;  // protected records under the present keys before those were known
  HandshakeAssembler messages_;
};

}  // namespace

std::unique_ptr<Channel> lenient(std::unique_ptr<Channel> honest, Deviation deviation, Role role) {
  if (deviation.honest()) return honest;
  return std::make_unique<Lenient>(std::move(honest), deviation, role);
}

}  // namespace assay
