#include "reference_server/services.h"

#include "reference_server/session_fixture_test.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace assay {
namespace {

TEST(Services, the_directory_has_an_entry_for_each_name) {
  const std::vector<std::string> names = {"alice", "bob.b-1"};
  const Directory directory = directory_of("assay.test", names);
  EXPECT_EQ(directory.naming_contexts(), std::vector<std::string>{"dc=assay,dc=test"});
  const DirectoryEntry* bob = directory.find_by_value("uid", "bob.b-1");
  ASSERT_NE(bob, nullptr);
  EXPECT_EQ(bob->dn, "uid=bob.b-1,ou=people,dc=assay,dc=test");
  EXPECT_EQ(directory.find_by_value("uid", "carol"), nullptr);
}

TEST(Services, somebody_who_is_added_again_has_one_entry_still) {
  Loop loop;
  Server server(loop, {}, authority_for_tests());
  server.add_user("alice", Secret("old"), "alice@assay.test");
  EXPECT_NO_THROW(server.add_user("alice", Secret("new"), "alice@assay.test"));
}

TEST(Services, a_name_that_is_no_part_of_a_dn_is_refused) {
  const std::vector<std::string> names = {"a=b\\"};
  EXPECT_THROW(static_cast<void>(directory_of("assay.test", names)), std::invalid_argument);
}

TEST(Services, every_listener_speaks_the_protocol_of_its_scheme) {
  ServerConfig config;
  config.domains = {"assay.test"};
  Holdings holdings;
  const auto greeting = [&](Protocol protocol) {
    const auto service = make_service(config, {protocol, Access::implicit}, holdings);
    return std::string(text_of(service->greeting(service->fresh(Security::implicit))).substr(0, 4));
  };
  EXPECT_EQ(greeting(Protocol::smtp), "220 ");
  EXPECT_EQ(greeting(Protocol::pop3), "+OK ");
  EXPECT_EQ(greeting(Protocol::nntp), "200 ");
  EXPECT_EQ(greeting(Protocol::ldap), "");
}

}  // namespace
}  // namespace assay
