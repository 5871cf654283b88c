#include "reports/junit.h"

#include "reports/legible.h"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <sstream>

namespace assay {
namespace {

/// The only way into an attribute or a text: XML 1.0 §2.2 forbids most controls, even as
/// references, and pugixml writes them all the same.
void set(pugi::xml_node node, const char* name, std::string_view text) {
  node.append_attribute(name).set_value(one_line(text).c_str());
}

std::string slugs(const FixedList<Ending, 8>& endings) {
  std::string list;
  for (const Ending& ending : endings) {
    list += fmt::format("{}{}", list.empty() ? "" : ", ", ending.slug);
  }
  return list;
}

/// What was observed, what would have been right, and why we think so; a line each.
std::string finding(const Result& result) {
  const Check& check = *result.which.check;
  std::string text =
      fmt::format("required: {}\nobserved: {}\naccepted: {}\n", one_line(check.title),
                  one_line(result.ending), slugs(check.accepts));
  if (!check.weak.empty()) text += fmt::format("weak: {}\n", slugs(check.weak));
  for (const std::string_view source : check.sources) text += fmt::format("source: {}\n", source);
  if (!result.reason.empty()) text += fmt::format("because: {}\n", one_line(result.reason));
  for (const std::string& note : notes_of(result))
    text += fmt::format("note: {}\n", one_line(note));
  for (const Part& part : result.parts) {
    text += fmt::format("part: {}: {} ({})\n", one_line(part.name), one_line(part.ending),
                        name_of(part.outcome));
  }
  return text;
}

void add(pugi::xml_node testcase, const char* element, std::string_view message,
         const std::string& text) {
  pugi::xml_node node = testcase.append_child(element);
  set(node, "message", message);
  set(node, "type", element);
  if (!text.empty()) node.text().set(text.c_str());
}

void add_outcome(pugi::xml_node testcase, const Result& result) {
  const Check& check = *result.which.check;
  switch (result.outcome) {
    case Outcome::pass:
      return;
    case Outcome::weak:
      testcase.append_child("system-out").text().set(("weak\n" + finding(result)).c_str());
      return;
    case Outcome::fail:
      add(testcase, "failure",
          fmt::format("observed {}; accepted: {}", result.ending, slugs(check.accepts)),
          finding(result));
      return;
    case Outcome::xpass:
      add(testcase, "failure",
          fmt::format("passed, but the baseline expected a finding: {}", result.baseline_reason),
          finding(result));
      return;
    case Outcome::xfail:
      add(testcase, "skipped", fmt::format("expected: {}", result.baseline_reason),
          finding(result));
      return;
    case Outcome::inapplicable:
    case Outcome::inconclusive:
      add(testcase, "skipped", fmt::format("{}: {}", name_of(result.outcome), result.reason), {});
      return;
    case Outcome::error:
      add(testcase, "error", result.reason, finding(result));
      return;
  }
}

struct Tally {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
  Milliseconds took{0};

  void add(const Result& result) {
    ++tests;
    took += result.took;
    switch (result.outcome) {
      case Outcome::fail:
      case Outcome::xpass:
        ++failures;
        break;
      case Outcome::error:
        ++errors;
        break;
      case Outcome::xfail:
      case Outcome::inapplicable:
      case Outcome::inconclusive:
        ++skipped;
        break;
      case Outcome::pass:
      case Outcome::weak:
        break;
    }
  }
  void add(const Tally& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
    took += other.took;
  }
  void write(pugi::xml_node node) const {
    set(node, "tests", fmt::to_string(tests));
    set(node, "failures", fmt::to_string(failures));
    set(node, "errors", fmt::to_string(errors));
    set(node, "skipped", fmt::to_string(skipped));
    set(node, "time", seconds(took));
  }
};

Tally add_suite(pugi::xml_node suites, const RunReport& report, const std::vector<FiledCase>& cases,
                const SubjectRun& run, std::size_t endpoint) {
  Tally tally;
  for (const FiledCase& filed : cases) {
    if (filed.run == &run && filed.result->which.endpoint == endpoint) tally.add(*filed.result);
  }
  if (tally.tests == 0) return tally;
  pugi::xml_node suite = suites.append_child("testsuite");
  set(suite, "name", run.subject.endpoints[endpoint].url);
  set(suite, "hostname", run.subject.name);
  set(suite, "timestamp", timestamp(report.started));
  tally.write(suite);
  for (const FiledCase& filed : cases) {
    if (filed.run != &run || filed.result->which.endpoint != endpoint) continue;
    const std::string_view id = filed.result->which.check->id;
    pugi::xml_node testcase = suite.append_child("testcase");
    set(testcase, "classname", fmt::format("assay.{}.{}", suite_of(id), topic_of(id)));
    set(testcase, "name", filed.result->which.name);
    set(testcase, "time", seconds(filed.result->took));
    add_outcome(testcase, *filed.result);
  }
  return tally;
}

}  // namespace

std::string junit_xml(const RunReport& report) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version").set_value("1.0");
  declaration.append_attribute("encoding").set_value("UTF-8");
  pugi::xml_node suites = document.append_child("testsuites");
  set(suites, "name", "assay");
  const std::vector<FiledCase> cases = filed_cases(report);
  Tally whole;
  for (const SubjectRun& run : report.subjects) {
    for (std::size_t i = 0; i < run.subject.endpoints.size(); ++i) {
      whole.add(add_suite(suites, report, cases, run, i));
    }
  }
  whole.write(suites);
  std::ostringstream text;
  document.save(text, "  ", pugi::format_default, pugi::encoding_utf8);
  return text.str();
}

}  // namespace assay
