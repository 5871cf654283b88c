// RFC 8446 §5.1, RFC 5246 §6.2.1: messages may be cut and joined by records in any way, and records
// by segments.
#include "suites/craft.h"
#include "suites/dripping.h"
#include "suites/suites.h"

#include <algorithm>
#include <utility>

namespace assay::suites {
namespace {

/// RFC 8446 §5.1 knows no least size, but some ends have one.
constexpr Ending kTinyRefused{"tiny_records_refused"};

/// How long the next piece of a record's content is.
struct Cut {
  std::string_view name;
  std::size_t (*next)(std::size_t whole, std::size_t done);
};

void cut_messages(engine::Config& offer, const Cut& cut) {
  offer.emission.records = [next = cut.next](std::vector<engine::PlainRecord>& records,
                                             const engine::Exchange&) {
    std::vector<engine::PlainRecord> pieces;
    for (engine::PlainRecord& record : records) {
      const std::size_t whole = record.content.size();
      if (record.type != ContentType::handshake || whole == 0) {
        pieces.push_back(std::move(record));
        continue;
      }
      for (std::size_t done = 0; done < whole;) {
        const std::size_t size = std::min(next(whole, done), whole - done);
        engine::PlainRecord piece = record;
        piece.content = bytes_of(View(record.content).subspan(done, size));
        pieces.push_back(std::move(piece));
        done += size;
      }
    }
    records = std::move(pieces);
  };
}

Task<Ending> fragmented_handshake(Probe& probe) {
  static constexpr Cut kCuts[] = {
      {"two_records", [](std::size_t whole, std::size_t) { return (whole + 1) / 2; }},
      {"header_from_body",
       [](std::size_t whole, std::size_t done) { return done == 0 ? std::size_t{4} : whole; }},
      {"sixteen_octets", [](std::size_t, std::size_t) { return std::size_t{16}; }},
      {"one_octet", [](std::size_t, std::size_t) { return std::size_t{1}; }},
  };
  for (const Cut& each : kCuts) {
    engine::Config offer = probe.engine_offer();
    cut_messages(offer, each);
    const Tried tried = co_await try_engine(probe, std::move(offer));
    if (!tried.began) co_return tried.ending;
    const bool tiny = each.name == "one_octet" && is_refusal(tried.ending);
    probe.part(std::string(each.name), tiny ? kTinyRefused : tried.ending);
  }
  co_return probe.worst();
}

/// A command in two records right behind the client's Finished, in the same segment: where that is
/// the last of the handshake.
Task<Ending> command_behind_finished(Probe& probe, engine::Config offer) {
  const auto dialogue = co_await approached(probe);
  if (!dialogue) co_return probe.lost();
  const Bytes command = dialogue->unknown_command();
  on_second_flight(offer, [command](engine::Flight& flight, const engine::Exchange&) {
    const View whole = command;
    for (const View half : {whole.first(whole.size() / 2), whole.subspan(whole.size() / 2)}) {
      flight.push_back(engine::say_record(ContentType::application_data, bytes_of(half)));
    }
  });
  const Secured met = co_await secure_by_engine(*dialogue, std::move(offer));
  if (!met.secured) co_return ending_of(dialogue->handshake_event());
  const Answer answer = co_await dialogue->answer();
  co_return answer.came() ? ending::carried_on : ending_of(answer);
}

Task<Ending> coalesced(Probe& probe) {
  // An engine's flights are one write each.
  engine::Config offer = probe.engine_offer();
  const Engaged met = co_await settled(probe, std::move(offer));
  if (!met.secured) co_return probe.lost();
  probe.part("flight", ending::carried_on);
  const auto sessions = met.end->take_sessions();
  met.dialogue->leave();
  // A command that comes before the greeting is out of turn, however it travels.
  const bool greets = probe.endpoint().access == Access::implicit && met.dialogue->greets();
  if (greets) {
    probe.note("finished_and_command: the service speaks first");
    co_return probe.worst();
  }
  engine::Config again = probe.engine_offer();
  if (!is_tls13(probe)) {
    // RFC 5246 §7.4.9: the client's Finished is the last one when a session is resumed.
    again.sessions = sessions;
    if (sessions.empty()) {
      probe.note("finished_and_command: there is no session to resume");
      co_return probe.worst();
    }
  }
  const Ending seen = co_await command_behind_finished(probe, std::move(again));
  probe.part("finished_and_command", seen);
  co_return probe.worst();
}

Task<Ending> drip(Probe& probe, Dripping::Shape shape) {
  Dripping* dripping = nullptr;
  const auto dialogue = co_await approached(probe, [&dripping, &probe](std::unique_ptr<Link> link) {
    auto made = std::make_unique<Dripping>(std::move(link), probe.loop());
    dripping = made.get();
    return made;
  });
  if (!dialogue) co_return probe.lost();
  dripping->drip(shape);
  const Secured met = co_await secure_by_engine(*dialogue, probe.engine_offer());
  if (!met.secured) co_return ending_of(dialogue->handshake_event());
  const Ending seen = co_await carries_on(*dialogue);
  dialogue->leave();
  co_return seen;
}

Task<Ending> tcp_dripped(Probe& probe) {
  const Ending octets = co_await drip(probe, Dripping::Shape::octets);
  probe.part("one_octet", octets);
  const Ending heads = co_await drip(probe, Dripping::Shape::heads);
  probe.part("header_split", heads);
  co_return probe.worst();
}

constexpr Check kChecks[] = {
    {.id = "integrity.record.fragmented_handshake",
     .title = "Handshake messages are taken however records cut them",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §5.1", "RFC 5246 §6.2.1", "RFC 9846 §5.1"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = fragmented_handshake,
     .steps = "A handshake whose client messages come in two records each, with their header in a "
              "record of its own, in records of 16 octets, of one.",
     .accepts = {ending::carried_on},
     .weak = {kTinyRefused},
     .breakers = {{"wants_whole_messages", kUnexpectedMessage}},
     .liberties = {{"many_tickets", ending::carried_on}, {"refuses_tiny_records", kTinyRefused}}},
    {.id = "integrity.record.coalesced",
     .title = "What comes behind a message in one segment is not lost",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §5.1", "RFC 5246 §6.2.1", "RFC 9846 §5.1"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = coalesced,
     .steps = "A handshake whose flights are one segment each; then one with a command in two "
              "records in the segment of the client's Finished, where that is the last of the "
              "handshake (TLS 1.3, or a session resumed in TLS 1.2).",
     .accepts = {ending::carried_on},
     .breakers = {{"loses_tail_of_segment", ending::hang}},
     .liberties = {{"many_tickets", ending::carried_on}, {"split_replies", ending::carried_on}}},
    {.id = "integrity.record.tcp_dripped",
     .title = "Records are taken however segments cut them",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §5.1", "RFC 9846 §5.1"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = tcp_dripped,
     .steps = "A handshake and a command of which each octet is a segment of its own; then of each "
              "record the first octet, the rest of its header, the rest.",
     .accepts = {ending::carried_on},
     .breakers = {{"misreads_partial_header", kUnexpectedMessage}},
     .liberties = {{"many_tickets", ending::carried_on}, {"split_replies", ending::carried_on}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> record() { return kChecks; }

}  // namespace assay::suites
