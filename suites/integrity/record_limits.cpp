// RFC 8446 §5.1, §5.2 and §5.4, RFC 5246 §6.2: how much a record may hold.
#include "harness/wire/hello.h"
#include "suites/craft.h"
#include "suites/suites.h"

#include <utility>

namespace assay::suites {
namespace {

constexpr Ending kRecordOverflow{"alert_record_overflow"};
constexpr Ending kActedOn{"acted_on"};
/// Content within the limit, content and padding beyond it: RFC 8446 §5.4 binds who sends.
constexpr Ending kPaddingTaken{"padding_taken"};

/// The next record of the application, as its command stands alone in it, is filled up.
struct Filling {
  std::size_t content = 0;  // octets in all; 0: as it is
  std::size_t padding = 0;  // TLS 1.3
};

class Filler {
 public:
  explicit Filler(Protocol protocol) : protocol_(protocol) {}

  void install(engine::Config& offer) {
    offer.emission.records = [this](std::vector<engine::PlainRecord>& records,
                                    const engine::Exchange&) {
      if (!next_ || records.front().type != ContentType::application_data) return;
      const Filling filling = *std::exchange(next_, std::nullopt);
      Bytes& content = records.front().content;
      if (filling.content > content.size()) {
        append(content, endless_command(protocol_, filling.content - content.size()));
      }
      records.front().padding = filling.padding;
    };
  }
  void fill_next(Filling filling) { next_ = filling; }

 private:
  Protocol protocol_;
  std::optional<Filling> next_;
};

/// What the octets of a record are besides its content, in TLS 1.2 with an AEAD.
std::size_t overhead12(const engine::Exchange& told) {
  const CipherSuite& suite = *find_suite(told.suite);
  return suite.aead ? suite.explicit_nonce_size() + suite.tag_size() : 0;
}

using MakeFilling = Filling (*)(const engine::Exchange& told, std::size_t command);

/// A harmless command in such a record, inside TLS. Nothing where TLS could not be had.
Task<std::optional<Answer>> answer_to_filled(Probe& probe, MakeFilling make, bool known) {
  Filler filler(probe.endpoint().protocol);
  engine::Config offer = probe.engine_offer();
  filler.install(offer);
  const Engaged met = co_await settled(probe, std::move(offer));
  if (!met.secured) co_return std::nullopt;
  const Bytes command = known ? met.dialogue->canary() : met.dialogue->unknown_command();
  filler.fill_next(make(met.end->exchange(), command.size()));
  Answer answer = co_await met.dialogue->ask(command);
  co_return answer;
}

Ending acted_on_or(const Answer& answer) { return answer.came() ? kActedOn : ending_of(answer); }

Task<Ending> oversize_ciphertext(Probe& probe) {
  const auto make = [](const engine::Exchange& told, std::size_t command) {
    if (told.version == TlsVersion::tls13) {
      // 2^14 + 257 octets in all; RFC 8446 §5.2: a type and a tag of 16 are among them.
      const std::size_t tag = find_suite(told.suite)->tag_size();
      return Filling{0, kMaxCiphertext13 + 1 - command - 1 - tag};
    }
    return Filling{kMaxCiphertext12 + 1 - overhead12(told), 0};
  };
  const auto answer = co_await answer_to_filled(probe, make, false);
  if (!answer) co_return probe.lost();
  co_return by_version(probe, acted_on_or(*answer), {kRecordOverflow});
}

/// A ClientHello whose message has that many octets, by RFC 7685.
void pad_hello(engine::Config& offer, std::size_t size) {
  offer.emission.hello = [size](ClientHello& hello, const engine::Exchange&) {
    set_extension(hello.extensions, extension::kPadding, {});
    const std::size_t now = 4 + encode(hello).size();
    set_extension(hello.extensions, extension::kPadding, Bytes(size - now));
  };
}

/// A hello of 2^14 + 1 octets: in two records, as it must be, then in one. Nothing where the
/// subject does not take the first.
Task<std::optional<Ending>> long_hello(Probe& probe) {
  engine::Config control = probe.engine_offer();
  pad_hello(control, kMaxPlaintext + 1);
  const Tried taken = co_await try_engine(probe, std::move(control));
  if (taken.ending != ending::carried_on) {
    probe.note("hello: the subject takes none of 2^14 + 1 octets, in whatever records");
    co_return std::nullopt;
  }
  engine::Config offer = probe.engine_offer();
  pad_hello(offer, kMaxPlaintext + 1);
  offer.emission.records = [](std::vector<engine::PlainRecord>& records,
                              const engine::Exchange& told) {
    if (told.messages.size() != 1 || records.size() != 2) return;
    append(records[0].content, records[1].content);
    records.pop_back();
  };
  const Tried tried = co_await try_engine(probe, std::move(offer));
  co_return tried.ending;
}

Task<Ending> oversize_plaintext(Probe& probe) {
  const auto hello = co_await long_hello(probe);
  if (hello) probe.part("hello", by_version(probe, *hello, {kRecordOverflow}));
  const auto make = [](const engine::Exchange&, std::size_t) {
    return Filling{kMaxPlaintext + 1, 0};
  };
  const auto content = co_await answer_to_filled(probe, make, false);
  if (!content) co_return probe.lost();
  probe.part("content", by_version(probe, acted_on_or(*content), {kRecordOverflow}));
  if (is_tls13(probe)) {
    const auto pad = [](const engine::Exchange&, std::size_t command) {
      return Filling{0, kMaxPlaintext + 1 - command};
    };
    const auto padding = co_await answer_to_filled(probe, pad, false);
    if (!padding) co_return probe.lost();
    probe.part("padding", padding->came() ? kPaddingTaken : ending_of(*padding));
  }
  co_return probe.worst();
}

Ending carried_on_or(const Answer& answer) {
  return answer.came() && answer.positive ? ending::carried_on : ending_of(answer);
}

Task<Ending> max_accepted(Probe& probe) {
  const auto make = [](const engine::Exchange&, std::size_t) { return Filling{kMaxPlaintext, 0}; };
  const auto content = co_await answer_to_filled(probe, make, true);
  if (!content) co_return probe.lost();
  probe.part("content", carried_on_or(*content));
  if (is_tls13(probe)) {
    const auto pad = [](const engine::Exchange&, std::size_t command) {
      return Filling{0, kMaxPlaintext - command};
    };
    const auto padding = co_await answer_to_filled(probe, pad, true);
    if (!padding) co_return probe.lost();
    probe.part("padding", carried_on_or(*padding));
  }
  co_return probe.worst();
}

constexpr TlsVersion k12 = TlsVersion::tls12;
constexpr TlsVersion k13 = TlsVersion::tls13;

constexpr Check kChecks[] = {
    {.id = "integrity.record.oversize_ciphertext",
     .title = "A protected record longer than it may be is refused with record_overflow",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §5.2", "RFC 5246 §6.2.3", "RFC 9846 §5.2"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = oversize_ciphertext,
     .steps = "Inside TLS a command in a record of 2^14 + 257 octets, the rest padding (TLS 1.3); "
              "of 2^14 + 2049, the rest an endless second command (TLS 1.2).",
     .accepts = {kRecordOverflow, kRefusedOtherwise},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_long_records", kActedOn}},
     .liberties = {{"refuses_by_other_alert", kRefusedOtherwise, {}, k12},
                   {"refuses_by_close", kRefusedOtherwise, {}, k12},
                   {"refuses_by_other_alert", kInternalError, {}, k13}}},
    {.id = "integrity.record.oversize_plaintext",
     .title = "A record with more than 2^14 octets in it is refused with record_overflow",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §5.1", "RFC 8446 §5.2", "RFC 8446 §5.4", "RFC 5246 §6.2.1",
                 "RFC 9846 §5.1", "RFC 9846 §5.2", "RFC 9846 §5.4"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = oversize_plaintext,
     .steps =
         "A ClientHello of 2^14 + 1 octets in one record, where it is taken in two; inside TLS "
         "a command and the beginning of another in a record of 2^14 + 1 octets; a command "
         "with padding up to there (TLS 1.3).",
     .accepts = {kRecordOverflow, kRefusedOtherwise, kPaddingTaken},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_long_records", ending::carried_on}},
     .liberties = {{"refuses_by_other_alert", kRefusedOtherwise, {}, k12},
                   {"refuses_by_close", kRefusedOtherwise, {}, k12},
                   {"refuses_by_other_alert", kInternalError, {}, k13}}},
    {.id = "integrity.record.max_accepted",
     .title = "A record of 2^14 octets is taken",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §5.1", "RFC 5246 §6.2.1", "RFC 9846 §5.1"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = max_accepted,
     .steps =
         "Inside TLS a command and the beginning of an endless one in a record of 2^14 octets; "
         "a command with padding up to there (TLS 1.3).",
     .accepts = {ending::carried_on},
     .breakers = {{"refuses_full_records", kRecordOverflow}},
     .liberties = {{"many_tickets", ending::carried_on}, {"split_replies", ending::carried_on}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> record_limits() { return kChecks; }

}  // namespace assay::suites
