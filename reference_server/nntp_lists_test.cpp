#include "reference_server/nntp_lists.h"

#include "reference_server/nntp_fixture_test.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

TEST(NntpList, is_of_the_active_groups_where_nothing_is_said) {
  NntpTalk talk;
  talk.fill(2);
  const std::string active =
      "215 Information follows\r\nlocal.closed 0 1 n\r\nmisc.test 2 1 y\r\n.\r\n";
  EXPECT_EQ(talk.say("LIST\r\n"), active);
  EXPECT_EQ(talk.say("list active\r\n"), active);
  EXPECT_EQ(talk.say("LIST ACTIVE misc.*,!*.x\r\n"),
            "215 Information follows\r\nmisc.test 2 1 y\r\n.\r\n");
  EXPECT_EQ(talk.say("LIST ACTIVE none.*\r\n"), "215 Information follows\r\n.\r\n");
  EXPECT_EQ(talk.code("LIST ACTIVE u[ks].*"), 501);
}

TEST(NntpList, has_descriptions_and_creation_times) {
  NntpTalk talk;
  talk.store.add_group({.name = "new.test",
                        .created = std::chrono::sys_seconds(std::chrono::seconds(930445408)),
                        .creator = "<ann@a.test>"});
  EXPECT_EQ(talk.say("LIST NEWSGROUPS misc.*\r\n"),
            "215 Information follows\r\nmisc.test\tTests of every kind\r\n.\r\n");
  EXPECT_EQ(talk.say("LIST ACTIVE.TIMES new.*\r\n"),
            "215 Information follows\r\nnew.test 930445408 <ann@a.test>\r\n.\r\n");
}

TEST(NntpList, says_what_over_and_hdr_give) {
  NntpTalk talk;
  EXPECT_EQ(talk.say("LIST OVERVIEW.FMT\r\n"),
            "215 Order of fields in the overview\r\nSubject:\r\nFrom:\r\nDate:\r\nMessage-ID:\r\n"
            "References:\r\n:bytes\r\n:lines\r\n.\r\n");
  const std::string headers = "215 Fields for HDR\r\n:\r\n:bytes\r\n:lines\r\n.\r\n";
  EXPECT_EQ(talk.say("LIST HEADERS\r\n"), headers);
  EXPECT_EQ(talk.say("LIST HEADERS msgid\r\n"), headers);
  EXPECT_EQ(talk.code("LIST HEADERS other"), 501);
  EXPECT_EQ(talk.code("LIST OVERVIEW.FMT x"), 501);
  EXPECT_EQ(talk.code("LIST DISTRIB.PATS"), 501);
  EXPECT_EQ(talk.code("LIST ACTIVE a b"), 501);
}

TEST(NntpNewgroups, lists_groups_created_since) {
  NntpTalk talk;
  talk.store.add_group(
      {.name = "new.test", .created = std::chrono::sys_seconds(std::chrono::seconds(930445408))});
  EXPECT_EQ(talk.say("NEWGROUPS 19990624 000000 GMT\r\n"),
            "231 New newsgroups follow\r\nnew.test 0 1 y\r\n.\r\n");
  EXPECT_EQ(talk.say("NEWGROUPS 20200101 000000\r\n"), "231 New newsgroups follow\r\n.\r\n");
  EXPECT_EQ(talk.code("NEWGROUPS 19990624"), 501);
  EXPECT_EQ(talk.code("NEWGROUPS 19990632 000000"), 501);
  EXPECT_EQ(talk.code("NEWGROUPS 19990624 000000 CET"), 501);
  EXPECT_EQ(talk.code("NEWGROUPS 19990624 000000 GMT x"), 501);
}

TEST(NntpNewnews, lists_articles_that_arrived_since) {
  NntpTalk talk;
  talk.fill(3);  // one second after another
  EXPECT_EQ(talk.say("NEWNEWS misc.* 19700101 000002 GMT\r\n"),
            "230 New articles follow\r\n<2@a.test>\r\n<3@a.test>\r\n.\r\n");
  EXPECT_EQ(talk.say("NEWNEWS local.* 19700101 000000\r\n"), "230 New articles follow\r\n.\r\n");
  EXPECT_EQ(talk.code("NEWNEWS"), 501);
  EXPECT_EQ(talk.code("NEWNEWS [x] 19700101 000000"), 501);
  EXPECT_EQ(talk.code("NEWNEWS * 19700101"), 501);
}

}  // namespace
}  // namespace assay
