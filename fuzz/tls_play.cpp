#include "fuzz/tls_play.h"

#include "fuzz/edits.h"
#include "fuzz/fixed_chance.h"
#include "fuzz/pieces.h"
#include "fuzz/target.h"
#include "harness/base/entropy.h"
#include "harness/wire/record.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>

namespace assay::fuzz {
namespace {

// Each end draws from its own, so that an end draws the same whether its peer is there or recorded.
constexpr std::uint64_t kOurs = 1;
constexpr std::uint64_t kTheirs = 2;

/// Two engines can keep each other busy (a KeyUpdate for a KeyUpdate); nobody needs as many turns.
constexpr int kMostTurns = 64;

Sins all_sins() {
  Sins sins;
  for (std::size_t i = 0; i < kSinCount; ++i) sins.set(static_cast<Sin>(i));
  return sins;
}

struct Tested {
  std::unique_ptr<Channel> end;
  engine::Engine* engine = nullptr;  // the same where it is one
};

Tested tested_end(const Subject& subject, const TlsChoice& choice) {
  TlsEnds& ends = TlsEnds::shared();
  if (subject.library == Library::openssl) return {ends.openssl(choice, subject.role), nullptr};
  // What an engine client resumes here is the engine's: a session has to be somebody's.
  engine::Config config = ends.engine(choice, subject.role, Library::engine);
  config.tolerated = choice.tolerated;
  auto made = engine::make_engine(std::make_shared<engine::Config>(std::move(config)));
  engine::Engine* const raw = made.get();
  return {std::move(made), raw};
}

bool ignores_alerts(const Subject& subject, const TlsChoice& choice) {
  return subject.library == Library::engine && choice.tolerated.has(Sin::fatal_alert_ignored);
}

Outcome play_raw(const Subject& subject, const TlsChoice& choice, View octets, std::uint8_t seed,
                 bool cut) {
  Tested tested = tested_end(subject, choice);
  std::uint64_t state = kOurs;
  const FixedChance chance(state);
  Watched watched(std::move(tested.end), ignores_alerts(subject, choice));
  watched.start();
  if (cut) {
    for (const View part : pieces(octets, seed)) watched.feed(part);
  } else {
    watched.feed(octets);
  }
  return watched.finish();
}

/// Both ends and the edits between them.
class Duet {
 public:
  Duet(const Subject& subject, const TlsChoice& choice, View edits, std::uint8_t seed, Bytes* heard)
      : seed_(seed), heard_(heard), editor_(read_edits(edits)) {
    Tested tested = tested_end(subject, choice);
    tested_ = tested.engine;
    const Role opposite = subject.role == Role::client ? Role::server : Role::client;
    engine::Config config = TlsEnds::shared().engine(choice, opposite, subject.library);
    config.emission = editor_.emission();
    if (choice.lenient_peer) config.tolerated = all_sins();
    peer_ = engine::make_engine(std::make_shared<engine::Config>(std::move(config)));
    watched_ = std::make_unique<Watched>(std::move(tested.end), ignores_alerts(subject, choice));
  }

  Outcome play() {
    in_stream(our_state_, [&] { watched_->start(); });
    in_stream(their_state_, [&] { peer_->start(); });
    auto talk = editor_.edits().begin();
    for (int turns = 0; turns < kMostTurns; ++turns) {
      if (exchange()) continue;
      talk = std::find_if(talk, editor_.edits().end(),
                          [](const Edit& edit) { return edit.layer == Layer::talk; });
      if (talk == editor_.edits().end()) break;
      say(*talk++);
    }
    const FixedChance chance(our_state_);
    return watched_->finish();
  }

 private:
  static void in_stream(std::uint64_t& state, const std::function<void()>& what) {
    const FixedChance chance(state);
    what();
  }

  bool exchange() {
    const Bytes to_us = peer_->take_output();
    const Bytes to_them = watched_->take();
    if (heard_ != nullptr) append(*heard_, to_us);
    in_stream(our_state_, [&] {
      for (const View part : pieces(to_us, seed_)) watched_->feed(part);
    });
    if (!to_them.empty()) in_stream(their_state_, [&] { peer_->feed(to_them); });
    while (peer_->next_event()) {
    }
    return !to_us.empty() || !to_them.empty();
  }

  void say(const Edit& edit) {
    const auto type = edit.octets.empty() ? std::uint8_t{0} : edit.octets[0];
    const Bytes rest(edit.octets.begin() + (edit.octets.empty() ? 0 : 1), edit.octets.end());
    const auto talk = static_cast<Talk>(edit.operation);
    if (talk >= Talk::answer_data) return in_stream(our_state_, [&] { answer(talk, edit); });
    in_stream(their_state_, [&] {
      switch (talk) {
        case Talk::record:
          return peer_->say({engine::say_record(static_cast<ContentType>(type), rest)});
        case Talk::message:
          return peer_->say(
              {engine::say(static_cast<HandshakeType>(type), [&] { return Bytes(rest); })});
        case Talk::data:
          return peer_->send(edit.octets);
        case Talk::close:
          return peer_->close();
        default:
          return peer_->wish(wish_of(edit));
      }
    });
  }

  void answer(Talk talk, const Edit& edit) {
    if (talk == Talk::answer_data) return watched_->send(edit.octets);
    if (talk == Talk::answer_close) return watched_->close();
    if (tested_ == nullptr) return;
    tested_->wish(wish_of(edit));
    watched_->look();
  }

  static engine::Wish wish_of(const Edit& edit) {
    if (edit.nth % 3 == 0) return engine::Wish::update_keys;
    return edit.nth % 3 == 1 ? engine::Wish::update_keys_of_both : engine::Wish::renegotiate;
  }

  std::uint8_t seed_;
  Bytes* heard_;
  Editor editor_;
  engine::Engine* tested_ = nullptr;
  std::unique_ptr<engine::Engine> peer_;
  std::unique_ptr<Watched> watched_;
  std::uint64_t our_state_ = kOurs;
  std::uint64_t their_state_ = kTheirs;
};

/// Whether the end under test did what it never did before. The engine opposite is instrumented and
/// libssl is not: that the peer did something else is no reason to keep an input.
bool is_new(const Outcome& outcome) {
  static std::set<std::uint64_t> seen;
  std::string shape;
  for (const std::string& event : outcome.events) {
    shape += event.starts_with("received") ? "received" : event;
  }
  RecordSplitter splitter;
  splitter.feed(outcome.output);
  while (const auto record = splitter.next()) shape += static_cast<char>(record->octets[0]);
  return seen.insert(stable_hash(shape)).second;
}

}  // namespace

Outcome play_opposite(const Subject& subject, const TlsChoice& choice, View edits,
                      std::uint8_t seed, Bytes* heard) {
  return Duet(subject, choice, edits, seed, heard).play();
}

int examine_tls(const Subject& subject, View input) {
  const auto choice = read_choice(input);
  if (!choice) return -1;
  const View rest = input.subspan(kChoiceOctets);
  const Outcome once = choice->opposite
                           ? play_opposite(subject, *choice, rest, choice->seed)
                           : play_raw(subject, *choice, rest, choice->seed, choice->compared);
  const bool kept = !choice->opposite || subject.library == Library::engine || is_new(once);
  if (!choice->compared) return kept ? 0 : -1;
  // Longest pieces against whatever it was, or all at once.
  const auto otherwise = static_cast<std::uint8_t>(choice->seed ^ 3U);
  const Outcome again = choice->opposite ? play_opposite(subject, *choice, rest, otherwise)
                                         : play_raw(subject, *choice, rest, otherwise, false);
  require(again.events == once.events, "what happens does not depend on the cuts");
  // A ticket of libssl has the second in it, and is as long in the next.
  const bool same = subject.library == Library::openssl ? again.output.size() == once.output.size()
                                                        : again.output == once.output;
  require(same, "what is said does not depend on the cuts");
  return kept ? 0 : -1;
}

}  // namespace assay::fuzz
