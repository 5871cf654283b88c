#include "harness/channel/oracle.h"

#include "harness/base/hex.h"
#include "harness/channel/oracle_session.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>
#include <utility>

namespace assay {
namespace {

const BIO_METHOD* buffer_method();

/// One SSL object and the octets on both sides of it.
class Oracle final : public Channel {
 public:
  Oracle(std::shared_ptr<const OracleContext> context, std::string_view sni)
      : context_(std::move(context)), ssl_(SSL_new(context_->native())) {
    if (ssl_ == nullptr) throw std::bad_alloc();
    BIO* bio = BIO_new(buffer_method());
    if (bio == nullptr) {
      SSL_free(ssl_);
      throw std::bad_alloc();
    }
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_, bio, bio);
    SSL_set_ex_data(ssl_, 0, this);
    if (context_->config().role == Role::client) {
      SSL_set_connect_state(ssl_);
      if (!sni.empty()) {
        SSL_ctrl(ssl_, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 std::string(sni).data());
      }
    } else {
      SSL_set_accept_state(ssl_);
    }
  }
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;
  ~Oracle() override { SSL_free(ssl_); }

  void start() override { advance(); }

  void feed(View from_peer) override {
    if (failed_ || ended_) return;
    append(input_, from_peer);
    advance();
  }

  void end_of_input(EndOfInput how) override {
    if (ended_) return;
    ended_ = true;
    events_.emplace_back(InputEnded{how, close_notify_seen_});
  }

  Bytes take_output() override { return std::exchange(output_, {}); }

  std::optional<Event> next_event() override {
    if (events_at_ == events_.size()) return std::nullopt;
    Event event = std::move(events_[events_at_++]);
    if (events_at_ == events_.size()) {
      events_.clear();
      events_at_ = 0;
    }
    return event;
  }

  void send(View plaintext) override {
    if (failed_ || close_sent_ || plaintext.empty()) return;
    if (!established_) {
      append(waiting_, plaintext);
      return;
    }
    ERR_clear_error();
    std::size_t written = 0;
    if (SSL_write_ex(ssl_, plaintext.data(), plaintext.size(), &written) != 1) fail();
  }

  void close() override {
    if (failed_ || close_sent_ || !established_) return;
    close_sent_ = true;
    ERR_clear_error();
    SSL_shutdown(ssl_);
    ERR_clear_error();
  }

  [[nodiscard]] bool established() const override { return established_ && !failed_; }

  [[nodiscard]] std::size_t unread() const override {
    return close_notify_seen_ ? input_.size() - input_at_ : 0;
  }

  void idle() override {
    if (input_.empty()) Bytes().swap(input_);
    if (events_.empty()) std::vector<Event>().swap(events_);
  }

  std::vector<std::string> take_key_log() override { return std::exchange(key_log_, {}); }

  // The BIO and the callbacks below reach in here.
  int read_input(char* to, int size) {
    const std::size_t count = std::min(static_cast<std::size_t>(size), input_.size() - input_at_);
    if (count > 0) std::memcpy(to, input_.data() + input_at_, count);
    input_at_ += count;
    if (input_at_ == input_.size()) {
      input_.clear();
      input_at_ = 0;
    }
    return static_cast<int>(count);
  }
  void write_output(View octets) { append(output_, octets); }
  void on_alert(bool sent, View body) {
    if (body.size() < 2) return;
    const Alert alert{body[0] == 2, body[1]};
    if (sent) {
      last_sent_ = alert;
    } else if (alert.description != alert::kCloseNotify) {
      events_.emplace_back(AlertReceived{alert});
      fatal_received_ = fatal_received_ || alert.fatal;
    }
  }
  void on_key_log(const char* line) { key_log_.emplace_back(line); }

 private:
  void advance() {
    if (!established_) {
      ERR_clear_error();
      const int done = SSL_do_handshake(ssl_);
      log_master_secret();
      if (done != 1) {
        if (SSL_get_error(ssl_, done) != SSL_ERROR_WANT_READ) fail();
        return;
      }
      established_ = true;
      events_.emplace_back(HandshakeDone{agreement()});
      if (!waiting_.empty()) send(std::exchange(waiting_, {}));
    }
    read_records();
  }

  /// A libssl server logs the TLS 1.2 master secret with its own Finished. The lenient end needs it
  /// before it hands over the client's, so it is logged as soon as there is one.
  void log_master_secret() {
    if (!context_->config().key_log || master_secret_logged_ || SSL_version(ssl_) > TLS1_2_VERSION)
      return;
    const SSL_SESSION* session = SSL_get_session(ssl_);
    if (session == nullptr) return;
    Bytes secret(SSL_MAX_MASTER_KEY_LENGTH);
    secret.resize(SSL_SESSION_get_master_key(session, secret.data(), secret.size()));
    if (secret.empty()) return;
    Bytes random(SSL3_RANDOM_SIZE);
    SSL_get_client_random(ssl_, random.data(), random.size());
    key_log_.push_back(fmt::format("CLIENT_RANDOM {} {}", to_hex(random), to_hex(secret)));
    master_secret_logged_ = true;
  }

  void read_records() {
    std::uint8_t buffer[SSL3_RT_MAX_PLAIN_LENGTH];
    while (!failed_) {
      ERR_clear_error();
      std::size_t got = 0;
      if (SSL_read_ex(ssl_, buffer, sizeof buffer, &got) == 1) {
        add_received(View(buffer, got));
        continue;
      }
      const int error = SSL_get_error(ssl_, 0);
      if (error == SSL_ERROR_ZERO_RETURN) {
        // After close_notify libssl answers every read so: say it once.
        if (!std::exchange(close_notify_seen_, true)) events_.emplace_back(CloseNotify{});
      } else if (error != SSL_ERROR_WANT_READ) {
        fail();
      }
      return;
    }
  }

  void add_received(View octets) {
    if (!events_.empty()) {
      if (auto* last = std::get_if<Received>(&events_.back())) {
        append(last->octets, octets);
        return;
      }
    }
    events_.emplace_back(Received{bytes_of(octets)});
  }

  void fail() {
    failed_ = true;
    input_.clear();
    input_at_ = 0;
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    if (!fatal_received_) {
      events_.emplace_back(LocalFailure{reason == nullptr ? "unknown" : reason, last_sent_});
    }
    ERR_clear_error();
  }

  [[nodiscard]] Agreement agreement() const {
    Agreement agreed;
    agreed.version = static_cast<TlsVersion>(SSL_version(ssl_));
    const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl_);
    agreed.suite = SSL_CIPHER_get_protocol_id(cipher);
    agreed.suite_name = SSL_CIPHER_standard_name(cipher);
    if (const long group = SSL_get_negotiated_group(ssl_); group > 0) {
      const char* name = SSL_group_to_name(ssl_, static_cast<int>(group));
      agreed.group = name == nullptr ? "" : name;
    }
    const unsigned char* selected = nullptr;
    unsigned selected_size = 0;
    SSL_get0_alpn_selected(ssl_, &selected, &selected_size);
    if (selected_size > 0) agreed.alpn = text_of(View(selected, selected_size));
    agreed.resumed = SSL_session_reused(ssl_) == 1;
    agreed.peer_chain = peer_chain();
    if (context_->config().role == Role::client) {
      const unsigned char* response = nullptr;
      const long size = SSL_get_tlsext_status_ocsp_resp(ssl_, &response);
      if (size > 0) agreed.stapled_ocsp.emplace(response, response + size);
    } else {
      agreed.staple_wanted = SSL_get_tlsext_status_type(ssl_) == TLSEXT_STATUSTYPE_ocsp;
    }
    return agreed;
  }

  [[nodiscard]] std::vector<Bytes> peer_chain() const {
    std::vector<Bytes> chain;
    const auto add = [&](X509* certificate) {
      unsigned char* der = nullptr;
      const int size = i2d_X509(certificate, &der);
      if (size > 0) chain.emplace_back(der, der + size);
      OPENSSL_free(der);
    };
    // A libssl server leaves the client's own certificate out of the chain.
    X509* const leaf = SSL_get0_peer_certificate(ssl_);
    if (context_->config().role == Role::server && leaf != nullptr) add(leaf);
    STACK_OF(X509)* certificates = SSL_get_peer_cert_chain(ssl_);
    for (int i = 0; i < sk_X509_num(certificates); ++i) add(sk_X509_value(certificates, i));
    return chain;
  }

  std::shared_ptr<const OracleContext> context_;  // shared with the listener and its other sessions
  SSL* ssl_;
  Bytes input_;
  std::size_t input_at_ = 0;
  Bytes output_;
  Bytes waiting_;
  std::vector<Event> events_;
  std::size_t events_at_ = 0;
  std::vector<std::string> key_log_;
  bool master_secret_logged_ = false;
  std::optional<Alert> last_sent_;
  bool established_ = false;
  bool failed_ = false;
  bool ended_ = false;
  bool close_sent_ = false;
  bool close_notify_seen_ = false;
  bool fatal_received_ = false;
};

int bio_read(BIO* bio, char* to, int size) {
  BIO_clear_retry_flags(bio);
  const int count = static_cast<Oracle*>(BIO_get_data(bio))->read_input(to, size);
  if (count > 0) return count;
  BIO_set_retry_read(bio);
  return -1;
}

int bio_write(BIO* bio, const char* from, int size) {
  BIO_clear_retry_flags(bio);
  static_cast<Oracle*>(BIO_get_data(bio))
      ->write_output(view_of(std::string_view(from, static_cast<std::size_t>(size))));
  return size;
}

long bio_control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* buffer_method() {
  static const std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)> kMethod = [] {
    BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "assay buffer");
    if (method == nullptr) throw std::bad_alloc();
    BIO_meth_set_read(method, bio_read);
    BIO_meth_set_write(method, bio_write);
    BIO_meth_set_ctrl(method, bio_control);
    return std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)>(method, BIO_meth_free);
  }();
  return kMethod.get();
}

void on_message(int sent, int /*version*/, int type, const void* body, std::size_t size, SSL* ssl,
                void* /*argument*/) {
  if (type != SSL3_RT_ALERT) return;
  static_cast<Oracle*>(SSL_get_ex_data(ssl, 0))
      ->on_alert(sent == 1, View(static_cast<const std::uint8_t*>(body), size));
}

void on_key_log(const SSL* ssl, const char* line) {
  static_cast<Oracle*>(SSL_get_ex_data(ssl, 0))->on_key_log(line);
}

}  // namespace

void watch_messages(ssl_ctx_st* context, bool key_log) {
  SSL_CTX_set_msg_callback(context, on_message);
  if (key_log) SSL_CTX_set_keylog_callback(context, on_key_log);
}

std::unique_ptr<Channel> make_oracle(std::shared_ptr<const OracleContext> context,
                                     std::string_view sni) {
  return std::make_unique<Oracle>(std::move(context), sni);
}

}  // namespace assay
