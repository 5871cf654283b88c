#include "harness/engine/schedule13.h"

#include "harness/base/hex.h"
#include "harness/crypto/protection.h"
#include "harness/crypto/suites.h"

#include <gtest/gtest.h>

namespace assay::engine {
namespace {

Bytes octets(std::string_view hex) { return from_hex(hex).value(); }

// RFC 8448 §3: the hashes of the transcript at each stage, and what was agreed.
constexpr std::string_view kShared =
    "8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d";
constexpr std::string_view kHashOfHellos =
    "860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8";
constexpr std::string_view kHashToServerFinished =
    "9608102a0f1ccc6db6250b7b7e417b1a000eaada3daae4777a7686c9ff83df13";
constexpr std::string_view kHashToClientFinished =
    "209145a96ee8e2a122ff810047cc952684658d6049e86429426db87c54ad143d";

// RFC 8448 §4.
constexpr std::string_view kPsk =
    "4ecd0eb6ec3b4d87f5d6028f922ca4c5851a277fd41311c9e62d2c9492e1c4f3";
constexpr std::string_view kHashOfPartialHello =
    "63224b2e4573f2d3454ca84b9d009a04f6be9e05711a8396473aefa01e924a14";
constexpr std::string_view kHashOfHello =
    "08ad0fa05d7c7233b1775ba2ff9f4c5b8b59276b7f227f13a976245f5d960913";

TEST(Schedule13, gives_the_secrets_of_the_simple_trace) {
  Schedule13 schedule(Hash::sha256);
  schedule.enter_handshake(octets(kShared));
  EXPECT_EQ(to_hex(schedule.derive("c hs traffic", octets(kHashOfHellos))),
            "b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21");
  EXPECT_EQ(to_hex(schedule.derive("s hs traffic", octets(kHashOfHellos))),
            "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");
  schedule.enter_application();
  EXPECT_EQ(to_hex(schedule.derive("c ap traffic", octets(kHashToServerFinished))),
            "9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5");
  EXPECT_EQ(to_hex(schedule.derive("s ap traffic", octets(kHashToServerFinished))),
            "a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643");
  EXPECT_EQ(to_hex(schedule.derive("exp master", octets(kHashToServerFinished))),
            "fe22f881176eda18eb8f44529e6792c50c9a3f89452f68d8ae311b4309d3cf50");
  const Bytes resumption = schedule.derive("res master", octets(kHashToClientFinished));
  EXPECT_EQ(to_hex(resumption), "7df235f2031d2a051287d02b0241b0bfdaf86cc856231f2d5aba46c434ec196c");
  EXPECT_EQ(to_hex(ticket_psk(Hash::sha256, resumption, Bytes{0, 0})), kPsk);
}

TEST(Schedule13, gives_the_verify_data_of_the_simple_trace) {
  const Bytes client = octets("b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21");
  EXPECT_EQ(to_hex(verify_data13(Hash::sha256, client, octets(kHashToServerFinished))),
            "a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61");
}

TEST(Schedule13, gives_the_early_secrets_of_the_resumed_trace) {
  const Schedule13 schedule(Hash::sha256, octets(kPsk));
  const Bytes binder_key = schedule.binder_key("res binder");
  EXPECT_EQ(to_hex(binder_key), "69fe131a3bbad5d63c64eebcc30e395b9d8107726a13d074e389dbc8a4e47256");
  EXPECT_EQ(to_hex(verify_data13(Hash::sha256, binder_key, octets(kHashOfPartialHello))),
            "3add4fb2d8fdf822a0ca3cf7678ef5e88dae990141c5924d57bb6fa31b9e5f9d");
  EXPECT_EQ(to_hex(schedule.derive("c e traffic", octets(kHashOfHello))),
            "3fbbe6a60deb66c30a32795aba0eff7eaa10105586e7be5c09678d63b6caab62");
  EXPECT_EQ(to_hex(schedule.derive("e exp master", octets(kHashOfHello))),
            "b2026866610937d7423e5be90862ccf24c0e6091186d34f812089ff5be2ef7df");
}

TEST(Schedule13, takes_zeros_where_there_is_no_secret) {
  // RFC 8446 §7.1: "0" is a string of Hash.length zeros.
  for (const Hash hash : {Hash::sha256, Hash::sha384}) {
    const Bytes zeros(size_of(hash));
    Schedule13 without(hash);
    Schedule13 with(hash, zeros);
    without.enter_handshake({});
    with.enter_handshake(zeros);
    EXPECT_EQ(without.derive("c hs traffic", zeros), with.derive("c hs traffic", zeros));
  }
}

TEST(Schedule13, updates_a_secret_by_its_own_label) {
  const Bytes secret(32, 7);
  EXPECT_EQ(next_traffic_secret(Hash::sha256, secret),
            hkdf_expand_label(Hash::sha256, secret, "traffic upd", {}, 32));
}

}  // namespace
}  // namespace assay::engine
