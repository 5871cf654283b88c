#include "reports/junit.h"

#include "reports/sample_report.h"

#include <gtest/gtest.h>
#include <pugixml.hpp>

namespace assay {
namespace {

class Junit : public testing::Test {
 protected:
  Junit() {
    const std::string text = junit_xml(sample_report());
    const auto parsed = document_.load_buffer(text.data(), text.size());
    EXPECT_TRUE(parsed) << parsed.description();
  }
  pugi::xml_node case_named(const char* name) {
    return document_.select_node((std::string("//testcase[@name='") + name + "']").c_str()).node();
  }
  pugi::xml_document document_;
};

TEST_F(Junit, has_a_suite_for_each_endpoint) {
  const pugi::xml_node root = document_.child("testsuites");
  EXPECT_STREQ(root.attribute("tests").value(), "9");
  EXPECT_STREQ(root.attribute("failures").value(), "3");
  EXPECT_STREQ(root.attribute("errors").value(), "1");
  EXPECT_STREQ(root.attribute("skipped").value(), "3");
  const pugi::xml_node first = root.child("testsuite");
  EXPECT_STREQ(first.attribute("name").value(), "smtp://mail.example.test:2525");
  EXPECT_STREQ(first.attribute("tests").value(), "3");
  EXPECT_STREQ(first.next_sibling("testsuite").attribute("tests").value(), "6");
}

TEST_F(Junit, a_fail_says_what_was_observed_and_what_is_accepted) {
  const auto node = case_named("integrity.injection.discards_pipelined_plaintext@smtp.upgrade");
  EXPECT_STREQ(node.attribute("classname").value(), "assay.integrity.injection");
  EXPECT_STREQ(node.attribute("time").value(), "0.041");
  EXPECT_STREQ(
      node.child("failure").attribute("message").value(),
      "observed answered_inside_tls; accepted: discarded, upgrade_refused, connection_broken");
  const std::string text = node.child("failure").text().get();
  EXPECT_NE(text.find("required: A command pipelined"), std::string::npos);
  EXPECT_NE(text.find("source: RFC 3207 §4.2"), std::string::npos);
}

TEST_F(Junit, each_outcome_has_its_element) {
  EXPECT_STREQ(case_named("certificate.present.in_time@smtp.implicit")
                   .child("skipped")
                   .attribute("message")
                   .value(),
               "inapplicable: needs trust anchors: give --ca FILE");
  EXPECT_TRUE(case_named("integrity.injection.discards_pipelined_plaintext@smtp.implicit")
                  .child("skipped"));
  EXPECT_TRUE(case_named("integrity.injection.discards_pipelined_plaintext@smtp.implicit.tls12")
                  .child("error"));
  EXPECT_STREQ(case_named("negotiation.hello.refuses@smtp.implicit.tls12")
                   .child("skipped")
                   .attribute("message")
                   .value(),
               "expected: known since 3.1");
  EXPECT_TRUE(case_named("certificate.present.in_time@smtp.implicit.tls12").child("failure"));
  EXPECT_TRUE(case_named("negotiation.hello.refuses@smtp.upgrade.tls13").child("system-out"));
  EXPECT_FALSE(case_named("negotiation.hello.refuses@smtp.implicit.tls13").first_child());
}

}  // namespace
}  // namespace assay
