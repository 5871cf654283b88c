// Hellos that a hybrid share has made long (RFC 8446 §5.1), and the hybrid itself.
#include "harness/crypto/key_exchange.h"
#include "harness/net/link_around.h"
#include "harness/wire/record.h"
#include "suites/negotiation/hello_talk.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <utility>

namespace assay::suites {
namespace {

constexpr Milliseconds kPause{100};  // until the second segment

/// Writes the first record of a handshake in two segments; the second goes out when somebody waits
/// for an answer, after the pause.
class SplitHello final : public LinkAround {
 public:
  /// `at` 0: in front of the last octet.
  SplitHello(std::unique_ptr<Link> inner, Loop& loop, std::size_t at)
      : LinkAround(std::move(inner)), loop_(loop), at_(at) {}

  Task<ReadResult> read(Deadline deadline) override {
    if (!rest_.empty()) {
      co_await loop_.sleep_until(Clock::now() + kPause);
      inner().write(std::exchange(rest_, {}));
    }
    co_return co_await inner().read(deadline);
  }
  void write(Bytes octets) override {
    if (!split_ && begins_like_record(octets)) {
      split_ = true;
      const std::size_t at = at_ == 0 ? octets.size() - 1 : at_;
      rest_ = bytes_of(View(octets).subspan(at));
      octets.resize(at);
    }
    inner().write(std::move(octets));
  }

 private:
  Loop& loop_;
  std::size_t at_;
  bool split_ = false;
  Bytes rest_;
};

constexpr std::size_t kLong = 1700;

/// A hello of that size: with a real hybrid share where there are shares, else padded alone.
engine::Config long_offer(Probe& probe) {
  engine::Config offer = offer_with(probe, [](ClientHello& hello, const engine::Exchange&) {
    remove_extension(hello.extensions, extension::kPadding);
    const std::size_t size = encode(hello).size();
    if (size >= kLong) return;
    set_extension(hello.extensions, extension::kPadding, Bytes(kLong - size));
  });
  std::erase(offer.groups, group::kX25519MlKem768);
  offer.groups.insert(offer.groups.begin(), group::kX25519MlKem768);
  offer.shares = 2;
  return offer;
}

Task<void> try_split(Probe& probe, std::size_t at) {
  Loop& loop = probe.loop();
  Probe::Wrap wrap = [&loop, at](std::unique_ptr<Link> link) -> std::unique_ptr<Link> {
    return std::make_unique<SplitHello>(std::move(link), loop, at);
  };
  probe.extend_deadline(kPause);
  const Tried tried = co_await try_engine(probe, long_offer(probe), std::move(wrap));
  probe.part(at == 0 ? std::string("before_last") : fmt::format("behind_{}", at), tried.ending);
}

Task<Ending> hello_split_tcp(Probe& probe) {
  const auto trouble =
      co_await unless_carries_on(probe, long_offer(probe), "a long ClientHello in one segment");
  if (trouble) co_return *trouble;
  for (const std::size_t at : {1U, 5U, 6U, 517U, 1400U, 0U}) co_await try_split(probe, at);
  co_return probe.worst();
}

constexpr Ending kHybrid{"hybrid_used"};
constexpr Ending kX25519{"x25519_used"};
constexpr Ending kRetried{"retried_for_another"};
/// The subject took the hybrid, and the two ends do not know the same secret.
constexpr Ending kNotAgreed{"hybrid_not_agreed"};

Task<Ending> hybrid_offered(Probe& probe) {
  engine::Config without = probe.engine_offer();
  without.groups = {group::kX25519, group::kSecp256r1};
  const auto trouble =
      co_await unless_carries_on(probe, std::move(without), "an offer without the hybrid");
  if (trouble) co_return *trouble;
  engine::Config offer = probe.engine_offer();
  offer.groups = {group::kX25519MlKem768, group::kX25519, group::kSecp256r1};
  offer.shares = 2;
  const Tried tried = co_await try_engine(probe, std::move(offer));
  const auto hello = server_hello(tried.exchange);
  const auto group = hello ? group_of(*hello) : std::optional<std::uint16_t>();
  if (tried.ending != ending::carried_on) {
    co_return group == group::kX25519MlKem768 ? kNotAgreed : tried.ending;
  }
  if (retry_of(tried.exchange)) co_return kRetried;
  co_return group == group::kX25519MlKem768 ? kHybrid : kX25519;
}

constexpr Check kChecks[] = {
    {.id = "negotiation.pq.hello_split_tcp",
     .title = "A ClientHello that comes in two segments is read whole",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §5.1", "RFC 9846 §5.1"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = hello_split_tcp,
     .steps = "A ClientHello of 1700 octets (in TLS 1.3 with an ML-KEM-768 share) in two segments, "
              "100 ms apart, cut behind 1, 5, 6, 517, 1400 octets and in front of the last.",
     .accepts = {ending::carried_on},
     .breakers = {{"reads_hello_once", kDecodeError}}},
    {.id = "negotiation.pq.hybrid_offered",
     .title = "A hybrid share is agreed on, or passed over for another",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.2.8", "draft-ietf-tls-ecdhe-mlkem", "RFC 9846 §4.3.8"},
     .scope = {.version = VersionScope::tls13, .layer = Layer::tls},
     .run = hybrid_offered,
     .steps = "A ClientHello with shares of X25519MLKEM768 and x25519, and secp256r1 without one.",
     .accepts = {kHybrid, kX25519, kRetried},
     .breakers = {{"refuses_hybrid", kHandshakeFailure}, {"swaps_hybrid_parts", kNotAgreed}},
     .liberties = {{"prefers_hybrid", kHybrid}, {"p256_alone", kRetried}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> pq() { return kChecks; }

}  // namespace assay::suites
