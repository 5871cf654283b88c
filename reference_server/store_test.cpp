#include "reference_server/store.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

Message to(std::vector<std::string> recipients, std::size_t octets = 4) {
  return {.recipients = std::move(recipients), .content = Bytes(octets, 'x')};
}

TEST(Store, lists_a_mailbox_in_the_order_of_arrival) {
  Store store;
  for (int i = 1; i <= 3; ++i) {
    ASSERT_EQ(store.deliver(to({"ann@a.test"}, static_cast<std::size_t>(i))), Delivery::stored);
  }
  const auto list = store.list("ann@a.test");
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[0]->content.size(), 1U);
  EXPECT_EQ(list[2]->content.size(), 3U);
  EXPECT_TRUE(store.list("bob@a.test").empty());
  EXPECT_EQ(store.count("bob@a.test"), 0U);
}

TEST(Store, delivers_to_each_recipient_once) {
  Store store;
  ASSERT_EQ(store.deliver(to({"ann@a.test", "bob@a.test", "ann@a.test"})), Delivery::stored);
  EXPECT_EQ(store.count(), 1U);
  EXPECT_EQ(store.count("ann@a.test"), 1U);
  EXPECT_EQ(store.list("ann@a.test"), store.list("bob@a.test"));
}

TEST(Store, takes_a_message_of_the_limit_and_none_of_one_octet_more) {
  Store store({.message = 10});
  EXPECT_EQ(store.deliver(to({"a@a"}, 10)), Delivery::stored);
  EXPECT_EQ(store.deliver(to({"a@a"}, 11)), Delivery::message_too_big);
  EXPECT_EQ(store.count(), 1U);
}

TEST(Store, is_full_by_number_and_by_octets) {
  Store by_number({.messages = 2});
  EXPECT_EQ(by_number.deliver(to({"a@a"})), Delivery::stored);
  EXPECT_EQ(by_number.deliver(to({"a@a"})), Delivery::stored);
  EXPECT_EQ(by_number.deliver(to({"a@a"})), Delivery::store_full);
  Store by_octets({.octets = 20});
  EXPECT_EQ(by_octets.deliver(to({}, 20)), Delivery::stored);
  EXPECT_EQ(by_octets.deliver(to({}, 1)), Delivery::store_full);
  EXPECT_EQ(by_octets.count(), 1U);
}

TEST(Store, gives_each_message_an_id_once) {
  Store store;
  ASSERT_EQ(store.deliver(to({"a@a"})), Delivery::stored);
  ASSERT_EQ(store.deliver(to({"a@a"})), Delivery::stored);
  EXPECT_EQ(store.list("a@a")[0]->id, 1U);
  EXPECT_EQ(store.find(2), store.list("a@a")[1]);
  EXPECT_EQ(store.remove("a@a", {2}), 1U);
  ASSERT_EQ(store.deliver(to({"a@a"})), Delivery::stored);
  EXPECT_EQ(store.list("a@a")[1]->id, 3U);
  EXPECT_EQ(store.find(2), nullptr);
}

TEST(Store, removes_from_one_mailbox_what_another_keeps) {
  Store store;
  ASSERT_EQ(store.deliver(to({"a@a", "b@a", "a@a"})), Delivery::stored);
  const Message* shared = store.list("a@a").front();
  EXPECT_EQ(store.remove("a@a", {1}), 1U);
  EXPECT_EQ(store.count("a@a"), 0U);
  EXPECT_EQ(store.list("b@a").front(), shared);
  EXPECT_EQ(store.remove("b@a", {1}), 1U);
  EXPECT_EQ(store.count(), 0U);
}

TEST(Store, removes_what_is_there_and_leaves_the_rest_in_order) {
  Store store;
  for (int i = 0; i < 5; ++i) ASSERT_EQ(store.deliver(to({"a@a"})), Delivery::stored);
  const Message* fifth = store.find(5);
  EXPECT_EQ(store.remove("a@a", {4, 1, 99, 1}), 2U);
  EXPECT_EQ(store.remove("b@a", {2}), 0U);
  const auto left = store.list("a@a");
  ASSERT_EQ(left.size(), 3U);
  EXPECT_EQ(left[0]->id, 2U);
  EXPECT_EQ(left[1]->id, 3U);
  EXPECT_EQ(left[2], fifth);
}

TEST(Store, has_room_again_for_what_was_removed) {
  Store store({.messages = 1, .octets = 100});
  ASSERT_EQ(store.deliver(to({"a@a"}, 20)), Delivery::stored);
  EXPECT_EQ(store.deliver(to({"a@a"}, 20)), Delivery::store_full);
  EXPECT_EQ(store.remove("a@a", {1}), 1U);
  EXPECT_EQ(store.deliver(to({"a@a"}, 20)), Delivery::stored);
}

TEST(Store, locks_a_mailbox_until_the_last_copy_of_the_token_goes) {
  Store store;
  MailboxLock token = store.lock("a@a");
  ASSERT_TRUE(token);
  MailboxLock copy = token;
  EXPECT_FALSE(store.lock("a@a"));
  EXPECT_TRUE(store.lock("b@a"));
  EXPECT_EQ(store.deliver(to({"a@a"})), Delivery::stored);
  token.reset();
  EXPECT_FALSE(store.lock("a@a"));
  copy.reset();
  EXPECT_TRUE(store.lock("a@a"));
}

}  // namespace
}  // namespace assay
