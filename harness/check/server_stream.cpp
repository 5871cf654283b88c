#include "harness/check/server_stream.h"

#include "harness/crypto/suites.h"
#include "harness/wire/hello.h"

#include <fmt/format.h>

namespace assay {
namespace {

// Of one key; a connection of a check is shorter.
constexpr std::size_t kMostNonces = 4096;

}  // namespace

void ServerStream::feed(View octets) {
  if (stopped_) return;
  splitter_.feed(octets);
  while (auto record = splitter_.next()) {
    take(*record);
    if (stopped_) return;
  }
  // Somebody speaks in the clear again: what a failed handshake may lead to.
  if (splitter_.state() != RecordSplitter::State::reading) return stop();
  // Our end refuses a record that is too long by its header, and does not wait for the rest.
  if (const auto header = splitter_.begun(); header && version_ && is_too_long(*header)) stop();
}

void ServerStream::take(const Record& record) {
  const bool hello = !version_;
  if (hello) look_for_hello(record);
  if (!version_) return;
  judge_form(record);
  const bool changes_keys = record.header.type == ContentType::change_cipher_spec;
  if (version_ == TlsVersion::tls13) {
    if (!hello) judge_place(record.header);
    return;
  }
  if (keys_on_) judge_nonce(record);
  if (!changes_keys) return;
  keys_on_ = true;
  nonces_.clear();  // RFC 5246 §7.1: what follows is under new keys
}

void ServerStream::judge_place(const RecordHeader& header) {
  if (guards(header.type)) {
    keys_on_ = true;
    return;
  }
  // RFC 8446 §5: ChangeCipherSpec alone stays in the clear. §6: an alert is protected as the state
  // of the connection has it; a server that fails before it shows keys may have none.
  if (header.type == ContentType::change_cipher_spec) return;
  if (header.type == ContentType::alert && !keys_on_) return;
  report(Flaw::record_in_the_clear, header, "behind ServerHello");
}

void ServerStream::look_for_hello(const Record& record) {
  if (record.header.type != ContentType::handshake) return;
  assembler_.feed(record.fragment());
  const auto message = assembler_.next();
  if (!message) {
    if (assembler_.too_large()) stop();
    return;
  }
  const auto hello = decode<ServerHello>(message->body);
  if (message->type != HandshakeType::server_hello || !hello) return stop();
  if (hello.message->is_hello_retry_request()) return;
  const auto version = static_cast<TlsVersion>(hello.message->version());
  if (version != TlsVersion::tls12 && version != TlsVersion::tls13) return stop();
  version_ = version;
  suite_ = find_suite(hello.message->cipher_suite);
  random_ = hello.message->random;
  // RFC 8446 §5.1: no message spans a change of keys.
  if (version == TlsVersion::tls13 && !assembler_.empty()) {
    report(Flaw::record_in_the_clear, record.header, "more in it than the ServerHello");
  }
}

bool ServerStream::guards(ContentType type) const {
  return version_ == TlsVersion::tls13 ? type == ContentType::application_data : keys_on_;
}

std::optional<std::size_t> ServerStream::overhead() const {
  if (suite_ == nullptr || !suite_->aead) return std::nullopt;
  return suite_->explicit_nonce_size() + suite_->tag_size();
}

bool ServerStream::is_too_long(const RecordHeader& header) {
  const std::size_t longest = !guards(header.type)            ? kMaxPlaintext
                              : version_ == TlsVersion::tls13 ? kMaxCiphertext13
                                                              : kMaxCiphertext12;
  if (header.length <= longest) return false;
  report(Flaw::record_too_long, header, fmt::format("more than {} octets", longest));
  return true;
}

void ServerStream::judge_form(const Record& record) {
  const RecordHeader& header = record.header;
  if (header.legacy_record_version != kRecordVersion) {
    report(Flaw::record_version, header, "its version is not 0303");
  }
  is_too_long(header);
  // In TLS 1.3 the type of what is protected is hidden.
  if (header.type == ContentType::application_data) return;
  const std::optional<std::size_t> empty = guards(header.type) ? overhead() : 0;
  if (header.length == empty) report(Flaw::fragment_empty, header, "nothing is in it");
}

void ServerStream::judge_nonce(const Record& record) {
  const std::size_t size = suite_ == nullptr ? 0 : suite_->explicit_nonce_size();
  if (size == 0 || record.fragment().size() < size || nonces_.size() >= kMostNonces) return;
  if (!nonces_.insert(bytes_of(record.fragment().first(size))).second) {
    report(Flaw::nonce_repeated, record.header,
           "its explicit nonce came before, under the same key");
  }
}

void ServerStream::report(Flaw flaw, const RecordHeader& header, std::string_view what) {
  report_(flaw, fmt::format("the record {:02x}{:04x}{:04x}: {}", static_cast<unsigned>(header.type),
                            header.legacy_record_version, header.length, what));
}

}  // namespace assay
