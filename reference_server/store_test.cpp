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

}  // namespace
}  // namespace assay
