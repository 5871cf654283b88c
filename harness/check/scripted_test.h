// A subject without a network for tests of the Runner and the self-test: discovery, controls and
// what each row observes come from a Script. The rows are hand-made, their coroutines all the same.
#pragma once

#include "harness/check/runner.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace assay {

/// Travels as the account's sink: the one thing that a test, its actions and its rows all see.
class Script final : public Sink {
 public:
  Facts facts;
  std::function<bool(Probe& probe)> control = [](Probe&) { return true; };
  std::function<Ending(Probe& probe)> observe = [](Probe&) { return ending::accepted; };
  Milliseconds pause{0};  // each observation takes so long

  std::size_t controls = 0;
  std::vector<std::string> begun;  // ids, in the order of their observations
  std::size_t in_flight = 0;
  std::size_t most_in_flight = 0;

 protected:
  std::vector<View> arrived() override { return {}; }
};

inline Script& script_of(const Probe& probe) {
  return dynamic_cast<Script&>(*probe.account().sink_read);
}

inline Task<Ending> scripted(Probe& probe) {
  Script& script = script_of(probe);
  script.begun.emplace_back(probe.which().check->id);
  script.most_in_flight = std::max(script.most_in_flight, ++script.in_flight);
  if (script.pause > Milliseconds(0))
    co_await probe.loop().sleep_until(Clock::now() + script.pause);
  --script.in_flight;
  co_return script.observe(probe);
}

inline Actions scripted_actions() {
  return {[](Probe& probe, Control /*shape*/) -> Task<bool> {
            Script& script = script_of(probe);
            ++script.controls;
            co_return script.control(probe);
          },
          [](Probe& probe) -> Task<Facts> { co_return script_of(probe).facts; }};
}

/// A subject that was found to serve TLS 1.2 and 1.3.
inline Facts facts_for_tests() {
  Facts facts;
  facts.reachable = facts.greeted = facts.tls = facts.served = true;
  for (const TlsVersion version : {TlsVersion::tls12, TlsVersion::tls13})
    facts.agreements[version].version = version;
  return facts;
}

inline Endpoint endpoint_for_tests(Access access) {
  Endpoint endpoint;
  endpoint.access = access;
  endpoint.url = access == Access::implicit ? "smtps://peer.test" : "smtp://peer.test";
  endpoint.address = {"127.0.0.1", 1};
  return endpoint;
}

inline Subject subject_for_tests(const std::shared_ptr<Script>& script) {
  Subject subject;
  subject.name = "peer.test";
  subject.endpoints = {endpoint_for_tests(Access::upgrade)};
  subject.account.sink_read = script;
  return subject;
}

/// A row that passes when its observation is `accepted`; its control is the handshake's.
inline Check row_for_tests(std::string_view id) {
  Check check;
  check.id = id;
  check.title = "A title";
  check.levels = {.all = Level::must};
  check.sources = {"RFC 5321 §4.2"};
  check.run = scripted;
  check.steps = "steps";
  check.accepts = {ending::accepted};
  check.impossible = "made for a test";
  return check;
}

}  // namespace assay
