#include "harness/engine/server_start.h"

#include "harness/engine/server12.h"
#include "harness/engine/server13.h"
#include "harness/wire/alert.h"

#include <algorithm>
#include <utility>

namespace assay::engine {
namespace {

constexpr std::uint16_t kFallbackScsv = 0x5600;  // RFC 7507 §2

class ServerStart final : public Side {
 public:
  explicit ServerStart(Core& core) : core_(core) {}

  [[nodiscard]] Order order() const override { return server_order13(); }

  void start() override { core_.expect(State::client_hello); }

  void on_message(const Heard& heard) override {
    if (heard.type != HandshakeType::client_hello) return;
    const auto hello = core_.read_hello(heard.body());
    if (!hello || !well_formed(*hello)) return;
    const auto version = chosen_version(*hello);
    if (!version) return;
    core_.told().client_random = hello->random;
    core_.told().version = *version;
    auto next = *version == TlsVersion::tls13 ? make_server13(core_) : make_server12(core_);
    Side& side = *next;
    core_.become(std::move(next));
    side.on_message(heard);
  }

 private:
  bool well_formed(const ClientHello& hello) {
    // RFC 8446 §4.2, RFC 5246 §7.4.1.4.
    if (!core_.require(!repeated_extension(hello.extensions), Sin::extension_repeated,
                       alert::kIllegalParameter, "an extension twice")) {
      return false;
    }
    // RFC 5246 §7.4.1.2: SessionID<0..32>.
    if (!core_.require(hello.legacy_session_id.size() <= 32, Sin::field_malformed,
                       alert::kDecodeError, "a session id of more than 32 octets")) {
      return false;
    }
    const bool last = core_.config().max_version < TlsVersion::tls13 ||
                      hello.find(extension::kPreSharedKey) == nullptr ||
                      hello.extensions.back().extension_type == extension::kPreSharedKey;
    return core_.require(last, Sin::psk_not_last, alert::kIllegalParameter,
                         "pre_shared_key in front of another extension");
  }

  std::optional<TlsVersion> chosen_version(const ClientHello& hello) {
    std::vector<std::uint16_t> offered;
    if (const Extension* list = hello.find(extension::kSupportedVersions);
        list != nullptr && core_.config().max_version == TlsVersion::tls13) {
      auto read = core_.read<VersionList>(*list);
      // RFC 8446 §4.2.1: versions<2..254>.
      if (!read || !core_.require(!read->versions.empty(), Sin::field_malformed,
                                  alert::kDecodeError, "an empty supported_versions")) {
        return std::nullopt;
      }
      offered = std::move(read->versions);
    } else {
      offered = below(hello.legacy_version);
    }
    const auto ours = supported();
    const auto found = std::ranges::find_first_of(ours, offered);
    if (found == ours.end()) {
      core_.fail(alert::kProtocolVersion, "no version in common");
      return std::nullopt;
    }
    // RFC 7507 §3: a client that fell back though both could do better is told so.
    const bool fell_back = *found < ours.front() && hello.offers_suite(kFallbackScsv);
    if (!core_.require(!fell_back, Sin::fallback_inappropriate, alert::kInappropriateFallback,
                       "a fallback that was not needed")) {
      return std::nullopt;
    }
    return static_cast<TlsVersion>(*found);
  }

  /// Highest first. An end that tolerates old versions speaks them as far as a ServerHello.
  [[nodiscard]] std::vector<std::uint16_t> supported() const {
    const Config& config = core_.config();
    std::vector<std::uint16_t> versions;
    for (const TlsVersion each : {TlsVersion::tls13, TlsVersion::tls12}) {
      if (each >= config.min_version && each <= config.max_version) {
        versions.push_back(static_cast<std::uint16_t>(each));
      }
    }
    if (config.tolerated.has(Sin::old_version)) {
      for (const TlsVersion each : {TlsVersion::tls11, TlsVersion::tls10, TlsVersion::ssl3}) {
        versions.push_back(static_cast<std::uint16_t>(each));
      }
    }
    return versions;
  }

  /// RFC 5246 §E.1: without a list, every version up to legacy_version is meant; RFC 8446 §4.2.1:
  /// TLS 1.3 is never among them.
  static std::vector<std::uint16_t> below(std::uint16_t legacy_version) {
    std::vector<std::uint16_t> versions;
    for (std::uint16_t each = 0x0303; each >= 0x0300; --each) {
      if (each <= legacy_version) versions.push_back(each);
    }
    return versions;
  }

  Core& core_;
};

}  // namespace

std::unique_ptr<Side> make_server_start(Core& core) { return std::make_unique<ServerStart>(core); }

}  // namespace assay::engine
