#include "harness/pki/client_names.h"

#include "harness/pki/authority.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

using Texts = std::vector<std::string>;

const Authority& authority() {
  static KeyRing keys;
  static const Authority kAuthority(std::chrono::system_clock::now(), keys);
  return kAuthority;
}

ClientNames names_of(void (*change)(CertificateSpec&)) {
  ChainSpec spec;
  spec.change_leaf = change;
  return client_names(authority().issue(spec, Texts{"localhost"}).leaf);
}

TEST(ClientNames, are_the_common_name_and_the_mailboxes) {
  EXPECT_EQ(client_names(authority().issue_client("ann").leaf), (ClientNames{{}, {"ann"}}));
  const ClientNames both = names_of([](CertificateSpec& leaf) {
    leaf.subject.common_name = "Ann \xc3\x84";
    leaf.names.email = {"ann@a.test", "Ann@A.test"};
  });
  EXPECT_EQ(both, (ClientNames{{"ann@a.test", "Ann@A.test"}, {"Ann \xc3\x84"}}));
}

TEST(ClientNames, leave_out_what_has_control_characters) {
  const ClientNames names = names_of([](CertificateSpec& leaf) {
    leaf.subject.common_name = std::string("ann\0x", 5);
    leaf.names.email = {std::string("ann@a.test\0.b.test", 18), "b\n@a.test"};
  });
  EXPECT_EQ(names, ClientNames{});
}

TEST(ClientNames, are_none_where_there_is_no_certificate) {
  EXPECT_EQ(client_names({}), ClientNames{});
  EXPECT_EQ(client_names(view_of("no certificate")), ClientNames{});
}

}  // namespace
}  // namespace assay
