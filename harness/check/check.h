// Check: one row of the tables in suites/. A coroutine observes, the row judges (DESIGN: coroutines
// observe, tables judge). Everything a report, `explain` or a proof needs stands in the row.
#pragma once

#include "harness/check/ending.h"
#include "harness/check/faults.h"
#include "harness/check/requirement.h"
#include "harness/check/watch.h"
#include "harness/net/task.h"

#include <span>
#include <string_view>

namespace assay {

class Probe;

/// What must hold of the subject or the account, else the row is inapplicable.
enum class Need {
  account,
  bind_dn,
  sink,
  auth_tls_only,
  pipelining,
  anchors,
  must_staple,
  scram_plus,
  several_names,
  tls12,
  aead,
  policy_required,
  policy_mta_sts,
  message_file,
};

/// intrusive: not in the safe set against strangers; writes: leaves mail; exclusive: runs alone,
/// last; slow: needs a silent window over 2 s, profile full only.
enum class Trait { intrusive, writes, exclusive, slow };

[[nodiscard]] std::string_view name_of(Need need);
[[nodiscard]] std::string_view name_of(Trait trait);

/// The dialogue that must have succeeded without the stimulus before a refusal counts.
enum class Control { none, connect, handshake, secured };

/// What a row speaks of. TLS itself does not depend on the protocol above it: such a row runs in
/// full at a subject's first endpoint and is sampled at the others. How an endpoint is set up is
/// its own affair: such a row runs at each. Both run where nothing but TLS is known (tls://).
enum class Layer { application, endpoint, tls };

struct Scope {
  EnumSet<Protocol> protocols;  // empty: every protocol
  EnumSet<Access> access{Access::upgrade, Access::implicit};
  VersionScope version = VersionScope::once;
  Layer layer = Layer::application;
};

/// A fault that must turn the row red, and how.
struct Breaker {
  std::string_view fault;
  Ending ending;
  EnumSet<Access> access;  // where the ending depends on it; empty: everywhere
  std::optional<TlsVersion> version;
  EnumSet<Protocol> protocols;  // empty: all
  constexpr bool operator==(const Breaker&) const = default;
};

/// A legal (or merely inadvisable) peer, and the ending that it must bring about: one of accepts or
/// weak.
struct Liberty {
  std::string_view name;
  Ending ending;
  EnumSet<Access> access;
  std::optional<TlsVersion> version;
  EnumSet<Protocol> protocols;
  constexpr bool operator==(const Liberty&) const = default;
};

struct Check {
  std::string_view id;
  std::string_view title;
  Side side = Side::server;  // whose duty it is: a server's, or a client's
  Levels levels;
  Severity severity = Severity::by_level;
  RoleSeverities roles;
  Component component = Component::server;
  FixedList<std::string_view, 8> sources;
  Scope scope;
  EnumSet<Need> needs;
  EnumSet<Trait> traits;
  Setup setup;
  FixedList<std::string_view, 6> shows;  // faults of our server that a client meets
  std::size_t host_labels = 1;           // that the name must have which the client is sent to
  Control control = Control::secured;
  Task<Ending> (*run)(Probe& probe) = nullptr;
  /// What every connection of the run is watched for beside: the worse of the two endings counts.
  FixedList<Watch, 6> watches;
  std::string_view steps;  // what our end does, for `explain`
  FixedList<Ending, 8> accepts;
  FixedList<Ending, 8> weak;
  FixedList<Breaker, 6> breakers;
  FixedList<Liberty, 12> liberties;
  std::string_view impossible;  // why there is no breaker
  std::string_view by_hand;     // an openssl or nc line that shows the same
};

/// Suite and topic are the first two parts of the id.
[[nodiscard]] constexpr std::string_view suite_of(std::string_view id) {
  return id.substr(0, id.find('.'));
}
[[nodiscard]] constexpr std::string_view topic_of(std::string_view id) {
  const std::string_view rest = id.substr(id.find('.') + 1);
  return rest.substr(0, rest.find('.'));
}

/// What a table must hold to be a table of checks; used in static_assert beside each.
[[nodiscard]] constexpr bool well_formed(const Check& check) {
  std::size_t dots = 0;
  for (const char c : check.id) {
    if (c == '.') ++dots;
    const bool legal = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    if (!legal) return false;
  }
  // Whether `run` is set is left to a test: gcc with UBSan does not compare the address of another
  // file's function at compile time.
  if (dots != 2 || check.title.empty() || check.steps.empty()) return false;
  if (check.sources.empty() || check.accepts.empty()) return false;
  if (check.breakers.empty() == check.impossible.empty()) return false;
  for (const Breaker& breaker : check.breakers) {
    if (check.accepts.contains(breaker.ending) || check.weak.contains(breaker.ending)) return false;
  }
  for (const Ending& weak : check.weak) {
    if (check.accepts.contains(weak)) return false;
  }
  for (const Watch& watch : check.watches) {
    if (check.accepts.contains(watch.ending)) return false;
  }
  return true;
}

[[nodiscard]] constexpr bool well_formed(std::span<const Check> checks) {
  for (std::size_t i = 0; i < checks.size(); ++i) {
    if (!well_formed(checks[i])) return false;
    for (std::size_t j = 0; j < i; ++j) {
      if (checks[i].id == checks[j].id) return false;
    }
  }
  return !checks.empty();
}

}  // namespace assay
