// RFC 8446 §5.2 and §6.2, RFC 5246 §6.2.3.3 and §7.2.2: records that our own engine seals wrongly,
// or that are too short to be sealed at all, and what becomes of good ones behind them.
#include "harness/crypto/key_block.h"
#include "suites/craft.h"
#include "suites/observe.h"
#include "suites/suites.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace assay::suites {
namespace {

constexpr Ending kActedOn{"acted_on"};
/// The connection ended, and nothing behind the bad record was acted on.
constexpr Ending kEnded{"ended"};

constexpr std::uint64_t kMostRecords = 64;

/// What the client's records are sealed with, taken apart.
struct Sealing {
  AeadAlgorithm algorithm;
  Bytes key;
  Bytes iv;
  RecordKeys keys;  // the same, whole
};

Sealing sealing_of(const engine::Exchange& told, AeadAlgorithm algorithm) {
  const CipherSuite& suite = *find_suite(told.suite);
  if (told.version == TlsVersion::tls13) {
    const Bytes& secret = told.secrets.client_application;
    return {algorithm, hkdf_expand_label(suite.hash, secret, "key", {}, suite.key_size()),
            hkdf_expand_label(suite.hash, secret, "iv", {}, suite.fixed_iv_size()),
            RecordKeys::of_traffic_secret(suite, secret)};
  }
  WriterKeys written = writer_keys(
      suite, {told.master_secret, told.client_random, told.server_random}, Writer::client);
  return {algorithm, std::move(written.key), std::move(written.iv),
          client_keys12(told, told.master_secret)};
}

void put_number(Bytes& to, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    to.push_back(static_cast<std::uint8_t>(number >> shift));
  }
}

/// RFC 8446 §5.3, RFC 7905 §2: the number over the end of the IV; RFC 5288 §3: a part of the nonce
/// stands in the record.
Bytes nonce_of(const Sealing& with, View explicit_nonce, std::uint64_t number) {
  Bytes nonce = with.iv;
  append(nonce, explicit_nonce);
  if (!explicit_nonce.empty()) return nonce;
  Bytes counted;
  put_number(counted, number);
  for (std::size_t i = 0; i < counted.size(); ++i) nonce[nonce.size() - 8 + i] ^= counted[i];
  return nonce;
}

/// Where a part of the additional data is: behind the number, which TLS 1.2 alone has in it.
struct Altered {
  std::string_view name;
  bool number = false;    // the sequence number itself
  std::size_t octet = 0;  // of type, version and length
  std::uint8_t bits = 0;
};

/// The record again, sealed over other additional data; its own octets when it cannot be opened.
Bytes sealed_over(const engine::Exchange& told, const Bytes& record, const Altered& altered) {
  const CipherSuite& suite = *find_suite(told.suite);
  const Sealing with = sealing_of(told, *suite.aead);
  const bool newest = told.version == TlsVersion::tls13;
  for (std::uint64_t number = 0; number < kMostRecords; ++number) {
    const auto opened = with.keys.open(record, number);
    if (!opened) continue;
    Bytes plaintext = opened->content;
    Bytes additional;
    if (!newest) put_number(additional, number);
    const std::size_t head = additional.size();
    additional.insert(additional.end(), record.begin(), record.begin() + kRecordHeaderSize);
    if (newest) {
      plaintext.push_back(opened->type);
      plaintext.resize(plaintext.size() + opened->padding);
    } else {
      // RFC 5246 §6.2.3.3: the length of the plaintext.
      additional[head + 3] = static_cast<std::uint8_t>(plaintext.size() >> 8);
      additional[head + 4] = static_cast<std::uint8_t>(plaintext.size());
    }
    additional[altered.number ? 7 : head + altered.octet] ^= altered.bits;
    const View explicit_nonce =
        View(record).subspan(kRecordHeaderSize, suite.explicit_nonce_size());
    Bytes wrong = bytes_of(View(record).first(kRecordHeaderSize));
    append(wrong, explicit_nonce);
    append(wrong, Aead(with.algorithm, with.key)
                      .seal(nonce_of(with, explicit_nonce, number), additional, plaintext));
    return wrong;
  }
  return record;
}

/// Alters what goes out together next, once it is told to.
class Forger {
 public:
  using Forge = std::function<void(std::vector<Bytes>& sealed, const engine::Exchange& told)>;

  void install(engine::Config& offer) {
    offer.emission.sealed = [this](std::vector<Bytes>& sealed, const engine::Exchange& told) {
      if (const Forge forge = std::exchange(next_, {})) forge(sealed, told);
    };
  }
  void forge_next(Forge forge) { next_ = std::move(forge); }

 private:
  Forge next_;
};

Task<Ending> try_additional_data(Probe& probe, Altered altered) {
  Forger forger;
  engine::Config offer = probe.engine_offer();
  forger.install(offer);
  const Engaged met = co_await settled(probe, std::move(offer));
  if (!met.secured) co_return probe.lost();
  const CipherSuite& suite = *find_suite(met.end->exchange().suite);
  if (!suite.aead) {
    co_return probe.inapplicable(fmt::format("agreed on {}, which is no AEAD", suite.name));
  }
  forger.forge_next([altered](std::vector<Bytes>& sealed, const engine::Exchange& told) {
    for (Bytes& record : sealed) record = sealed_over(told, record, altered);
  });
  const Answer answer = co_await met.dialogue->ask(met.dialogue->unknown_command());
  co_return answer.came() ? kActedOn : ending_of(answer);
}

Task<Ending> aad(Probe& probe) {
  static constexpr Altered kAltered[] = {
      {"type", false, 0, 0x01},
      {"version", false, 2, 0x02},
      {"length", false, 4, 0x01},
      {"number", true, 0, 0x01},
  };
  for (const Altered& each : kAltered) {
    if (each.number && is_tls13(probe)) continue;  // RFC 8446 §5.3: it is in the nonce alone
    const Ending seen = co_await try_additional_data(probe, each);
    if (seen == ending::inapplicable) co_return seen;
    probe.part(std::string(each.name), seen);
  }
  co_return probe.worst();
}

/// A bad record, then two good commands: the second of them first, for an end that counts the bad
/// one as well as for an end that does not.
struct Behind {
  Ending ending;  // what came first
  bool ended = false;
};
Task<Behind> behind_bad_record(Probe& probe, std::function<Bytes(const Bytes& good)> make_bad) {
  Behind behind;
  Forger forger;
  engine::Config offer = probe.engine_offer();
  forger.install(offer);
  const Engaged met = co_await settled(probe, std::move(offer));
  behind.ending = probe.lost();
  if (!met.secured) co_return behind;
  forger.forge_next([&make_bad](std::vector<Bytes>& sealed, const engine::Exchange&) {
    if (sealed.size() == 2) sealed = {make_bad(sealed[0]), sealed[1], sealed[0]};
  });
  const Bytes first = met.dialogue->unknown_command();
  const Bytes second = met.dialogue->unknown_command();
  met.end->say({engine::say_record(ContentType::application_data, first),
                engine::say_record(ContentType::application_data, second)});
  const Answer answer = co_await met.dialogue->answer();
  behind.ending = answer.came() ? kActedOn : ending_of(answer);
  if (!is_refusal(behind.ending)) co_return behind;
  const Remainder rest = co_await read_remainder(met.dialogue->link(), probe.reply_deadline());
  behind.ended = rest.ended;
  co_return behind;
}

Task<Ending> fatal(Probe& probe) {
  const Behind behind = co_await behind_bad_record(probe, [](const Bytes& good) {
    Bytes bad = good;
    bad.back() ^= 0x01;
    return bad;
  });
  if (!is_refusal(behind.ending)) co_return behind.ending;
  co_return behind.ended ? kEnded : ending::hang;
}

Task<Ending> short_record(Probe& probe) {
  for (const std::size_t size : {0U, 1U, 7U, 8U, 15U, 16U, 17U}) {
    const auto make_bad = [size](const Bytes&) {
      return compose_record(ContentType::application_data, Bytes(size));
    };
    const Behind behind = co_await behind_bad_record(probe, make_bad);
    probe.part(fmt::format("{}_octets", size), behind.ending);
  }
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    {.id = "integrity.aead.aad",
     .title = "A record that was sealed over other additional data is refused with bad_record_mac",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §5.2", "RFC 5246 §6.2.3.3", "RFC 9846 §5.2"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = aad,
     .steps = "Inside TLS a command in a record whose header is right, sealed over another type, "
              "another version, another length, another sequence number (TLS 1.2).",
     .accepts = {kBadRecordMac},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"skip_tag", kActedOn}},
     .liberties = {{"many_tickets", kBadRecordMac}, {"split_replies", kBadRecordMac}}},
    {.id = "integrity.aead.fatal",
     .title = "Behind a record that does not verify nothing is acted on, and the connection ends",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §6.2", "RFC 5246 §7.2.2", "RFC 9846 §6.2"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = fatal,
     .steps = "Inside TLS a record with one flipped bit, then two good ones with commands; then "
              "read to the end.",
     .accepts = {kEnded},
     .breakers = {{"drops_bad_records", kActedOn}},
     .liberties = {{"many_tickets", kEnded}, {"split_replies", kEnded}}},
    {.id = "integrity.aead.short_record",
     .title = "A record that is too short to be a protected one is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §5.2", "RFC 5246 §6.2.3.3", "CVE-2016-7054", "RFC 9846 §5.2"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .traits = {Trait::intrusive},
     .run = short_record,
     .steps = "Inside TLS a record of application data of 0, 1, 7, 8, 15, 16, 17 zeros, then good "
              "ones with commands.",
     .accepts = {kBadRecordMac, kDecodeError, ending::another_alert, ending::closed_without_alert},
     .breakers = {{"drops_bad_records", kActedOn}},
     .liberties = {{"refuses_by_decode_error", kDecodeError},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> aead_forged() { return kChecks; }

}  // namespace assay::suites
