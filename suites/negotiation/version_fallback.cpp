// RFC 8446 §4.1.3, RFC 7507: a server tells who could have had more. RFC 7568, RFC 6176: SSL is no
// more.
#include "harness/wire/record.h"
#include "suites/negotiation/hello_talk.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::suites {
namespace {

constexpr Ending kMarkMissing{"mark_missing"};
constexpr Ending kInappropriateFallback{"alert_inappropriate_fallback"};
constexpr Ending kSsl3Answered{"ssl3_answered"};
/// A hello of TLS 1.0 in a record of SSL 3.0 has an answer where there is TLS 1.0.
constexpr Ending kTlsAnswered{"tls_answered"};
constexpr Ending kSsl2Answered{"ssl2_server_hello"};
constexpr Ending kSsl2Error{"ssl2_error"};

engine::Config offer_of_tls12(Probe& probe) {
  engine::Config offer = probe.engine_offer();
  offer.max_version = TlsVersion::tls12;
  return offer;
}

Task<Ending> downgrade_sentinel_12(Probe& probe) {
  engine::Config newest = probe.engine_offer();
  newest.min_version = TlsVersion::tls13;
  const auto trouble =
      co_await unless_carries_on(probe, std::move(newest), "an offer of TLS 1.3 alone");
  if (trouble) co_return *trouble;
  const Tried tried = co_await try_engine(probe, offer_of_tls12(probe));
  const auto hello = server_hello(tried.exchange);
  if (hello && downgrade_mark(hello->random) != DowngradeMark::to_tls12) co_return kMarkMissing;
  if (!hello && is_refusal(tried.ending)) {
    co_return probe.inapplicable(fmt::format("an offer of TLS 1.2 alone: {}", tried.ending.slug));
  }
  co_return tried.ending;
}

constexpr std::uint16_t kFallbackScsv = 0x5600;  // RFC 7507 §2

/// 0x5600 behind that many of the suites.
Task<void> try_fallback(Probe& probe, std::string name, std::size_t behind) {
  engine::Config offer = offer_of_tls12(probe);
  std::erase_if(offer.suites, [](std::uint16_t suite) { return suite >> 8 == 0x13; });
  const std::size_t at = std::min(behind, offer.suites.size());
  offer.suites.insert(offer.suites.begin() + static_cast<std::ptrdiff_t>(at), kFallbackScsv);
  const Tried tried = co_await try_engine(probe, std::move(offer));
  probe.part(std::move(name), refusal_of(tried));
}

Task<Ending> fallback_scsv_inappropriate(Probe& probe) {
  const auto trouble = co_await unless_both_versions(probe);
  if (trouble) co_return *trouble;
  co_await try_fallback(probe, "first", 0);
  co_await try_fallback(probe, "in_the_middle", 8);
  co_await try_fallback(probe, "last", 0xffff);
  co_return probe.worst();
}

// Of SSL 3.0 and TLS 1.0: AES and 3DES with RSA, RC4; the last for keys of elliptic curves.
const std::vector<std::uint16_t>& old_suites() {
  static const std::vector<std::uint16_t> kSuites = {0x002f, 0x0035, 0x000a, 0x0005,
                                                     0x0004, 0xc009, 0xc013};
  return kSuites;
}

/// A hello as SSL 3.0 has it, without extensions.
Task<Ending> answer_to_old(Probe& probe, std::uint16_t hello_version, std::uint16_t record) {
  engine::Config offer = offer_with(probe, [&](ClientHello& hello, const engine::Exchange&) {
    hello.legacy_version = hello_version;
    hello.cipher_suites = old_suites();
    hello.legacy_session_id.clear();
    hello.extensions.clear();
    hello.without_extensions = true;
  });
  offer.emission.records = [&](std::vector<engine::PlainRecord>& records, const engine::Exchange&) {
    for (engine::PlainRecord& each : records) each.version = record;
  };
  const Tried tried = co_await try_engine(probe, std::move(offer));
  const auto hello = server_hello(tried.exchange);
  if (!hello) co_return tried.ending;
  co_return hello->legacy_version <= 0x0300 ? kSsl3Answered : kTlsAnswered;
}

Task<Ending> ssl3_refused(Probe& probe) {
  const Ending ssl3 = co_await answer_to_old(probe, 0x0300, 0x0300);
  probe.part("ssl3", ssl3 == kTlsAnswered ? kHelloTaken : ssl3);
  const Ending newer_record = co_await answer_to_old(probe, 0x0300, 0x0301);
  probe.part("ssl3_in_tls10_record", newer_record == kTlsAnswered ? kHelloTaken : newer_record);
  const Ending tls10 = co_await answer_to_old(probe, 0x0301, 0x0300);
  probe.part("tls10_in_ssl3_record", tls10);
  co_return probe.worst();
}

/// A CLIENT-HELLO of SSL 2.0 with these kinds of ciphers, three octets each: two octets of length
/// with the highest bit set, the message, 16 octets of challenge.
Bytes ssl2_hello(const Bytes& kinds, Entropy& chance) {
  Bytes message = {1, 0x00, 0x02};
  put_u16(message, static_cast<std::uint16_t>(kinds.size()));
  put_u16(message, 0);  // no session id
  put_u16(message, 16);
  append(message, kinds);
  append(message, chance.bytes(16));
  Bytes record;
  put_u16(record, static_cast<std::uint16_t>(0x8000 | message.size()));
  append(record, message);
  return record;
}

/// What octets are that answer it: a record of TLS, or a message of SSL 2.0 behind two or three
/// octets of length.
Ending ssl2_answer(View octets) {
  if (begins_like_record(octets)) {
    const auto header = read_record_header(octets);
    const bool alert = header && header->type == ContentType::alert && octets.size() >= 7;
    return alert ? ending_of_alert(octets[6]) : kHelloTaken;
  }
  const std::size_t header = octets[0] & 0x80 ? 2 : 3;
  if (octets.size() <= header) return ending::unexpected_reply;
  constexpr std::uint8_t kError = 0;
  constexpr std::uint8_t kServerHello = 4;
  return octets[header] == kServerHello ? kSsl2Answered
         : octets[header] == kError     ? kSsl2Error
                                        : ending::unexpected_reply;
}

Task<void> try_ssl2(Probe& probe, std::string name, Bytes kinds) {
  const auto dialogue = co_await approached(probe);
  if (!dialogue) {
    probe.part(std::move(name), probe.lost());
    co_return;
  }
  dialogue->link().send_raw(ssl2_hello(kinds, probe.entropy()), "a CLIENT-HELLO of SSL 2.0");
  const Event event = co_await dialogue->link().next(probe.handshake_deadline());
  const auto* received = std::get_if<Received>(&event);
  probe.part(std::move(name), received ? ssl2_answer(received->octets) : ending_of(event));
}

Task<Ending> ssl2_refused(Probe& probe) {
  // RC4-128, 3DES, RC2-128 with MD5; and their export kinds of 40 bits.
  Bytes strong = {0x01, 0x00, 0x80, 0x07, 0x00, 0xc0, 0x03, 0x00, 0x80};
  co_await try_ssl2(probe, "strong", std::move(strong));
  Bytes weak = {0x02, 0x00, 0x80, 0x04, 0x00, 0x80};
  co_await try_ssl2(probe, "export", std::move(weak));
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    {.id = "negotiation.version.downgrade_sentinel_12",
     .title = "A server of TLS 1.3 that speaks TLS 1.2 says so at the end of its random",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.1.3", "RFC 9846 §4.2.3"},
     .scope = {.version = VersionScope::hello, .layer = Layer::tls},
     .run = downgrade_sentinel_12,
     .steps = "A ClientHello of TLS 1.2 without supported_versions, where offers of TLS 1.3 alone "
              "and of TLS 1.2 alone succeed.",
     .accepts = {ending::carried_on},
     .breakers = {{"no_downgrade_mark", kMarkMissing}}},
    {.id = "negotiation.version.fallback_scsv_inappropriate",
     .title = "A client that says it fell back is refused by inappropriate_fallback",
     .levels = {.all = Level::must},
     .severity = Severity::warning,
     .component = Component::library,
     .sources = {"RFC 7507 §3"},
     .scope = {.version = VersionScope::hello, .layer = Layer::tls},
     .run = fallback_scsv_inappropriate,
     .steps = "A ClientHello of TLS 1.2 at most with the suite 0x5600 first, in the middle, last, "
              "where offers of TLS 1.3 alone and of TLS 1.2 alone succeed.",
     .accepts = {kInappropriateFallback},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"ignores_fallback", kHelloTaken}, {"sees_last_fallback_only", kHelloTaken}},
     .liberties = {{"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}},
     .by_hand = "openssl s_client -tls1_2 -fallback_scsv -connect HOST:465"},
    {.id = "negotiation.version.ssl3_refused",
     .title = "SSL 3.0 is refused with protocol_version",
     .levels = {.all = Level::must},
     .roles = {.public_mx = Severity::warning},
     .component = Component::configuration,
     .sources = {"RFC 7568 §3", "RFC 8446 §D.5", "RFC 9846 §E.5"},
     .scope = {.version = VersionScope::hello, .layer = Layer::tls},
     // RSA is what SSL 3.0 has suites for. OpenSSL refuses it by handshake_failure, since SSL 3.0
     // itself has no protocol_version.
     .setup = {.rsa = true, .engine = true},
     .control = Control::handshake,
     .run = ssl3_refused,
     .steps = "A ClientHello of SSL 3.0 in a record of SSL 3.0, in a record of TLS 1.0; one of TLS "
              "1.0 in a record of SSL 3.0, which may be answered by TLS 1.0 or later.",
     .accepts = {kProtocolVersion, kTlsAnswered},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"answers_ssl3", kSsl3Answered}},
     .liberties = {{"answers_tls10", kProtocolVersion},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "negotiation.version.ssl2_refused",
     .title = "SSL 2.0 is refused",
     .levels = {.all = Level::must},
     .roles = {.public_mx = Severity::warning},
     .component = Component::configuration,
     .sources = {"RFC 6176 §3", "CVE-2016-0800"},
     .scope = {.version = VersionScope::hello, .layer = Layer::tls},
     .control = Control::handshake,
     .run = ssl2_refused,
     .steps = "A CLIENT-HELLO of SSL 2.0 with kinds of ciphers of 128 bits, with those of 40.",
     .accepts = {ending::another_alert, ending::closed_without_alert, kSsl2Error},
     .breakers = {{"answers_ssl2", kSsl2Answered}},
     .liberties = {{"closes_on_ssl2", ending::closed_without_alert},
                   {"alerts_on_ssl2", kProtocolVersion},
                   {"errs_on_ssl2", kSsl2Error}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> version_fallback() { return kChecks; }

}  // namespace assay::suites
