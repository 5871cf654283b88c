#include "harness/check/witness.h"

#include "harness/wire/handshake.h"
#include "harness/wire/hello.h"
#include "harness/wire/record.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

Bytes hello(std::uint8_t random) {
  ServerHello message;
  message.random = Bytes(kRandomSize, random);
  message.cipher_suite = 0xc02f;
  return compose_record(ContentType::handshake,
                        compose_handshake(HandshakeType::server_hello, encode(message)));
}

std::unique_ptr<Watcher> secured(Witness& witness, std::string where, std::uint8_t random) {
  auto watcher = witness.watcher(std::move(where));
  watcher->tls_begins();
  watcher->heard(hello(random));
  return watcher;
}

TEST(Witness, a_random_that_comes_again_is_told_with_both_cases_whatever_their_order) {
  Witness witness;
  secured(witness, "b@smtp.upgrade", 1);
  EXPECT_EQ(witness.first(Flaw::random_repeated, TlsVersion::tls12), nullptr);
  secured(witness, "a@smtp.upgrade", 1);
  const Sighting* seen = witness.first(Flaw::random_repeated, TlsVersion::tls12);
  ASSERT_NE(seen, nullptr);
  EXPECT_EQ(seen->where, "a@smtp.upgrade");
  EXPECT_EQ(seen->what, "the random of its ServerHello came in b@smtp.upgrade, too");
  EXPECT_EQ(witness.first(Flaw::random_repeated, TlsVersion::tls13), nullptr);
}

TEST(Witness, of_several_sightings_the_one_with_the_first_name_is_kept) {
  Witness witness;
  for (const char* where : {"b", "a", "c"}) {
    secured(witness, where, static_cast<std::uint8_t>(where[0]))
        ->heard(compose_record(ContentType::handshake, {}));
  }
  ASSERT_NE(witness.first(Flaw::fragment_empty, TlsVersion::tls12), nullptr);
  EXPECT_EQ(witness.first(Flaw::fragment_empty, TlsVersion::tls12)->where, "a");
}

TEST(Witness, what_comes_behind_close_notify_is_seen_with_it_and_after_it) {
  Witness with;
  auto watcher = secured(with, "a", 1);
  watcher->happened(CloseNotify{});
  watcher->left_unread(0);
  EXPECT_EQ(with.first(Flaw::behind_close_notify, TlsVersion::tls12), nullptr);
  watcher->left_unread(9);
  ASSERT_NE(with.first(Flaw::behind_close_notify, TlsVersion::tls12), nullptr);
  EXPECT_EQ(with.first(Flaw::behind_close_notify, TlsVersion::tls12)->what,
            "9 more octets behind close_notify");

  Witness after;
  auto later = secured(after, "a", 1);
  later->happened(CloseNotify{});
  later->heard(Bytes(3));
  EXPECT_NE(after.first(Flaw::behind_close_notify, TlsVersion::tls12), nullptr);
}

TEST(Witness, nothing_is_made_of_what_comes_in_the_clear_or_behind_a_refusal) {
  Witness witness;
  const auto clear = witness.watcher("a");
  clear->heard(hello(1));
  clear->heard(compose_record(ContentType::handshake, {}));
  const auto back = secured(witness, "b", 2);
  back->tls_ends();
  back->heard(compose_record(ContentType::handshake, {}));
  const auto refused = secured(witness, "c", 3);
  refused->happened(LocalFailure{});
  refused->heard(compose_record(ContentType::handshake, {}));
  const auto alert = secured(witness, "d", 4);
  alert->happened(AlertReceived{{true, 40}});
  alert->heard(compose_record(ContentType::handshake, {}));
  EXPECT_EQ(witness.first(Flaw::fragment_empty, TlsVersion::tls12), nullptr);
}

TEST(Witness, a_warning_ends_nothing) {
  Witness witness;
  const auto watcher = secured(witness, "a", 1);
  watcher->happened(AlertReceived{{false, 112}});
  watcher->heard(compose_record(ContentType::handshake, {}));
  EXPECT_NE(witness.first(Flaw::fragment_empty, TlsVersion::tls12), nullptr);
}

}  // namespace
}  // namespace assay
