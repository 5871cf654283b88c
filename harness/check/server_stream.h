// ServerStream: what a server of TLS 1.2 or 1.3 writes on one connection, judged record by record
// without a key. Used by the witness of a run.
#pragma once

#include "harness/channel/event.h"
#include "harness/check/watch.h"
#include "harness/wire/handshake.h"
#include "harness/wire/record.h"

#include <functional>
#include <optional>
#include <set>
#include <string>

namespace assay {

struct CipherSuite;

class ServerStream {
 public:
  /// `what` is the record in words.
  using Report = std::function<void(Flaw flaw, std::string what)>;
  explicit ServerStream(Report report) : report_(std::move(report)) {}

  void feed(View octets);
  /// What comes now is not looked at.
  void stop() { stopped_ = true; }

  /// Of the ServerHello, once it came and was no HelloRetryRequest; records are judged from it on.
  [[nodiscard]] std::optional<TlsVersion> version() const { return version_; }
  [[nodiscard]] const Bytes& random() const { return random_; }

 private:
  void take(const Record& record);
  void look_for_hello(const Record& record);
  void judge_form(const Record& record);
  void judge_place(const RecordHeader& header);
  void judge_nonce(const Record& record);
  bool is_too_long(const RecordHeader& header);  // and reports it
  void report(Flaw flaw, const RecordHeader& header, std::string_view what);
  [[nodiscard]] bool guards(ContentType type) const;
  /// Octets of a protected record of TLS 1.2 that are no content; nothing where they vary.
  [[nodiscard]] std::optional<std::size_t> overhead() const;

  Report report_;
  RecordSplitter splitter_{0xffff};
  HandshakeAssembler assembler_;
  std::optional<TlsVersion> version_;
  const CipherSuite* suite_ = nullptr;  // null where nobody here knows it
  Bytes random_;
  bool keys_on_ = false;    // TLS 1.2: ChangeCipherSpec came; TLS 1.3: a protected record
  std::set<Bytes> nonces_;  // explicit ones, under the present key
  bool stopped_ = false;
};

}  // namespace assay
