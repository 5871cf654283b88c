#include "reference_server/nntp_reader.h"

#include "reference_server/nntp_fixture_test.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

constexpr auto* kNoGroup = "412 No newsgroup selected\r\n";

/// A session with three articles in misc.test.
struct Filled : NntpTalk {
  Filled() { fill(3); }
};

TEST(NntpGroup, selects_a_group_and_its_first_article) {
  Filled talk;
  EXPECT_EQ(talk.say("GROUP misc.test\r\n"), "211 3 1 3 misc.test\r\n");
  EXPECT_EQ(talk.state.nntp().article, 1U);
  EXPECT_EQ(talk.say("GROUP local.closed\r\n"), "211 0 1 0 local.closed\r\n");
  EXPECT_EQ(talk.state.nntp().article, 0U);
  EXPECT_EQ(talk.code("GROUP gone"), 411);
  EXPECT_EQ(talk.code("GROUP MISC.TEST"), 411);
  EXPECT_EQ(talk.state.nntp().group, "local.closed");
  EXPECT_EQ(talk.code("GROUP"), 501);
  EXPECT_EQ(talk.code("GROUP a b"), 501);
}

TEST(NntpListgroup, lists_numbers_and_selects_whatever_the_range) {
  Filled talk;
  EXPECT_EQ(talk.say("LISTGROUP\r\n"), kNoGroup);
  EXPECT_EQ(talk.say("LISTGROUP misc.test\r\n"),
            "211 3 1 3 misc.test list follows\r\n1\r\n2\r\n3\r\n.\r\n");
  EXPECT_EQ(talk.say("LISTGROUP misc.test 2-\r\n"),
            "211 3 1 3 misc.test list follows\r\n2\r\n3\r\n.\r\n");
  EXPECT_EQ(talk.state.nntp().article, 1U);
  EXPECT_EQ(talk.say("LISTGROUP misc.test 0-1\r\n"),
            "211 3 1 3 misc.test list follows\r\n1\r\n.\r\n");
  for (const auto* range : {"9-2", "4-", "0"}) {
    EXPECT_EQ(talk.say("LISTGROUP misc.test " + std::string(range) + "\r\n"),
              "211 3 1 3 misc.test list follows\r\n.\r\n");
  }
  EXPECT_EQ(talk.say("LISTGROUP\r\n").substr(0, 6), "211 3 ");
  EXPECT_EQ(talk.code("LISTGROUP gone"), 411);
  EXPECT_EQ(talk.code("LISTGROUP misc.test x"), 501);
  EXPECT_EQ(talk.code("LISTGROUP misc.test 1 2"), 501);
}

TEST(NntpNext, goes_on_to_the_last_article_and_last_goes_back) {
  Filled talk;
  EXPECT_EQ(talk.say("NEXT\r\n"), kNoGroup);
  talk.say("GROUP misc.test\r\n");
  EXPECT_EQ(talk.code("LAST"), 422);
  EXPECT_EQ(talk.say("NEXT\r\n"), "223 2 <2@a.test> article found\r\n");
  EXPECT_EQ(talk.code("NEXT"), 223);
  EXPECT_EQ(talk.code("NEXT"), 421);
  EXPECT_EQ(talk.state.nntp().article, 3U);
  EXPECT_EQ(talk.say("LAST\r\n"), "223 2 <2@a.test> article found\r\n");
  EXPECT_EQ(talk.code("NEXT 1"), 501);
  talk.say("GROUP local.closed\r\n");
  EXPECT_EQ(talk.code("NEXT"), 420);
  EXPECT_EQ(talk.code("LAST"), 420);
}

TEST(NntpArticle, shows_the_part_that_was_asked_for) {
  Filled talk;
  talk.say("GROUP misc.test\r\n");
  const std::string headers = "Subject: Test 2\r\nFrom: ann@a.test\r\nMessage-ID: <2@a.test>\r\n";
  EXPECT_EQ(talk.say("ARTICLE 2\r\n"),
            "220 2 <2@a.test> article follows\r\n" + headers + "\r\nLine\r\n..dot\r\n.\r\n");
  EXPECT_EQ(talk.say("HEAD\r\n"), "221 2 <2@a.test> headers follow\r\n" + headers + ".\r\n");
  EXPECT_EQ(talk.say("BODY\r\n"), "222 2 <2@a.test> body follows\r\nLine\r\n..dot\r\n.\r\n");
  EXPECT_EQ(talk.say("STAT\r\n"), "223 2 <2@a.test> article exists\r\n");
}

TEST(NntpArticle, a_number_becomes_current_and_a_message_id_does_not) {
  Filled talk;
  EXPECT_EQ(talk.say("STAT <3@a.test>\r\n"), "223 0 <3@a.test> article exists\r\n");
  EXPECT_TRUE(talk.state.nntp().group.empty());
  talk.say("GROUP misc.test\r\n");
  EXPECT_EQ(talk.code("STAT 003"), 223);
  EXPECT_EQ(talk.state.nntp().article, 3U);
  EXPECT_EQ(talk.code("STAT <1@a.test>"), 223);
  EXPECT_EQ(talk.state.nntp().article, 3U);
  EXPECT_EQ(talk.code("STAT 4"), 423);
  EXPECT_EQ(talk.state.nntp().article, 3U);
}

TEST(NntpArticle, says_why_there_is_none) {
  Filled talk;
  for (const auto* verb : {"ARTICLE", "HEAD", "BODY", "STAT"}) {
    const std::string word(verb);
    talk.state = talk.service.fresh(Security::clear);
    EXPECT_EQ(talk.code(word), 412);
    EXPECT_EQ(talk.code(word + " 1"), 412);
    EXPECT_EQ(talk.code(word + " <gone@a.test>"), 430);
    EXPECT_EQ(talk.code(word + " 1@a.test"), 501);
    EXPECT_EQ(talk.code(word + " 1-2"), 501);
    EXPECT_EQ(talk.code(word + " 1 2"), 501);
    talk.say("GROUP local.closed\r\n");
    EXPECT_EQ(talk.code(word), 420);
    EXPECT_EQ(talk.code(word + " 1"), 423);
    EXPECT_EQ(talk.code(word + " 0"), 423);
    EXPECT_EQ(talk.code(word + " 9999999999999999"), 423);
  }
}

TEST(NntpOver, gives_the_overview_of_what_was_selected) {
  Filled talk;
  const std::string size = std::to_string(talk.store.find("<1@a.test>")->content.size());
  const auto line = [&](const std::string& shown, const std::string& number) {
    return shown + "\tTest " + number + "\tann@a.test\t\t<" + number + "@a.test>\t\t" + size +
           "\t2\r\n";
  };
  const std::string head = "224 Overview information follows\r\n";
  EXPECT_EQ(talk.say("OVER\r\n"), kNoGroup);
  EXPECT_EQ(talk.say("OVER 1-\r\n"), kNoGroup);
  EXPECT_EQ(talk.say("OVER <2@a.test>\r\n"), head + line("0", "2") + ".\r\n");
  talk.say("GROUP misc.test\r\n");
  EXPECT_EQ(talk.say("OVER\r\n"), head + line("1", "1") + ".\r\n");
  EXPECT_EQ(talk.say("OVER 2-9\r\n"), head + line("2", "2") + line("3", "3") + ".\r\n");
  EXPECT_EQ(talk.state.nntp().article, 1U);
  EXPECT_EQ(talk.code("OVER 4-"), 423);
  EXPECT_EQ(talk.code("OVER 3-2"), 423);
  EXPECT_EQ(talk.code("OVER <gone@a.test>"), 430);
  EXPECT_EQ(talk.code("OVER x"), 501);
  EXPECT_EQ(talk.code("OVER 1 2"), 501);
  talk.say("GROUP local.closed\r\n");
  EXPECT_EQ(talk.code("OVER"), 420);
  EXPECT_EQ(talk.code("OVER 1-"), 423);
}

TEST(NntpHdr, gives_any_header_and_two_metadata_items) {
  Filled talk;
  EXPECT_EQ(talk.code("HDR Subject"), 412);
  EXPECT_EQ(talk.say("HDR subject <2@a.test>\r\n"), "225 Headers follow\r\n0 Test 2\r\n.\r\n");
  talk.say("GROUP misc.test\r\n");
  EXPECT_EQ(talk.say("HDR SUBJECT\r\n"), "225 Headers follow\r\n1 Test 1\r\n.\r\n");
  EXPECT_EQ(talk.say("HDR Date 1-2\r\n"), "225 Headers follow\r\n1 \r\n2 \r\n.\r\n");
  EXPECT_EQ(talk.say("HDR :Lines 3\r\n"), "225 Headers follow\r\n3 2\r\n.\r\n");
  EXPECT_EQ(talk.say("HDR :bytes 3\r\n").find("225"), 0U);
  EXPECT_EQ(talk.code("HDR :x-other 1"), 503);
  EXPECT_EQ(talk.code("HDR Subject: 1"), 501);
  EXPECT_EQ(talk.code("HDR"), 501);
  EXPECT_EQ(talk.code("HDR a 1 2"), 501);
  EXPECT_EQ(talk.code("HDR Subject 4-"), 423);
}

TEST(NntpOver, more_than_is_listed_at_once_is_refused) {
  NntpConfig config = news_config();
  config.limits.listing = 150;
  NntpTalk talk(config);
  talk.fill(3);
  talk.say("GROUP misc.test\r\n");
  EXPECT_EQ(talk.say("OVER 1-2\r\n").substr(0, 4), "224 ");
  EXPECT_EQ(talk.say("OVER 1-\r\n"), "503 That range is too large\r\n");
}

}  // namespace
}  // namespace assay
