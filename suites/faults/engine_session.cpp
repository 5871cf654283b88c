// Faults and liberties of a server's sessions and their keys, by our own engine: what it takes up
// again, what it binds to what, how long its records are.
#include "harness/engine/schedule13.h"
#include "harness/wire/session.h"
#include "suites/faults/engine_hooks.h"

#include <algorithm>

namespace assay::faults {
namespace {

using engine::Config;
using engine::Exchange;
using engine::Flight;
using engine::Step;

void as_it_is(Config&) {}

// --- KeyUpdate -----------------------------------------------------------------------------------

std::size_t key_updates(const Exchange& exchange, Role by) {
  return static_cast<std::size_t>(std::ranges::count_if(exchange.messages, [by](const auto& said) {
    return said.by == by && said.type == HandshakeType::key_update;
  }));
}

bool is_key_update(const Flight& flight) {
  return !flight.empty() && flight.front().kind == Step::Kind::message &&
         flight.front().type == HandshakeType::key_update;
}

void ignores_key_update_request(Config& config) {
  config.emission.flight = [](Flight& flight, const Exchange&) {
    if (is_key_update(flight)) flight.clear();
  };
}

void keeps_write_keys(Config& config) {
  config.emission.flight = [](Flight& flight, const Exchange&) {
    if (is_key_update(flight)) flight.resize(1);
  };
}

void ignores_key_update(Config& config) {
  config.reception.message = [](Bytes& message, const Exchange&) {
    if (is_message(message, HandshakeType::key_update)) message.clear();
  };
}

/// The first of two requests that come together is answered with the second one.
void coalesces_key_updates(Config& config) {
  config.emission.flight = [](Flight& flight, const Exchange& exchange) {
    if (is_key_update(flight) && key_updates(exchange, Role::client) % 2 == 0) flight.clear();
  };
}

/// One of its own, behind the client's first and before other data.
void updates_keys_itself(Config& config) {
  config.emission.flight = [](Flight& flight, const Exchange& exchange) {
    const bool data = !flight.empty() && flight.front().kind == Step::Kind::record &&
                      flight.front().content_type == ContentType::application_data;
    if (!data || key_updates(exchange, Role::client) != 1 ||
        key_updates(exchange, Role::server) != 0) {
      return;
    }
    const CipherSuite& suite = *find_suite(exchange.suite);
    const Bytes next = engine::next_traffic_secret(suite.hash, exchange.secrets.server_application);
    flight.insert(flight.begin(), engine::change_keys([&suite, next] {
                    return RecordKeys::of_traffic_secret(suite, next);
                  }));
    flight.insert(flight.begin(), engine::say(HandshakeType::key_update, [] {
                    return encode(KeyUpdate{KeyUpdateRequest::update_not_requested});
                  }));
  };
}

// --- sessions ------------------------------------------------------------------------------------

void take_psk_ke(Config& config) { config.psk_modes = {1, 0}; }
void look_at_first_identity(Config& config) { config.identities_tried = 1; }

void change_identity(ServerHello& hello, std::uint16_t (*change)(std::uint16_t)) {
  const Extension* found = hello.find(extension::kPreSharedKey);
  if (found == nullptr) return;
  const std::uint16_t index = decode<Number16>(found->extension_data)->value;
  set_extension(hello.extensions, extension::kPreSharedKey, encode(Number16{change(index)}));
}

void choose_first_identity(ServerHello& hello, const Exchange&) {
  change_identity(hello, [](std::uint16_t) { return std::uint16_t{0}; });
}

void choose_identity_beyond(ServerHello& hello, const Exchange&) {
  change_identity(hello, [](std::uint16_t index) {
    return static_cast<std::uint16_t>(index == 0 ? 0 : index + 1);
  });
}

// --- what a hello settles ------------------------------------------------------------------------

/// Records that go out together, as if there were no limit.
void join_records(Config& config) {
  config.emission.records = [](std::vector<engine::PlainRecord>& records, const Exchange&) {
    std::vector<engine::PlainRecord> joined;
    for (engine::PlainRecord& each : records) {
      if (!joined.empty() && joined.back().type == each.type) {
        append(joined.back().content, each.content);
      } else {
        joined.push_back(std::move(each));
      }
    }
    records = std::move(joined);
  };
}

/// As if it could not be read.
void refuse_large_limit(Config& config) {
  config.reception.message = [](Bytes& message, const Exchange&) {
    if (!is_message(message, HandshakeType::client_hello)) return;
    const auto hello = decode<ClientHello>(View(message).subspan(4));
    const Extension* found = hello ? hello->find(extension::kRecordSizeLimit) : nullptr;
    if (found == nullptr) return;
    const auto limit = decode<Number16>(found->extension_data);
    if (limit && limit->value > kMaxPlaintext) message.pop_back();
  };
}

void echo_extended_master_secret(ServerHello& hello, const Exchange& exchange) {
  const ClientHello offer = hello_of(exchange);
  const Extension* formats = offer.find(extension::kEcPointFormats);
  const bool uncompressed_alone = formats != nullptr && formats->extension_data == Bytes{1, 0};
  if (uncompressed_alone && offer.find(extension::kExtendedMasterSecret) != nullptr &&
      hello.find(extension::kSupportedVersions) == nullptr) {
    set_extension(hello.extensions, extension::kExtendedMasterSecret, {});
  }
}

void know_no_extended_master_secret(Config& config) { config.extended_master_secret = false; }

void derive_the_old_way(Config& config) {
  config.extended_master_secret = false;
  rewrite_hello<echo_extended_master_secret>(config);
}

void omit_renegotiation_info(ServerHello& hello, const Exchange&) {
  remove_extension(hello.extensions, extension::kRenegotiationInfo);
}

void answer_signalling_suite_alone(ServerHello& hello, const Exchange& exchange) {
  constexpr std::uint16_t kEmptyRenegotiationInfoScsv = 0x00ff;
  if (hello_of(exchange).offers_suite(kEmptyRenegotiationInfoScsv)) return;
  remove_extension(hello.extensions, extension::kRenegotiationInfo);
}

constexpr NamedFault kFaults[] = {
    {.name = "serves_by_engine",
     .kind = NamedFault::Kind::liberty,
     .summary = "TLS is that of our own engine, and right",
     .apply = configures<as_it_is>},
    {.name = "refuses_by_decrypt_error",
     .kind = NamedFault::Kind::liberty,
     .summary = "Whatever is refused in TLS is refused by decrypt_error",
     .apply = refuses_by<alert::kDecryptError>},
    {.name = "ignores_key_update_request",
     .summary = "A KeyUpdate that asks for another is followed and not answered",
     .apply = configures<ignores_key_update_request>},
    {.name = "keeps_write_keys",
     .summary = "A KeyUpdate is answered, and what comes behind the answer is under the old keys",
     .apply = configures<keeps_write_keys>},
    {.name = "ignores_key_update",
     .summary = "A KeyUpdate is passed over",
     .apply = configures<ignores_key_update>},
    {.name = "opens_under_old_keys",
     .summary = "Behind a KeyUpdate records are taken under the old keys as well",
     .apply = takes<Sin::old_keys_kept>},
    {.name = "coalesces_key_updates",
     .kind = NamedFault::Kind::liberty,
     .summary = "Two KeyUpdates that ask for another are answered by one",
     .apply = configures<coalesces_key_updates>},
    {.name = "updates_keys_itself",
     .kind = NamedFault::Kind::liberty,
     .summary = "The server updates its own keys before it answers",
     .apply = configures<updates_keys_itself>},
    {.name = "takes_any_binder",
     .summary = "A ticket resumes its session whatever its binder",
     .apply = takes<Sin::psk_binder>},
    {.name = "takes_missing_binders",
     .summary = "A ticket resumes its session whatever its binder, and without one",
     .apply = takes<Sin::psk_binder, Sin::psk_binder_count>},
    {.name = "takes_any_mode",
     .summary = "A session is resumed whatever modes of key exchange the client knows",
     .apply = takes<Sin::psk_modes>},
    {.name = "takes_psk_ke",
     .kind = NamedFault::Kind::liberty,
     .summary = "A session is resumed without a fresh key exchange where the client wants that",
     .apply = configures<take_psk_ke>},
    {.name = "resumes_with_any_hash",
     .summary = "A session is resumed with a suite of another hash",
     .apply = takes<Sin::psk_hash>},
    {.name = "chooses_first_identity",
     .summary = "Whichever PSK is taken, the ServerHello says that it is the first",
     .apply = configures<rewrite_hello<choose_first_identity>>},
    {.name = "chooses_identity_beyond",
     .summary = "Where a PSK other than the first is taken, the ServerHello names one behind it",
     .apply = configures<rewrite_hello<choose_identity_beyond>>},
    {.name = "looks_at_first_identity",
     .kind = NamedFault::Kind::liberty,
     .summary = "Of the offered PSKs only the first is looked at",
     .apply = configures<look_at_first_identity>},
    {.name = "takes_any_ticket",
     .summary = "Whatever ticket comes, the newest session is resumed",
     .apply = takes<Sin::ticket_unknown, Sin::psk_binder>},
    {.name = "joins_records",
     .summary = "A record_size_limit is answered, and records are as long as there is to say",
     .apply = configures<join_records>},
    {.name = "takes_small_limit",
     .summary = "A record_size_limit below 64 is taken",
     .apply = takes<Sin::record_size_limit_small>},
    {.name = "refuses_large_limit",
     .summary = "A record_size_limit beyond 2^14 is refused",
     .apply = configures<refuse_large_limit>},
    {.name = "no_extended_master_secret",
     .kind = NamedFault::Kind::liberty,
     .summary = "The extended master secret is not known",
     .apply = configures<know_no_extended_master_secret>},
    {.name = "echoes_extended_master_secret_alone",
     .summary = "To clients that know uncompressed points alone extended_master_secret is echoed, "
                "and the master secret made in the old way",
     .apply = configures<derive_the_old_way>},
    {.name = "resumes_without_extended_master_secret",
     .summary = "A session with extended_master_secret is resumed by a hello without it",
     .apply = takes<Sin::resumed_without_extended_master_secret>},
    {.name = "omits_renegotiation_info",
     .summary = "No ServerHello has renegotiation_info",
     .apply = configures<rewrite_hello<omit_renegotiation_info>>},
    {.name = "answers_signalling_suite_alone",
     .summary = "A hello with renegotiation_info and without 0x00FF is not answered by it",
     .apply = configures<rewrite_hello<answer_signalling_suite_alone>>},
    {.name = "takes_any_renegotiation_info",
     .summary = "Whatever renegotiation_info says, the handshake goes on",
     .apply = takes<Sin::renegotiation_info>},
};

}  // namespace

std::span<const NamedFault> engine_session() { return kFaults; }

}  // namespace assay::faults
