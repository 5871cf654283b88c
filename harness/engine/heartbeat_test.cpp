#include "harness/engine/pair_fixture_test.h"

namespace assay::engine {
namespace {

constexpr std::uint8_t kRequest = 1;
constexpr std::uint8_t kResponse = 2;

/// A heartbeat of that type whose payload_length may be a lie.
Bytes heartbeat(std::uint8_t type, std::uint16_t payload_length, std::string_view payload) {
  Bytes message = {type, static_cast<std::uint8_t>(payload_length >> 8),
                   static_cast<std::uint8_t>(payload_length)};
  append(message, payload);
  message.resize(message.size() + 16);
  return message;
}

/// What a client hears of that type when it says such records once it is connected.
struct Heard {
  std::vector<Bytes> heartbeats;
  std::unique_ptr<Pair> pair;
};
void talk(Heard& heard, TlsVersion version, bool offers, const Bytes& request) {
  Config client = client_config();
  client.max_version = version;
  client.tolerated.set(Sin::record_type_unknown);
  if (offers) {
    client.emission.hello = [](ClientHello& hello, const Exchange&) {
      set_extension(hello.extensions, extension::kHeartbeat, {1});
    };
  }
  client.reception.record = [&heard](Opened& opened, const Exchange&) {
    if (opened.type == static_cast<std::uint8_t>(ContentType::heartbeat)) {
      heard.heartbeats.push_back(opened.content);
    }
  };
  Config server = server_config();
  server.heartbeat = true;
  auto end = engine_of(client);
  Engine& ours = *end;
  heard.pair = std::make_unique<Pair>(std::move(end), engine_of(server));
  ASSERT_TRUE(heard.pair->connected()) << heard.pair->why();
  ours.say({say_record(ContentType::heartbeat, request)});
  heard.pair->settle();
}

// RFC 6520 §4: an exact copy of the payload.
TEST(Heartbeat, answers_a_request_that_was_agreed_on) {
  for (const TlsVersion version : {TlsVersion::tls12, TlsVersion::tls13}) {
    Heard heard;
    talk(heard, version, true, heartbeat(kRequest, 4, "beat"));
    ASSERT_EQ(heard.heartbeats.size(), 1U) << name_of(version);
    EXPECT_EQ(heard.heartbeats[0][0], kResponse);
    EXPECT_EQ(text_of(View(heard.heartbeats[0]).subspan(3, 4)), "beat");
    heard.pair->expect_to_talk();
  }
}

TEST(Heartbeat, passes_over_lengths_that_do_not_fit) {
  for (const Bytes& request :
       {heartbeat(kRequest, 0x4000, "x"), heartbeat(kRequest, 2, "x"), Bytes{kRequest}}) {
    Heard heard;
    talk(heard, TlsVersion::tls12, true, request);
    EXPECT_TRUE(heard.heartbeats.empty());
    heard.pair->expect_to_talk();
  }
}

// RFC 8446 §5, RFC 5246 §6.
TEST(Heartbeat, is_refused_where_it_was_not_agreed_on) {
  Heard heard;
  talk(heard, TlsVersion::tls13, false, heartbeat(kRequest, 4, "beat"));
  EXPECT_TRUE(heard.heartbeats.empty());
  const auto* alert = Pair::find<AlertReceived>(heard.pair->client_events);
  ASSERT_NE(alert, nullptr);
  EXPECT_EQ(alert_name(alert->alert.description), "unexpected_message");
}

}  // namespace
}  // namespace assay::engine
