#include "reference_server/nntp_post.h"

#include "reference_server/nntp_fixture_test.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace assay {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kHeaders = "From: ann@a.test\r\nNewsgroups: misc.test\r\nSubject: s\r\n";

/// The code that an article which is posted gets.
int posted(NntpTalk& talk, std::string_view article) {
  EXPECT_EQ(talk.code("POST"), 340);
  const std::string reply = talk.say(std::string(article) + ".\r\n");
  return reply.size() < 5 ? 0 : std::stoi(reply.substr(0, 3));
}

int posted_with(NntpTalk& talk, std::string_view further) {
  return posted(talk, std::string(kHeaders) + std::string(further) + "\r\nbody\r\n");
}

TEST(NntpPost, what_is_posted_is_there_for_readers) {
  NntpTalk talk;
  EXPECT_EQ(posted(talk, std::string(kHeaders) + "\r\nbody\r\n..dot\r\n"), 240);
  EXPECT_EQ(talk.say("GROUP misc.test\r\n"), "211 1 1 1 misc.test\r\n");
  EXPECT_EQ(talk.say("ARTICLE\r\n"),
            "220 1 <19990623135624.1@news.a.test> article follows\r\n"
            "Path: news.a.test!not-for-mail\r\nMessage-ID: <19990623135624.1@news.a.test>\r\n"
            "Date: Wed, 23 Jun 1999 13:56:24 +0000\r\n" +
                std::string(kHeaders) + "\r\nbody\r\n..dot\r\n.\r\n");
  EXPECT_EQ(talk.say("NEWNEWS * 19990623 135624 GMT\r\n"),
            "230 New articles follow\r\n<19990623135624.1@news.a.test>\r\n.\r\n");
}

TEST(NntpPost, headers_that_are_there_stay_as_they_are) {
  NntpTalk talk;
  EXPECT_EQ(posted_with(talk, "Path: x!y\r\nmessage-id:  <own@a.test> \r\nDate: today\r\n"), 240);
  const NewsArticle* article = talk.store.find("<own@a.test>");
  ASSERT_NE(article, nullptr);
  EXPECT_TRUE(text_of(article->content).starts_with(kHeaders));
  EXPECT_EQ(posted_with(talk, "Message-ID: <own@a.test>\r\n"), 441);
  EXPECT_EQ(posted_with(talk, "Message-ID: own\r\n"), 441);
  EXPECT_EQ(talk.store.count(), 1U);
}

TEST(NntpPost, a_message_id_that_a_client_took_in_advance_is_not_given_out) {
  NntpTalk talk;
  EXPECT_EQ(posted_with(talk, "Message-ID: <19990623135624.2@news.a.test>\r\n"), 240);
  EXPECT_EQ(posted_with(talk, ""), 240);
  EXPECT_NE(talk.store.find("<19990623135624.3@news.a.test>"), nullptr);
}

TEST(NntpPost, refuses_what_is_no_article) {
  NntpTalk talk;
  EXPECT_EQ(posted(talk, ""), 441);
  EXPECT_EQ(posted(talk, "\r\n\r\n"), 441);
  EXPECT_EQ(posted(talk, kHeaders), 441);
  EXPECT_EQ(posted(talk, "From: a\r\nNewsgroups: misc.test\r\n\r\nx\r\n"), 441);
  EXPECT_EQ(posted(talk, "From: a\r\nSubject: s\r\n\r\nx\r\n"), 441);
  EXPECT_EQ(posted(talk, "Newsgroups: misc.test\r\nSubject: s\r\n\r\nx\r\n"), 441);
  EXPECT_EQ(posted_with(talk, "Subject: again\r\n"), 441);
  EXPECT_EQ(posted_with(talk, "Date: a\r\nDate: b\r\n"), 441);
  EXPECT_EQ(posted_with(talk, "No colon\r\n"), 441);
  EXPECT_EQ(posted_with(talk, "X:none\r\n"), 441);
  EXPECT_EQ(posted_with(talk, "X: a\0b\r\n"sv), 441);
  EXPECT_EQ(posted_with(talk, "X: a\rb\r\n"), 441);
  EXPECT_EQ(posted_with(talk, "X: a\nb\r\n"), 441);
  EXPECT_EQ(talk.store.count(), 0U);
  EXPECT_EQ(talk.state.errors, 0U);
  EXPECT_EQ(posted_with(talk, ""), 240);
}

TEST(NntpPost, goes_to_the_groups_that_are_there_and_open) {
  NntpTalk talk;
  const std::string rest = "From: a\r\nSubject: s\r\nNewsgroups: ";
  EXPECT_EQ(posted(talk, rest + "gone, local.closed\r\n\r\nx\r\n"), 441);
  EXPECT_EQ(posted(talk, rest + ",,\r\n\r\nx\r\n"), 441);
  EXPECT_EQ(posted(talk, rest + "gone,local.closed,\r\n\tmisc.test , misc.test\r\n\r\nx\r\n"), 240);
  EXPECT_EQ(talk.store.group("misc.test")->high(), 1U);
  EXPECT_EQ(talk.store.group("local.closed")->high(), 0U);
}

TEST(NntpPost, is_for_those_whom_the_configuration_names) {
  NntpTalk nobody(news_with_posting(Posting::nobody));
  EXPECT_EQ(nobody.code("POST"), 440);
  NntpTalk known(news_with_posting(Posting::authenticated), Security::upgraded);
  EXPECT_FALSE(known.offers("POST"));
  EXPECT_EQ(known.code("POST"), 480);
  EXPECT_EQ(known.code(kSaslAnn), 281);
  EXPECT_TRUE(known.offers("POST"));
  EXPECT_EQ(posted_with(known, ""), 240);
}

TEST(NntpPost, takes_an_article_of_the_limit_and_none_of_one_octet_more) {
  NntpConfig config = news_config();
  config.limits.article = 200;
  NntpTalk talk(config);
  const std::string start = std::string(kHeaders) + "\r\n";
  const std::string body(200 - start.size() - 2, 'x');
  EXPECT_EQ(posted(talk, start + body + "\r\n"), 240);
  EXPECT_EQ(posted(talk, start + body + "x\r\n"), 441);
  EXPECT_TRUE(talk.state.nntp().content.empty());
  EXPECT_EQ(talk.code("DATE"), 111);
}

TEST(NntpPost, takes_64_kib_of_headers_and_not_one_octet_more) {
  NntpTalk talk;
  const std::string filler(64UL * 1024 - kHeaders.size() - 5, 'x');
  EXPECT_EQ(posted_with(talk, "X: " + filler + "\r\n"), 240);
  EXPECT_EQ(posted_with(talk, "X: " + filler + "x\r\n"), 441);
}

TEST(NntpPost, what_is_thrown_away_ends_somewhere) {
  NntpConfig config = news_config();
  config.limits.article = 100;
  config.limits.skipped = 1000;
  NntpTalk talk(config);
  EXPECT_EQ(talk.code("POST"), 340);
  EXPECT_TRUE(talk.service.receiving_content(talk.state));
  EXPECT_EQ(talk.say(std::string(1000, 'x')), "");
  EXPECT_EQ(talk.state.nntp().content.capacity(), 0U);
  EXPECT_EQ(talk.say("x"), "400 Far too much content, closing\r\n");
  EXPECT_EQ(talk.next, Step::Next::close);
}

TEST(NntpPost, a_full_store_refuses) {
  NntpTalk talk;
  talk.store = NewsStore({.articles = 0});
  talk.store.add_group({.name = "misc.test"});
  EXPECT_EQ(posted_with(talk, ""), 441);
}

}  // namespace
}  // namespace assay
