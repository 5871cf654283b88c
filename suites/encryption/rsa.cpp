// RFC 5246 §7.4.7.1: a server that decrypts a premaster secret tells nobody how that went.
#include "harness/crypto/rsa_transport.h"
#include "harness/net/together.h"
#include "harness/wire/certificate.h"
#include "harness/wire/key_exchange.h"
#include "suites/engine_talk.h"
#include "suites/suites.h"
#include "suites/uniform.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::suites {
namespace {

constexpr Ending kRollbackTaken{"rollback_taken"};

constexpr std::size_t kPremasterSize = 48;

// --- what is sent
// ---------------------------------------------------------------------------------

/// A block of RFC 8017 §7.2.1 as long as the modulus: 00 02, padding without zeros, 00, secret.
Bytes block_of(Entropy& chance, std::size_t size, View secret) {
  Bytes block = {0, 2};
  while (block.size() + 1 + secret.size() < size) {
    block.push_back(static_cast<std::uint8_t>(1 + chance.below(255)));
  }
  block.push_back(0);
  append(block, secret);
  return block;
}

Bytes secret_of(Entropy& chance, std::size_t size, std::uint16_t version) {
  Bytes secret;
  put_u16(secret, version);
  append(secret, chance.bytes(kPremasterSize));
  secret.resize(size);
  return secret;
}

/// The block of a stimulus, for a modulus of that size.
using Block = Bytes (*)(Entropy& chance, std::size_t size);

template <std::size_t secret_size, std::uint16_t version = 0x0303>
Bytes good_padding(Entropy& chance, std::size_t size) {
  return block_of(chance, size, secret_of(chance, secret_size, version));
}

template <std::size_t at, std::uint8_t value>
Bytes octet_changed(Entropy& chance, std::size_t size) {
  Bytes block = good_padding<kPremasterSize>(chance, size);
  block[at] = value;
  return block;
}

Bytes without_separator(Entropy& chance, std::size_t size) {
  Bytes block = good_padding<kPremasterSize>(chance, size);
  for (std::size_t i = 2; i < block.size(); ++i) block[i] |= 1;
  return block;
}

Bytes all_ones(Entropy&, std::size_t size) {
  Bytes block(size, 0xff);
  block[0] = 0;  // a number below the modulus
  return block;
}

struct Stimulus {
  std::string_view name;
  Block block;
};

// The first is the control: nothing is wrong with it but that nobody has its secret.
constexpr Stimulus kStimuli[] = {
    {"good_padding", good_padding<kPremasterSize>},
    {"first_octet", octet_changed<0, 1>},
    {"second_octet", octet_changed<1, 1>},
    {"no_separator", without_separator},
    {"separator_too_early", octet_changed<5, 0>},
    {"wrong_version", good_padding<kPremasterSize, 0x0202>},
    {"secret_of_0", good_padding<0>},
    {"secret_of_46", good_padding<46>},
    {"secret_of_47", good_padding<47>},
    {"secret_of_49", good_padding<49>},
    {"all_ones", all_ones},
};

/// What goes with the ClientKeyExchange.
enum class Behind { change_and_finished, nothing, finished };

std::string_view name_of(Behind behind) {
  switch (behind) {
    case Behind::nothing:
      return "alone";
    case Behind::finished:
      return "with_finished_alone";
    case Behind::change_and_finished:
      break;
  }
  return "with_change_cipher_spec_and_finished";
}

void cut_flight(engine::Flight& flight, Behind behind) {
  const auto at = std::ranges::find_if(flight, [](const engine::Step& step) {
    return step.kind == engine::Step::Kind::message &&
           step.type == HandshakeType::client_key_exchange;
  });
  if (at == flight.end() || behind == Behind::change_and_finished) return;
  if (behind == Behind::nothing) {
    flight.erase(at + 1, flight.end());
    return;
  }
  // Without new keys it goes out in the clear: its octets would else be chance, and chance would
  // answer.
  std::erase_if(flight, [](const engine::Step& step) {
    return step.kind == engine::Step::Kind::record || step.kind == engine::Step::Kind::change_keys;
  });
}

engine::Config rsa_offer(Probe& probe) {
  engine::Config offer = probe.engine_offer();
  offer.suites = suites_by(KeyExchangeKind::rsa);
  return offer;
}

std::optional<PublicKey> key_in(const engine::Exchange& exchange) {
  const engine::Said* said = exchange.last(HandshakeType::certificate);
  if (said == nullptr) return std::nullopt;
  const auto message = decode<Certificate12>(said->body());
  if (!message || message->certificate_list.empty()) return std::nullopt;
  return PublicKey::from_certificate(message->certificate_list.front().cert_data);
}

/// The block goes out; this end goes on with `premaster`, or with the secret in the block.
void send_block(engine::Config& offer, Probe& probe, Block make, bool know_the_secret) {
  Entropy chance(probe.entropy().next());
  offer.emission.key_exchange = [chance, make, know_the_secret](
                                    Bytes& body, Bytes& premaster,
                                    const engine::Exchange& exchange) mutable {
    const auto key = key_in(exchange);
    if (!key) return;
    const Bytes block = make(chance, key->modulus_size());
    const auto encrypted = rsa_encrypt_raw(*key, block);
    if (!encrypted) return;
    body = encode(LongPublic{*encrypted});
    premaster =
        know_the_secret ? bytes_of(View(block).last(kPremasterSize)) : chance.bytes(kPremasterSize);
  };
}

/// Empty: no ClientKeyExchange got out.
Task<std::string> answer_to(Probe& probe, Block block, Behind behind) {
  engine::Config offer = rsa_offer(probe);
  send_block(offer, probe, block, false);
  offer.emission.flight = [behind](engine::Flight& flight, const engine::Exchange&) {
    cut_flight(flight, behind);
  };
  const auto dialogue = co_await approached(probe);
  if (!dialogue) co_return std::string();
  auto client = probe.engine_client(std::move(offer));
  const engine::Engine& end = *client;
  dialogue->link().start_tls(std::move(client), dialogue->take_unused());
  // Behind a ClientKeyExchange alone a right server waits: only silence can tell.
  const Deadline deadline =
      behind == Behind::nothing ? probe.open_silence() : probe.reply_deadline();
  std::string seen = co_await fingerprint(dialogue->link(), deadline);
  if (end.exchange().last(HandshakeType::client_key_exchange) == nullptr) {
    probe.lose(ending::inconclusive, "no ClientKeyExchange got out: " + seen);
    seen.clear();
  }
  dialogue->link().abort();
  co_return seen;
}

/// Stimuli of one batch, each taken by whoever is free.
struct Batch {
  std::vector<Block> blocks;
  Behind behind;
  std::size_t next = 0;
  std::vector<std::string> answers;
};

Task<void> work_off(Probe& probe, Batch& batch) {
  while (batch.next < batch.blocks.size()) {
    const std::size_t i = batch.next++;
    batch.answers[i] = co_await answer_to(probe, batch.blocks[i], batch.behind);
  }
}

/// All at once: their silences overlap.
Task<std::vector<std::string>> answers_to(Probe& probe, std::vector<Block> blocks, Behind behind) {
  const std::size_t count = blocks.size();
  Batch batch{std::move(blocks), behind, 0, std::vector<std::string>(count)};
  co_await run_together(probe.loop(), count, [&] { return work_off(probe, batch); });
  co_return std::move(batch.answers);
}

/// Nothing: static RSA works; else the ending of the check.
Task<std::optional<Ending>> without_transport(Probe& probe) {
  const Tried control = co_await try_engine(probe, rsa_offer(probe));
  if (!control.began) co_return control.ending;
  if (control.ending == ending::carried_on) co_return std::nullopt;
  co_return probe.inapplicable(
      fmt::format("a hello with static RSA alone ended in {}", control.ending.slug));
}

// 10 stimuli besides the control, in three flows.
constexpr std::size_t kComparisons = 30;

Task<Ending> bleichenbacher_uniform(Probe& probe) {
  const auto without = co_await without_transport(probe);
  if (without) co_return *without;
  for (const Behind behind : {Behind::change_and_finished, Behind::finished, Behind::nothing}) {
    Uniformity of;
    for (const Stimulus& each : kStimuli) of.names.emplace_back(each.name);
    of.answers = [&probe, behind](const std::vector<std::size_t>& wanted) {
      std::vector<Block> blocks;
      for (const std::size_t i : wanted) blocks.push_back(kStimuli[i].block);
      return answers_to(probe, std::move(blocks), behind);
    };
    of.comparisons = kComparisons;
    if (behind == Behind::nothing) {
      of.rounds = 2;  // each costs a silence
      if (!probe.facts().serial) of.at_once = std::size(kStimuli);
    }
    const Ending ending = co_await uniformity(probe, std::move(of));
    probe.part(std::string(name_of(behind)), ending);
  }
  co_return probe.worst();
}

// --- the version inside
// ---------------------------------------------------------------------------

constexpr Stimulus kRollbacks[] = {
    {"tls10", good_padding<kPremasterSize, 0x0301>},
    {"tls11", good_padding<kPremasterSize, 0x0302>},
    {"tls13", good_padding<kPremasterSize, 0x0304>},
};

Task<Ending> version_checked(Probe& probe) {
  const auto without = co_await without_transport(probe);
  if (without) co_return *without;
  for (const Stimulus& each : kRollbacks) {
    engine::Config offer = rsa_offer(probe);
    send_block(offer, probe, each.block, true);
    const Tried tried = co_await try_engine(probe, std::move(offer));
    if (tried.ending == ending::carried_on) {
      probe.part(std::string(each.name), kRollbackTaken);
      continue;
    }
    Uniformity of;
    of.names = {"bad_padding", std::string(each.name)};
    const Block block = each.block;
    of.answers = [&probe, block](const std::vector<std::size_t>& wanted) {
      std::vector<Block> blocks;
      for (const std::size_t i : wanted) blocks.push_back(i == 0 ? octet_changed<1, 1> : block);
      return answers_to(probe, std::move(blocks), Behind::change_and_finished);
    };
    of.comparisons = std::size(kRollbacks);
    of.rounds = 3;
    const Ending ending = co_await uniformity(probe, std::move(of));
    probe.part(std::string(each.name), ending);
  }
  co_return probe.worst();
}

constexpr Scope kScope{.version = VersionScope::tls12, .layer = Layer::tls};
constexpr Setup kSetup{.rsa = true, .old_suites = true};

constexpr Check kChecks[] = {
    {.id = "encryption.rsa.bleichenbacher_uniform",
     .title = "Whatever an encrypted premaster secret has in it, the answer is the same",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 5246 §7.4.7.1", "CVE-2017-13099"},
     .scope = kScope,
     .traits = {Trait::intrusive, Trait::slow, Trait::exclusive},
     .setup = kSetup,
     .run = bleichenbacher_uniform,
     .steps =
         "With static RSA alone, a ClientKeyExchange with ChangeCipherSpec and Finished, with "
         "Finished alone, and by itself; in it good padding around an unknown secret (the "
         "control), a wrong first octet, a wrong second one, no zero, a zero too early, a "
         "wrong version, secrets of 0, 46, 47 and 49 octets, ones throughout. Ten rounds (two "
         "of the last kind, where silence has to tell). Where a stimulus is answered in another "
         "way than the control, both come 24 times again in turns, and the exact test of "
         "Fisher must find a chance of less than 1e-6 / 30.",
     .accepts = {kUniform},
     .breakers = {{"tells_bad_padding", kToldApart}},
     .liberties = {{"serves_by_engine", kUniform},
                   {"refuses_by_decrypt_error", kUniform},
                   {"refuses_by_handshake_failure", kUniform},
                   {"refuses_by_close", kUniform}}},
    {.id = "encryption.rsa.version_checked",
     .title = "A premaster secret of another version than the hello's fails as bad padding does",
     .levels = {.all = Level::must},
     .component = Component::library,
     .sources = {"RFC 5246 §7.4.7.1"},
     .scope = kScope,
     .traits = {Trait::intrusive},
     .setup = kSetup,
     .run = version_checked,
     .steps = "With static RSA alone, a premaster secret that is right but for its version, 0301, "
              "0302 and 0304, with the Finished that goes with it; then three times beside bad "
              "padding. A difference is confirmed as in encryption.rsa.bleichenbacher_uniform.",
     .accepts = {kUniform},
     .breakers = {{"takes_any_premaster_version", kRollbackTaken},
                  {"tells_bad_version", kToldApart}},
     .liberties = {{"serves_by_engine", kUniform}, {"refuses_by_close", kUniform}}},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> rsa() { return kChecks; }

}  // namespace assay::suites
