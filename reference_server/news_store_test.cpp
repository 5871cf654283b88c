#include "reference_server/news_store.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

NewArticle article(const std::string& id, std::vector<std::string> groups,
                   const std::string& body = "x\r\n") {
  return {.message_id = id,
          .groups = std::move(groups),
          .content = bytes_of("Subject: s\r\nFrom: f\r\nMessage-ID: " + id + "\r\n\r\n" + body)};
}

NewsStore with_groups(NewsStoreLimits limits = {}) {
  NewsStore store(limits);
  store.add_group({.name = "b.test"});
  store.add_group({.name = "a.test", .description = "First"});
  return store;
}

TEST(NewsStore, numbers_articles_in_the_order_of_arrival) {
  NewsStore store = with_groups();
  ASSERT_EQ(store.file(article("<1@x>", {"a.test"})), Filing::filed);
  ASSERT_EQ(store.file(article("<2@x>", {"a.test"})), Filing::filed);
  const NewsGroup* group = store.group("a.test");
  ASSERT_NE(group, nullptr);
  EXPECT_EQ(group->high(), 2U);
  EXPECT_EQ(group->article(2)->message_id, "<2@x>");
  EXPECT_EQ(group->article(0), nullptr);
  EXPECT_EQ(group->article(3), nullptr);
  EXPECT_EQ(store.find("<1@x>"), group->article(1));
  EXPECT_EQ(store.find("<3@x>"), nullptr);
  EXPECT_EQ(store.group("b.test")->high(), 0U);
  EXPECT_EQ(store.group("c.test"), nullptr);
}

TEST(NewsStore, lists_groups_by_name_and_keeps_the_first_of_two) {
  NewsStore store = with_groups();
  store.add_group({.name = "a.test", .description = "Second"});
  ASSERT_EQ(store.groups().size(), 2U);
  EXPECT_EQ(store.groups().begin()->second.description, "First");
}

TEST(NewsStore, a_cross_posted_article_is_one_article) {
  NewsStore store = with_groups();
  ASSERT_EQ(store.file(article("<1@x>", {"a.test", "b.test", "a.test", "gone"})), Filing::filed);
  EXPECT_EQ(store.count(), 1U);
  EXPECT_EQ(store.group("a.test")->high(), 1U);
  EXPECT_EQ(store.group("a.test")->article(1), store.group("b.test")->article(1));
}

TEST(NewsStore, knows_body_lines_and_overview) {
  NewsStore store = with_groups();
  ASSERT_EQ(store.file(article("<1@x>", {"a.test"}, "one\r\ntwo\r\n")), Filing::filed);
  const NewsArticle* found = store.find("<1@x>");
  EXPECT_EQ(found->lines, 2U);
  EXPECT_EQ(text_of(found->headers()), "Subject: s\r\nFrom: f\r\nMessage-ID: <1@x>\r\n\r\n");
  EXPECT_EQ(found->overview, "s\tf\t\t<1@x>\t\t" + std::to_string(found->content.size()) + "\t2");
  NewArticle headless = article("<2@x>", {"a.test"});
  headless.content = bytes_of("no empty line\r\n");
  ASSERT_EQ(store.file(std::move(headless)), Filing::filed);
  EXPECT_EQ(store.find("<2@x>")->lines, 0U);
}

TEST(NewsStore, refuses_duplicates_and_articles_of_no_group) {
  NewsStore store = with_groups();
  ASSERT_EQ(store.file(article("<1@x>", {"a.test"})), Filing::filed);
  EXPECT_EQ(store.file(article("<1@x>", {"b.test"})), Filing::duplicate);
  EXPECT_EQ(store.file(article("<2@x>", {"gone"})), Filing::no_such_group);
  EXPECT_EQ(store.file(article("<2@x>", {})), Filing::no_such_group);
  EXPECT_EQ(store.count(), 1U);
}

TEST(NewsStore, takes_an_article_of_the_limit_and_none_of_one_octet_more) {
  const std::size_t size = article("<1@x>", {}).content.size();
  NewsStore store = with_groups({.article = size});
  EXPECT_EQ(store.file(article("<1@x>", {"a.test"})), Filing::filed);
  EXPECT_EQ(store.file(article("<2@x>", {"a.test"}, "xy\r\n")), Filing::article_too_big);
}

TEST(NewsStore, is_full_by_number_and_by_octets) {
  NewsStore by_number = with_groups({.articles = 1});
  EXPECT_EQ(by_number.file(article("<1@x>", {"a.test"})), Filing::filed);
  EXPECT_EQ(by_number.file(article("<2@x>", {"a.test"})), Filing::store_full);
  NewsStore by_octets = with_groups({.octets = 300});
  EXPECT_EQ(by_octets.file(article("<1@x>", {"a.test"})), Filing::filed);
  EXPECT_EQ(by_octets.file(article("<2@x>", {"a.test"})), Filing::store_full);
  EXPECT_EQ(by_octets.count(), 1U);
}

}  // namespace
}  // namespace assay
