// RFC 8446 §5.3, RFC 5246 §6.2.3: records count; one that is missing or early is noticed.
#include "harness/net/meddler.h"
#include "suites/observe.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kActedOn{"acted_on"};
constexpr Ending kExecutedTwice{"executed_twice"};

struct Held {
  Meddler* meddler = nullptr;
  std::vector<Bytes> records;

  Probe::Wrap wrap() {
    return [this](std::unique_ptr<Link> link) {
      auto made = std::make_unique<Meddler>(std::move(link));
      meddler = made.get();
      return made;
    };
  }
  /// The next write stays here: no answer to it is awaited.
  void hold_next() {
    meddler->edit([this](std::vector<Bytes>& written) {
      records = std::exchange(written, {});
      meddler->edit({});
    });
  }
  /// The next write goes out twice over, in one segment.
  void repeat_next() {
    meddler->edit([this](std::vector<Bytes>& written) {
      const std::vector<Bytes> again = written;
      written.insert(written.end(), again.begin(), again.end());
      meddler->edit({});
    });
  }
  /// The next write goes first, what is held behind it.
  void release_behind_next() {
    meddler->edit([this](std::vector<Bytes>& written) {
      for (Bytes& record : records) written.push_back(std::move(record));
      meddler->edit({});
    });
  }
};

Ending seen_after(const Answer& answer) { return answer.came() ? kActedOn : ending_of(answer); }

Task<Ending> withhold(Probe& probe) {
  Held held;
  const auto dialogue = co_await secured(probe, held.wrap());
  if (!dialogue) co_return probe.lost();
  held.hold_next();
  dialogue->link().send(dialogue->unknown_command());
  const Answer answer = co_await dialogue->ask(dialogue->canary());
  co_return seen_after(answer);
}

Task<Ending> swap(Probe& probe) {
  Held held;
  const auto dialogue = co_await secured(probe, held.wrap());
  if (!dialogue) co_return probe.lost();
  held.hold_next();
  dialogue->link().send(dialogue->unknown_command());
  held.release_behind_next();
  const Answer answer = co_await dialogue->ask(dialogue->canary());
  co_return seen_after(answer);
}

/// The first protected record of the application bears the number one.
Task<Ending> first_is_missing(Probe& probe) {
  Held held;
  const auto dialogue = co_await approached(probe, held.wrap());
  if (!dialogue) co_return probe.lost();
  const bool secured = co_await dialogue->secure(probe.tls_client(probe.tls_offer()));
  if (!secured) co_return probe.lost();
  if (probe.endpoint().access == Access::implicit && dialogue->greets()) {
    const Answer greeting = co_await dialogue->answer();
    if (!greeting.came()) co_return probe.inconclusive("no greeting: " + greeting.text);
  }
  held.hold_next();
  dialogue->link().send(dialogue->unknown_command());
  const Answer answer = co_await dialogue->ask(dialogue->canary());
  co_return seen_after(answer);
}

Task<Ending> drop_swap(Probe& probe) {
  const Ending withheld = co_await withhold(probe);
  probe.part("withheld", withheld);
  const Ending swapped = co_await swap(probe);
  probe.part("swapped", swapped);
  const Ending first = co_await first_is_missing(probe);
  probe.part("first_is_missing", first);
  co_return probe.worst();
}

Task<Ending> replay(Probe& probe) {
  Held held;
  const auto dialogue = co_await secured(probe, held.wrap());
  if (!dialogue) co_return probe.lost();
  held.repeat_next();
  const Answer once = co_await dialogue->ask(dialogue->unknown_command());
  // An end that reads both before it answers may fail without an answer.
  if (!once.came()) co_return ending_of(once);
  const Answer twice = co_await dialogue->answer();
  co_return twice.came() ? kExecutedTwice : ending_of(twice);
}

constexpr Check kChecks[] = {
    {.id = "integrity.sequence.drop_swap",
     .title = "A missing or early record is refused with bad_record_mac",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §5.3", "RFC 5246 §6.2.3", "RFC 9846 §5.3"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = drop_swap,
     .steps = "A record is withheld and the next one sent; two are swapped; the very first one of "
              "the application is "
              "withheld.",
     .accepts = {kBadRecordMac},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"any_sequence", kActedOn}},
     .liberties = {{"many_tickets", kBadRecordMac},
                   {"no_tickets", kBadRecordMac},
                   {"split_replies", kBadRecordMac}}},
    {.id = "integrity.sequence.replay",
     .title = "A record that comes again is refused with bad_record_mac, and run once",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 8446 §5.3", "RFC 5246 §6.2.3", "RFC 9846 §5.3"},
     .scope = {.version = VersionScope::each, .layer = Layer::tls},
     .run = replay,
     .steps = "Inside TLS a command whose record is sent twice, octet for octet.",
     .accepts = {kBadRecordMac},
     .weak = {ending::another_alert, ending::closed_without_alert},
     .breakers = {{"takes_replays", kExecutedTwice}},
     .liberties = {{"many_tickets", kBadRecordMac},
                   {"refuses_by_other_alert", kInternalError},
                   {"refuses_by_close", ending::closed_without_alert}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> sequence() { return kChecks; }

}  // namespace assay::suites
