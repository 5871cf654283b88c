#include "harness/engine/client_start.h"

#include "harness/engine/client12.h"
#include "harness/engine/client13.h"
#include "harness/engine/offer.h"
#include "harness/wire/alert.h"

#include <algorithm>
#include <utility>

namespace assay::engine {
namespace {

class ClientStart final : public Side {
 public:
  explicit ClientStart(Core& core) : core_(core) {}

  /// Before the version is known, whatever may come in either.
  [[nodiscard]] Order order() const override {
    return core_.config().min_version < TlsVersion::tls13 ? client_order12() : client_order13();
  }

  void start() override {
    offer_ = make_offer(core_, core_.exchange().client_verify_data);
    core_.expect(core_.established() ? State::renegotiating : State::server_hello);
    say_offer(core_, offer_);
  }

  void on_message(const Heard& heard) override {
    if (heard.type != HandshakeType::server_hello) return;
    auto hello = core_.read<ServerHello>(heard.body());
    if (!hello || !version_is_right(*hello)) return;
    const auto version = static_cast<TlsVersion>(hello->version());
    core_.told().version = version;
    auto next = version == TlsVersion::tls13 ? make_client13(core_, std::move(offer_))
                                             : make_client12(core_, std::move(offer_));
    Side& side = *next;
    core_.become(std::move(next));
    side.on_message(heard);
  }

 private:
  bool version_is_right(const ServerHello& hello) {
    const std::uint16_t version = hello.version();
    const auto offered = offer_.hello.versions();
    const Extension* chosen = hello.find(extension::kSupportedVersions);
    // RFC 8446 §4.2.1: what supported_versions says is TLS 1.3 or later, and among the offered
    // ones.
    if (chosen != nullptr &&
        !core_.require(version == 0x0304, Sin::version_not_offered, alert::kIllegalParameter,
                       "supported_versions with an older version")) {
      return false;
    }
    const bool listed = std::ranges::find(offered, version) != offered.end();
    // RFC 5246 §E.1: where no list was sent, legacy_version is the highest of all below it.
    const bool below = offer_.hello.find(extension::kSupportedVersions) == nullptr &&
                       version <= offer_.hello.legacy_version &&
                       version >= static_cast<std::uint16_t>(core_.config().min_version);
    return core_.require(listed || below, Sin::version_not_offered, alert::kProtocolVersion,
                         "a version that was not offered");
  }

  Core& core_;
  Offer offer_;
};

}  // namespace

std::unique_ptr<Side> make_client_start(Core& core) { return std::make_unique<ClientStart>(core); }

}  // namespace assay::engine
