#include "harness/protocol/nntp_capabilities.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace assay {
namespace {

NntpCapabilities of(const std::vector<std::string>& lines) {
  return parse_nntp_capabilities(lines);
}

TEST(NntpCapabilities, known_labels_become_fields) {
  const auto found = of({"VERSION 2 3", "reader", "POST", "IHAVE", "NEWNEWS", "HDR", "MODE-READER",
                         "STARTTLS", "OVER MSGID", "AUTHINFO USER SASL", "SASL PLAIN\tlogin",
                         "LIST ACTIVE newsgroups  OVERVIEW.FMT", "IMPLEMENTATION INN 2.7"});
  EXPECT_TRUE(found.version_first);
  EXPECT_EQ(found.versions, (std::vector<std::string>{"2", "3"}));
  EXPECT_TRUE(found.reader && found.post && found.ihave && found.newnews && found.hdr);
  EXPECT_TRUE(found.mode_reader && found.starttls && found.over && found.over_message_id);
  EXPECT_TRUE(found.authinfo && found.authinfo_user && found.authinfo_sasl);
  EXPECT_EQ(found.sasl, (std::vector<std::string>{"PLAIN", "LOGIN"}));
  EXPECT_TRUE(found.offers_sasl("plain"));
  EXPECT_FALSE(found.offers_sasl("PLAI"));
  EXPECT_TRUE(found.lists("NEWSGROUPS"));
  EXPECT_FALSE(found.lists("HEADERS"));
  EXPECT_EQ(found.implementation, "INN 2.7");
}

TEST(NntpCapabilities, authinfo_without_arguments_is_seen_as_such) {
  const auto found = of({"VERSION 2", "AUTHINFO", "OVER"});
  EXPECT_TRUE(found.authinfo);
  EXPECT_FALSE(found.authinfo_user || found.authinfo_sasl);
  EXPECT_TRUE(found.over);
  EXPECT_FALSE(found.over_message_id);
}

TEST(NntpCapabilities, odd_lines_and_duplicates_are_kept) {
  const auto found = of({"READER", "VERSION 2", "STARTTLS", "starttls", "+future", "", " x"});
  EXPECT_FALSE(found.version_first);
  EXPECT_EQ(found.count("STARTTLS"), 2U);
  EXPECT_EQ(found.all.size(), 7U);
  EXPECT_EQ(found.all[4].first, "+future");
  EXPECT_EQ(of({}), NntpCapabilities{});
}

}  // namespace
}  // namespace assay
