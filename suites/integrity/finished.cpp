// RFC 8446 §4.4.4, RFC 5246 §7.4.9: a Finished is compared whole, and stands for every octet of the
// handshake.
#include "harness/wire/hello.h"
#include "suites/craft.h"
#include "suites/suites.h"

#include <utility>

namespace assay::suites {
namespace {

using AlterBody = std::function<void(Bytes& body, const engine::Exchange& told)>;

/// What a subject says that takes such a Finished is not ours to judge: its own covers it.
engine::Config offer_with(Probe& probe, AlterBody alter) {
  engine::Config offer = probe.engine_offer();
  offer.tolerated.set(Sin::finished_wrong);
  on_second_flight(
      offer, [alter = std::move(alter)](engine::Flight& flight, const engine::Exchange& told) {
        for (engine::Step& step : flight) {
          if (!is_message(step, HandshakeType::finished)) continue;
          step.body = [honest = std::move(step.body), alter, &told] {
            Bytes body = honest();
            alter(body, told);
            return body;
          };
        }
      });
  return offer;
}

struct Alteration {
  std::string_view name;
  void (*alter)(Bytes& body);
};

Task<Ending> altered(Probe& probe, std::span<const Alteration> alterations,
                     Ending (*judge)(Probe& probe, Ending seen)) {
  const auto lacking = co_await without_control(probe, probe.engine_offer());
  if (lacking) co_return *lacking;
  for (const Alteration& each : alterations) {
    const auto alter = each.alter;
    engine::Config offer =
        offer_with(probe, [alter](Bytes& body, const engine::Exchange&) { alter(body); });
    const Tried tried = co_await try_engine(probe, std::move(offer));
    probe.part(std::string(each.name), judge(probe, tried.ending));
  }
  co_return probe.worst();
}

Task<Ending> bit_flip(Probe& probe) {
  static constexpr Alteration kFlips[] = {
      {"first_bit", [](Bytes& body) { body.front() ^= 0x80; }},
      {"middle_bit", [](Bytes& body) { body[body.size() / 2] ^= 0x10; }},
      {"last_bit", [](Bytes& body) { body.back() ^= 0x01; }},
  };
  return altered(probe, kFlips,
                 [](Probe& on, Ending seen) { return by_version(on, seen, {kDecryptError}); });
}

Task<Ending> length(Probe& probe) {
  static constexpr Alteration kLengths[] = {
      {"empty", [](Bytes& body) { body.clear(); }},
      {"one_short", [](Bytes& body) { body.pop_back(); }},
      {"one_long", [](Bytes& body) { body.push_back(0); }},
      {"16384_octets", [](Bytes& body) { body.resize(0x4000); }},
  };
  return altered(probe, kLengths, [](Probe&, Ending seen) { return seen; });
}

/// What somebody in the middle may have made of our hello, or we of his.
struct Forgery {
  std::string_view name;
  void (*alter)(ClientHello& hello);
};

void drop_first_suite(ClientHello& hello) {
  hello.cipher_suites.erase(hello.cipher_suites.begin());
}
void add_suite(ClientHello& hello) { hello.cipher_suites.push_back(0x002f); }
void drop_first_group(ClientHello& hello) {
  const Extension* found = hello.find(extension::kSupportedGroups);
  auto list = found == nullptr ? Decoded<NumberList>{} : decode<NumberList>(found->extension_data);
  if (!list) return;
  auto& groups = list.message->values;
  groups.erase(groups.begin());
  set_extension(hello.extensions, extension::kSupportedGroups, encode(*list.message));
}
void drop_versions(ClientHello& hello) {
  remove_extension(hello.extensions, extension::kSupportedVersions);
}
void add_version(ClientHello& hello) {
  set_extension(hello.extensions, extension::kSupportedVersions,
                encode(VersionList{{0x0304, 0x0303}}));
}

/// TLS 1.2: the hello on the wire is another than the one in our transcript.
engine::Config forged_on_wire(engine::Config offer, const Forgery& forgery) {
  offer.tolerated.set(Sin::finished_wrong);
  offer.tolerated.set(Sin::downgrade);
  offer.emission.records = [alter = forgery.alter](std::vector<engine::PlainRecord>& records,
                                                   const engine::Exchange& told) {
    if (told.messages.size() != 1 || records.front().type != ContentType::handshake) return;
    records.front().content = altered_hello(told.messages.front().octets, alter);
  };
  return offer;
}

/// A hello that is refused by itself says nothing of the Finished.
void judge_forged(Probe& probe, std::string name, const Tried& tried) {
  const bool answered = tried.exchange.last(HandshakeType::server_hello) != nullptr;
  if (!answered && is_refusal(tried.ending)) {
    probe.note(name + ": the subject does not take that ClientHello");
    return;
  }
  probe.part(std::move(name), tried.ending);
}

Task<Ending> transcript_changed12(Probe& probe) {
  static constexpr Forgery kForgeries[] = {{"suite_taken_out", drop_first_suite},
                                           {"group_taken_out", drop_first_group},
                                           {"versions_taken_out", drop_versions},
                                           {"suite_put_in", add_suite}};
  for (const Forgery& each : kForgeries) {
    engine::Config offer = probe.engine_offer();
    offer.extended_master_secret = false;  // the Finished alone has to tell
    if (each.alter == drop_versions) offer.max_version = TlsVersion::tls13;
    offer = forged_on_wire(std::move(offer), each);
    const Tried tried = co_await try_engine(probe, std::move(offer));
    judge_forged(probe, std::string(each.name), tried);
  }
  // RFC 7627 §4: the keys themselves depend on what was said.
  engine::Config offer = forged_on_wire(probe.engine_offer(), kForgeries[0]);
  const Tried tried = co_await try_engine(probe, std::move(offer));
  judge_forged(probe, "extended_master_secret", tried);
  co_return probe.worst();
}

/// TLS 1.3: keys follow from the hello as it was; a Finished over another one must be refused.
Task<Ending> transcript_changed13(Probe& probe) {
  static constexpr Forgery kForgeries[] = {{"suite_taken_out", drop_first_suite},
                                           {"group_taken_out", drop_first_group},
                                           {"version_put_in", add_version},
                                           {"suite_put_in", add_suite}};
  for (const Forgery& each : kForgeries) {
    const auto alter = each.alter;
    engine::Config offer = offer_with(probe, [alter](Bytes& body, const engine::Exchange& told) {
      std::vector<engine::Said> messages = told.messages;
      messages.front().octets = altered_hello(messages.front().octets, alter);
      body = client_verify_data(told, messages);
    });
    const Tried tried = co_await try_engine(probe, std::move(offer));
    probe.part(std::string(each.name), tried.ending);
  }
  co_return probe.worst();
}

Task<Ending> transcript_changed(Probe& probe) {
  engine::Config plain = probe.engine_offer();
  plain.extended_master_secret = is_tls13(probe);
  const auto lacking = co_await without_control(probe, std::move(plain));
  if (lacking) co_return *lacking;
  if (is_tls13(probe)) co_return co_await transcript_changed13(probe);
  co_return co_await transcript_changed12(probe);
}

constexpr TlsVersion k12 = TlsVersion::tls12;
constexpr TlsVersion k13 = TlsVersion::tls13;

constexpr Check kChecks[] = {
    {.id = "integrity.finished.bit_flip",
     .title = "A Finished with one wrong bit is refused with decrypt_error",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.4.4", "RFC 5246 §7.4.9", "RFC 9846 §4.5.3"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = bit_flip,
     .steps = "A handshake whose client Finished has its first bit flipped, one in the middle, its "
              "last one.",
     .accepts = {kDecryptError, kRefusedOtherwise},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_any_finished", ending::carried_on},
                  {"compares_half_of_finished", ending::carried_on}},
     .liberties = {{"refuses_by_other_alert", kRefusedOtherwise, {}, k12},
                   {"refuses_by_close", kRefusedOtherwise, {}, k12},
                   {"refuses_by_other_alert", kInternalError, {}, k13}}},
    {.id = "integrity.finished.transcript_changed",
     .title = "A Finished over another ClientHello than the one that came is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.4.1", "RFC 8446 §4.4.4", "RFC 5246 §7.4.9", "RFC 5246 §F.1.1",
                 "RFC 9846 §4.1", "RFC 9846 §4.5.3"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = transcript_changed,
     .steps = "TLS 1.2: the ClientHello on the wire lacks our first suite, our first group, our "
              "versions, or has one suite more than the one that our Finished covers; without "
              "extended_master_secret, then with it. TLS 1.3: our Finished covers such a "
              "ClientHello.",
     .accepts = {kDecryptError, kBadRecordMac, ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_any_finished", ending::carried_on}},
     .liberties = {{"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
    {.id = "integrity.finished.length",
     .title = "A Finished of the wrong length is refused",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §4.4.4", "RFC 8446 §6", "RFC 5246 §7.4.9", "RFC 9846 §4.5.3",
                 "RFC 9846 §6"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = length,
     .steps = "A handshake whose client Finished is empty, one octet short, one octet long, 2^14 "
              "octets.",
     .accepts = {kDecodeError, kDecryptError, ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_any_finished", ending::carried_on},
                  {"compares_what_came_of_finished", ending::carried_on}},
     .liberties = {{"refuses_by_decrypt_error", kDecryptError},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> finished() { return kChecks; }

}  // namespace assay::suites
