// Every hook of Emission and Reception: what it may change, on which side of the transcript it
// acts, and that alerts pass through it as well.
#include "harness/engine/gate_cases_test.h"
#include "harness/wire/alert.h"

#include <algorithm>

namespace assay::engine {
namespace {

constexpr TlsVersion kVersions[] = {TlsVersion::tls12, TlsVersion::tls13};

/// Both ends of a version, to be changed and run.
struct Setting {
  explicit Setting(TlsVersion version) {
    client.max_version = version;
    server.max_version = version;
  }

  Pair run() const { return {engine_of(client), engine_of(server)}; }
  [[nodiscard]] std::optional<std::uint8_t> refusal_of_client() const {
    Pair pair = run();
    const auto* failure = Pair::find<LocalFailure>(pair.client_events);
    if (failure == nullptr || !failure->sent) return std::nullopt;
    return failure->sent->description;
  }

  Config client = client_config();
  Config server = server_config();
};

std::function<bool(const Step&)> says(HandshakeType type) {
  return [type](const Step& step) { return step.kind == Step::Kind::message && step.type == type; };
}

TEST(Hooks, a_step_that_is_taken_out_of_a_flight_is_not_said) {
  Setting setting(TlsVersion::tls13);
  setting.server.emission.flight = [](Flight& flight, const Exchange&) {
    std::erase_if(flight, says(HandshakeType::certificate_verify));
  };
  // Finished covers what was said, so that its place alone is wrong.
  EXPECT_EQ(setting.refusal_of_client(), alert::kUnexpectedMessage);
}

TEST(Hooks, a_finished_covers_what_a_flight_was_made_of) {
  // Taken out, put in and moved: what is left agrees with its own transcript.
  Setting setting(TlsVersion::tls13);
  std::vector<Turn> lenient(client_order13().begin(), client_order13().end());
  lenient.push_back({State::certificate_request, token_of(HandshakeType::finished)});
  lenient.push_back({State::certificate_request, token_of(HandshakeType::supplemental_data)});
  setting.client.order13 = lenient;
  setting.server.emission.flight = [](Flight& flight, const Exchange&) {
    std::erase_if(flight, says(HandshakeType::certificate));
    std::erase_if(flight, says(HandshakeType::certificate_verify));
    const auto last = std::ranges::find_if(flight, says(HandshakeType::finished));
    if (last != flight.end()) {
      flight.insert(last, say(HandshakeType::supplemental_data, [] { return Bytes{1, 2, 3}; }));
    }
  };
  Pair pair = setting.run();
  EXPECT_TRUE(pair.connected()) << pair.why();
  pair.expect_to_talk();
}

TEST(Hooks, a_step_that_is_doubled_is_said_twice) {
  Setting setting(TlsVersion::tls12);
  std::vector<Turn> lenient(client_order12().begin(), client_order12().end());
  lenient.push_back({State::server_key_exchange, token_of(HandshakeType::certificate)});
  setting.client.order12 = lenient;
  setting.server.emission.flight = [](Flight& flight, const Exchange&) {
    const auto found = std::ranges::find_if(flight, says(HandshakeType::certificate));
    if (found == flight.end()) return;
    const Step twice = *found;
    flight.insert(found, twice);
  };
  Pair pair = setting.run();
  EXPECT_TRUE(pair.connected()) << pair.why();
  setting.client.order12 = {};
  EXPECT_EQ(setting.refusal_of_client(), alert::kUnexpectedMessage);
}

TEST(Hooks, a_step_can_be_moved) {
  Setting setting(TlsVersion::tls12);
  setting.server.emission.flight = [](Flight& flight, const Exchange&) {
    const auto found = std::ranges::find_if(flight, says(HandshakeType::server_key_exchange));
    if (found != flight.end()) std::rotate(flight.begin() + 1, found, found + 1);
  };
  EXPECT_EQ(setting.refusal_of_client(), alert::kUnexpectedMessage);
}

TEST(Hooks, a_message_is_altered_in_front_of_the_transcript) {
  for (const TlsVersion version : kVersions) {
    Setting setting(version);
    setting.client.emission.hello = [](ClientHello& hello, const Exchange&) {
      hello.extensions.insert(hello.extensions.begin(), {0x1234, {1}});
    };
    edit_server_hello(setting.server, [](ServerHello& hello) {
      hello.extensions.push_back({0x1234, {2}});
    });
    setting.client.tolerated = {Sin::extension_misplaced};
    Pair pair = setting.run();
    EXPECT_TRUE(pair.connected()) << pair.why();
  }
}

TEST(Hooks, a_message_that_is_emptied_is_not_said) {
  Setting setting(TlsVersion::tls12);
  setting.server.emission.message = [](Bytes& message, const Exchange&) {
    if (message[0] == static_cast<std::uint8_t>(HandshakeType::server_hello_done)) message.clear();
  };
  Pair pair = setting.run();
  EXPECT_FALSE(pair.connected());
  EXPECT_EQ(pair.why(), "");  // the client waits for more
}

/// Alters an octet of the first record that is under keys.
void spoil(std::vector<PlainRecord>& records, const Exchange& told) {
  const bool guarded = !told.secrets.server_handshake.empty() || !told.server_verify_data.empty();
  if (guarded && records.front().type == ContentType::handshake)
    records.front().content.back() ^= 1;
}

TEST(Hooks, a_record_is_altered_behind_the_transcript) {
  for (const TlsVersion version : kVersions) {
    Setting setting(version);
    setting.server.emission.records = spoil;
    // It opens, since it was protected as it stands, but Finished is not what it should be.
    EXPECT_EQ(setting.refusal_of_client(), alert::kDecryptError);
  }
}

TEST(Hooks, a_sealed_record_is_altered_behind_its_protection) {
  for (const TlsVersion version : kVersions) {
    Setting setting(version);
    setting.server.emission.sealed = [](std::vector<Bytes>& records, const Exchange& told) {
      const bool guarded =
          !told.secrets.server_handshake.empty() || !told.server_verify_data.empty();
      if (guarded && records.front()[0] != 20) records.front().back() ^= 1;
    };
    EXPECT_EQ(setting.refusal_of_client(), alert::kBadRecordMac);
  }
}

TEST(Hooks, a_record_can_be_padded_numbered_and_said_in_the_clear) {
  Setting setting(TlsVersion::tls13);
  setting.server.emission.records = [](std::vector<PlainRecord>& records, const Exchange&) {
    for (PlainRecord& each : records) each.padding = 300;
  };
  Pair padded = setting.run();
  ASSERT_TRUE(padded.connected()) << padded.why();
  padded.expect_to_talk();
  setting.server.emission.records = [](std::vector<PlainRecord>& records, const Exchange& told) {
    if (!told.secrets.server_handshake.empty()) records.front().sequence = 7;
  };
  EXPECT_EQ(setting.refusal_of_client(), alert::kBadRecordMac);
  setting.server.emission.records = [](std::vector<PlainRecord>& records, const Exchange& told) {
    if (!told.secrets.server_handshake.empty()) records.front().unprotected = true;
  };
  EXPECT_EQ(setting.refusal_of_client(), alert::kUnexpectedMessage);
}

TEST(Hooks, every_hook_of_emission_sees_alerts) {
  Setting setting(TlsVersion::tls13);
  setting.client.groups = {0x001d};
  setting.server.groups = {0x0017};
  std::vector<std::string> seen;
  Emission& emission = setting.server.emission;
  emission.flight = [&](Flight& flight, const Exchange&) {
    for (const Step& each : flight) {
      if (each.content_type == ContentType::alert) seen.emplace_back("flight");
    }
  };
  emission.records = [&](std::vector<PlainRecord>& records, const Exchange&) {
    if (records.front().type != ContentType::alert) return;
    seen.emplace_back("records");
    records.front().content[1] = alert::kUnknownCa;
  };
  emission.sealed = [&](std::vector<Bytes>& records, const Exchange&) {
    if (records.front()[0] == 21) seen.emplace_back("sealed");
  };
  Pair pair = setting.run();
  EXPECT_EQ(seen, (std::vector<std::string>{"flight", "records", "sealed"}));
  const auto* told = Pair::find<AlertReceived>(pair.client_events);
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(told->alert.description, alert::kUnknownCa);
}

TEST(Hooks, an_alert_that_a_flight_loses_is_not_said) {
  Setting setting(TlsVersion::tls13);
  setting.client.groups = {0x001d};
  setting.server.groups = {0x0017};
  setting.server.emission.flight = [](Flight& flight, const Exchange&) {
    std::erase_if(flight, [](const Step& each) { return each.content_type == ContentType::alert; });
  };
  Pair pair = setting.run();
  EXPECT_EQ(Pair::find<AlertReceived>(pair.client_events), nullptr);
  EXPECT_NE(Pair::find<LocalFailure>(pair.server_events), nullptr);
}

TEST(Hooks, what_comes_can_be_dropped_doubled_and_altered_as_it_is_on_the_wire) {
  for (const TlsVersion version : kVersions) {
    Setting setting(version);
    setting.client.reception.sealed = [](std::vector<Bytes>& records, const Exchange&) {
      if (records.front()[0] == 23) records.push_back(records.front());
    };
    Pair doubled = setting.run();
    if (doubled.connected()) doubled.server().send(view_of("data"));
    doubled.settle();
    const auto* failure = Pair::find<LocalFailure>(doubled.client_events);
    ASSERT_NE(failure, nullptr) << name_of(version);
    EXPECT_EQ(failure->sent->description, alert::kBadRecordMac);
    setting.client.reception.sealed = [](std::vector<Bytes>& records, const Exchange&) {
      records.clear();
    };
    EXPECT_EQ(setting.run().client_events.size(), 0U);
    setting.client.reception.sealed = [](std::vector<Bytes>& records, const Exchange&) {
      records.front().resize(3);  // no record at all: passed over
    };
    EXPECT_EQ(setting.run().client_events.size(), 0U);
  }
}

TEST(Hooks, what_was_in_a_record_can_be_altered) {
  for (const TlsVersion version : kVersions) {
    Setting setting(version);
    setting.client.reception.record = [](Opened& opened, const Exchange&) {
      if (opened.type == 23) opened.content = bytes_of("something else");
    };
    Pair pair = setting.run();
    ASSERT_TRUE(pair.connected()) << pair.why();
    pair.server().send(view_of("data"));
    pair.settle();
    const auto* received = Pair::find<Received>(pair.client_events);
    ASSERT_NE(received, nullptr);
    EXPECT_EQ(text_of(received->octets), "something else");
  }
}

TEST(Hooks, a_message_that_comes_is_altered_in_front_of_the_transcript) {
  // Where both ends alter it alike, their transcripts agree.
  for (const TlsVersion version : kVersions) {
    Setting setting(version);
    const auto flip = [](Bytes& message, const Exchange&) {
      const bool random_of_server = message[0] == 2;
      if (random_of_server) message[4 + 2 + 31] ^= 0x80;
    };
    setting.client.reception.message = flip;
    Pair one_sided = setting.run();
    EXPECT_FALSE(one_sided.connected());
    if (version == TlsVersion::tls12) continue;  // its keys depend on the random as well
    setting.server.emission.message = flip;
    setting.client.reception.message = [](Bytes&, const Exchange&) {};
    Pair both = setting.run();
    EXPECT_TRUE(both.connected()) << both.why();
  }
}

TEST(Hooks, a_message_that_comes_can_be_passed_over) {
  Setting setting(TlsVersion::tls13);
  setting.server.store = std::make_shared<SessionStore>();
  setting.client.reception.message = [](Bytes& message, const Exchange&) {
    if (message[0] == static_cast<std::uint8_t>(HandshakeType::new_session_ticket)) message.clear();
  };
  auto client = engine_of(setting.client);
  Engine& end = *client;
  Pair pair(std::move(client), engine_of(setting.server));
  EXPECT_TRUE(pair.connected()) << pair.why();
  EXPECT_TRUE(end.take_sessions().empty());
}

TEST(Hooks, see_the_exchange_so_far) {
  Setting setting(TlsVersion::tls13);
  std::vector<HandshakeType> heard;
  setting.server.emission.flight = [&](Flight&, const Exchange& exchange) {
    if (!heard.empty()) return;
    for (const Said& each : exchange.messages) heard.push_back(each.type);
    EXPECT_EQ(exchange.role, Role::server);
    EXPECT_EQ(exchange.version, TlsVersion::tls13);
    EXPECT_EQ(exchange.client_random.size(), 32U);
    EXPECT_EQ(exchange.suite, 0x1301);
  };
  EXPECT_TRUE(setting.run().connected());
  EXPECT_EQ(heard, std::vector<HandshakeType>{HandshakeType::client_hello});
}

TEST(Hooks, see_what_one_read_brought_whatever_the_records) {
  std::vector<std::size_t> segments;
  Config server = server_config();
  server.reception.segment = [&segments](Bytes& segment, const Exchange&) {
    segments.push_back(segment.size());
  };
  auto client = engine_of(client_config());
  auto end = engine_of(server);
  client->start();
  end->start();
  const Bytes hello = client->take_output();
  for (const std::uint8_t octet : hello) end->feed(View(&octet, 1));
  EXPECT_EQ(segments, std::vector<std::size_t>(hello.size(), 1));
  EXPECT_FALSE(end->take_output().empty());
}

TEST(Hooks, may_change_what_one_read_brought) {
  Config server = server_config();
  server.reception.segment = [](Bytes& segment, const Exchange&) { segment = {0, 0, 0, 0, 0}; };
  Pair pair(engine_of(client_config()), engine_of(server));
  EXPECT_FALSE(pair.connected());
  EXPECT_NE(Pair::find<LocalFailure>(pair.server_events), nullptr);
}

// The transcript keeps what came: else no Finished would verify.
TEST(Hooks, a_server_that_reads_a_hello_otherwise_still_connects) {
  for (const TlsVersion version : {TlsVersion::tls12, TlsVersion::tls13}) {
    Config client = client_config();
    client.alpn = {"pop3"};
    client.max_version = version;
    Config server = server_config();
    server.alpn = {"pop3"};
    server.reception.hello = [](ClientHello& hello, const Exchange&) {
      remove_extension(hello.extensions, extension::kAlpn);
    };
    Pair pair(engine_of(client), engine_of(server));
    ASSERT_TRUE(pair.connected()) << pair.why();
    EXPECT_EQ(pair.agreement().alpn, "");
    pair.expect_to_talk();
  }
}

TEST(Hooks, a_second_hello_is_read_by_the_hook_as_well) {
  Config client = client_config();
  client.shares = 0;
  client.alpn = {"pop3"};
  Config server = server_config();
  server.alpn = {"pop3"};
  server.reception.hello = [](ClientHello& hello, const Exchange&) {
    remove_extension(hello.extensions, extension::kAlpn);
  };
  Pair pair(engine_of(client), engine_of(server));
  ASSERT_TRUE(pair.connected()) << pair.why();
  EXPECT_EQ(pair.agreement().alpn, "");
}

}  // namespace
}  // namespace assay::engine
