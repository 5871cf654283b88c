// RFC 8446 §5.2, RFC 5246 §6.2.3.3: a record that was altered on its way is refused, and nothing of
// it is used.
#include "harness/net/meddler.h"
#include "suites/observe.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::suites {
namespace {

constexpr Ending kActedOn{"acted_on"};
constexpr std::size_t kHeader = 5;
constexpr std::size_t kTag = 16;

using Tamper = void (*)(Bytes& record);

void flip(Bytes& record, std::size_t octet, unsigned bit) {
  record.at(octet) = static_cast<std::uint8_t>(record[octet] ^ (1U << bit));
}

/// Rewrites the record's length after octets were taken off its end.
void fit_length(Bytes& record) {
  const std::size_t length = record.size() - kHeader;
  record[3] = static_cast<std::uint8_t>(length >> 8);
  record[4] = static_cast<std::uint8_t>(length);
}

void flip_first_of_tag(Bytes& record) { flip(record, record.size() - kTag, 7); }
void flip_middle_of_tag(Bytes& record) { flip(record, record.size() - kTag / 2, 3); }
void flip_last_of_tag(Bytes& record) { flip(record, record.size() - 1, 0); }
void zero_tag(Bytes& record) {
  std::fill(record.end() - static_cast<std::ptrdiff_t>(kTag), record.end(), std::uint8_t{0});
}
void shorten_tag(Bytes& record) {
  record.resize(record.size() - kTag / 2);
  fit_length(record);
}
/// TLS 1.2 GCM begins with an explicit nonce of 8 octets; the first octet behind it is ciphertext
/// in any case.
void flip_first_of_ciphertext(Bytes& record) { flip(record, kHeader + 8, 0); }
void flip_middle_of_ciphertext(Bytes& record) {
  flip(record, kHeader + (record.size() - kHeader - kTag) / 2, 0);
}
void flip_last_of_ciphertext(Bytes& record) { flip(record, record.size() - kTag - 1, 0); }

/// One AEAD, as an offer names it.
struct AeadOffer {
  std::string_view name;
  std::string_view suite13;
  std::string_view ciphers12;
};
constexpr AeadOffer kAeads[] = {
    {"aes128_gcm", "TLS_AES_128_GCM_SHA256", "AES128+AESGCM:@SECLEVEL=0"},
    {"aes256_gcm", "TLS_AES_256_GCM_SHA384", "AES256+AESGCM:@SECLEVEL=0"},
    {"chacha20_poly1305", "TLS_CHACHA20_POLY1305_SHA256", "CHACHA20:@SECLEVEL=0"},
};
constexpr std::string_view kAnyAead = "AESGCM:CHACHA20:@SECLEVEL=0";

OracleConfig offer_of(const Probe& probe, const AeadOffer* aead) {
  OracleConfig offer = probe.tls_offer();
  offer.ciphers = aead == nullptr ? kAnyAead : aead->ciphers12;
  if (aead != nullptr) offer.suites13 = aead->suite13;
  return offer;
}

/// A meddler that alters the next protected record, once.
struct Altering {
  Meddler* meddler = nullptr;
  bool protecting = false;  // behind ChangeCipherSpec

  Probe::Wrap wrap() {
    return [this](std::unique_ptr<Link> link) {
      auto made = std::make_unique<Meddler>(std::move(link));
      meddler = made.get();
      return made;
    };
  }
  void alter_next(Tamper tamper, bool is_protected) {
    protecting = is_protected;
    meddler->edit([this, tamper](std::vector<Bytes>& records) {
      for (Bytes& record : records) {
        if (is_change_cipher_spec(record)) {
          protecting = true;
        } else if (protecting || is_application_data(record)) {
          tamper(record);
          meddler->edit({});
          return;
        }
      }
    });
  }
};

/// Nothing when the offer was refused: that AEAD is not the subject's.
Task<std::optional<Ending>> alter_data(Probe& probe, const AeadOffer* aead, Tamper tamper) {
  Altering altering;
  const auto dialogue = co_await approached(probe, altering.wrap());
  if (!dialogue) co_return probe.lost();
  const OracleConfig offer = offer_of(probe, aead);
  const bool secured = co_await dialogue->secure(probe.tls_client(offer));
  if (!secured) {
    const bool refused = !std::holds_alternative<TimedOut>(dialogue->handshake_event());
    if (refused) co_return std::nullopt;
    co_return probe.lost();
  }
  const bool settled = co_await dialogue->settle();
  if (!settled) co_return probe.lost();
  altering.alter_next(tamper, true);
  const Answer answer = co_await dialogue->ask(dialogue->unknown_command());
  co_return answer.came() ? kActedOn : ending_of(answer);
}

/// In TLS 1.3 our own handshake is done before the server has looked at our Finished: only an
/// answer to what follows shows that it took it.
Task<Ending> alter_finished(Probe& probe, Tamper tamper) {
  Altering altering;
  const auto dialogue = co_await approached(probe, altering.wrap());
  if (!dialogue) co_return probe.lost();
  altering.alter_next(tamper, false);
  const bool secured = co_await dialogue->secure(probe.tls_client(offer_of(probe, nullptr)));
  if (!secured) co_return ending_of(dialogue->handshake_event());
  dialogue->say(dialogue->unknown_command());
  const Answer first = co_await dialogue->answer();
  if (!first.came()) co_return ending_of(first);
  if (!first.positive) co_return kActedOn;
  // A greeting may have been under way already (TLS 1.3 lets a server speak before the client's
  // Finished).
  const Answer second = co_await dialogue->answer();
  co_return second.came() ? kActedOn : ending_of(second);
}

/// Every AEAD of the subject in turn with `each`, then the other alterations with its favourite.
struct Alteration {
  std::string_view name;
  Tamper tamper;
};
Task<Ending> alter(Probe& probe, Alteration each, std::span<const Alteration> others,
                   bool finished) {
  bool any = false;
  for (const AeadOffer& aead : kAeads) {
    const auto seen = co_await alter_data(probe, &aead, each.tamper);
    if (!seen) continue;
    any = true;
    probe.part(fmt::format("{}.{}", aead.name, each.name), *seen);
  }
  if (!any)
    co_return probe.inapplicable(
        "none of AES-128-GCM, AES-256-GCM and ChaCha20-Poly1305 was agreed on");
  for (const Alteration& other : others) {
    const auto seen = co_await alter_data(probe, nullptr, other.tamper);
    probe.part(std::string(other.name), seen.value_or(ending::inconclusive));
  }
  if (finished) {
    const Ending seen = co_await alter_finished(probe, each.tamper);
    probe.part("finished", seen);
  }
  co_return probe.worst();
}

Task<Ending> tag(Probe& probe) {
  static constexpr Alteration kOthers[] = {{"first_octet", flip_first_of_tag},
                                           {"middle_octet", flip_middle_of_tag},
                                           {"zero_tag", zero_tag},
                                           {"shortened_tag", shorten_tag}};
  return alter(probe, {"last_octet", flip_last_of_tag}, kOthers, true);
}

Task<Ending> ciphertext(Probe& probe) {
  static constexpr Alteration kOthers[] = {{"middle", flip_middle_of_ciphertext},
                                           {"last", flip_last_of_ciphertext}};
  return alter(probe, {"first", flip_first_of_ciphertext}, kOthers, false);
}

constexpr Check kChecks[] = {
    {.id = "integrity.aead.tag",
     .title = "A record whose tag was altered is refused with bad_record_mac",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §5.2", "RFC 5246 §6.2.3.3", "RFC 9846 §5.2"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = tag,
     .steps = "For each AEAD of the subject a command in a record with one flipped bit in its tag; "
              "then a flipped bit "
              "elsewhere in the tag, a tag of zeros, a shortened tag, and the client's Finished "
              "with a flipped bit.",
     .accepts = {kBadRecordMac},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"skip_tag", kActedOn}, {"compare_half_tag", kActedOn}},
     .liberties = {{"many_tickets", kBadRecordMac}, {"split_replies", kBadRecordMac}}},
    {.id = "integrity.aead.ciphertext",
     .title = "A record whose ciphertext was altered is refused with bad_record_mac",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §5.2", "RFC 5246 §6.2.3.3", "RFC 9846 §5.2"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = ciphertext,
     .steps = "For each AEAD of the subject a command in a record with the first ciphertext bit "
              "flipped; then one in the "
              "middle and the last one.",
     .accepts = {kBadRecordMac},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"skip_tag", kActedOn}},
     .liberties = {{"many_tickets", kBadRecordMac}, {"split_replies", kBadRecordMac}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> aead() { return kChecks; }

}  // namespace assay::suites
