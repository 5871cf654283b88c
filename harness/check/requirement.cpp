#include "harness/check/requirement.h"

#include <algorithm>

namespace assay {
namespace {

template <typename E, std::size_t N>
std::string_view pick(E value, const std::array<std::string_view, N>& names) {
  return names.at(static_cast<std::size_t>(value));
}

constexpr std::array<std::string_view, 6> kRoles = {"public_mx",   "submission",   "mailbox",
                                                    "news_reader", "news_transit", "directory"};

}  // namespace

std::string_view name_of(Protocol protocol) {
  return pick(protocol, std::to_array<std::string_view>({"smtp", "pop3", "nntp", "ldap", "tls"}));
}
std::string_view name_of(Access access) {
  return pick(access, std::to_array<std::string_view>({"clear", "upgrade", "implicit", "pair"}));
}
std::string_view name_of(Level level) {
  return pick(level,
              std::to_array<std::string_view>({"none", "must", "should", "may", "bcp", "info"}));
}
std::string_view name_of(Severity severity) {
  return pick(severity, std::to_array<std::string_view>({"by_level", "error", "warning", "note"}));
}
std::string_view name_of(Component component) {
  return pick(component,
              std::to_array<std::string_view>({"server", "library", "configuration", "client"}));
}
std::string_view name_of(ServerRole role) { return pick(role, kRoles); }
std::string_view name_of(VersionScope version) {
  return pick(version,
              std::to_array<std::string_view>({"once", "each", "tls12", "tls13", "hello"}));
}
std::string_view name_of(Side side) {
  return pick(side, std::to_array<std::string_view>({"server", "client", "judge", "both"}));
}

std::optional<ServerRole> role_named(std::string_view name) {
  const auto* found = std::ranges::find(kRoles, name);
  if (found == kRoles.end()) return std::nullopt;
  return static_cast<ServerRole>(found - kRoles.begin());
}

Level Levels::strongest() const {
  Level best = Level::none;
  for (const Level level : {all, smtp, pop3, nntp, ldap}) {
    if (level != Level::none && (best == Level::none || level < best)) best = level;
  }
  return best;
}

Severity severity_for(Level level, Severity own, const RoleSeverities& roles, ServerRole role) {
  if (role == ServerRole::public_mx && roles.public_mx != Severity::by_level)
    return roles.public_mx;
  if (own != Severity::by_level) return own;
  switch (level) {
    case Level::must:
      return Severity::error;
    case Level::should:
    case Level::bcp:
      return Severity::warning;
    default:
      return Severity::note;
  }
}

std::string scheme_of(Protocol protocol, Access access) {
  return std::string(name_of(protocol)) + (access == Access::implicit ? "s" : "");
}

}  // namespace assay
