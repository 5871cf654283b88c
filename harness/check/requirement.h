// The words in which a requirement is stated: protocols, accesses, levels, severities, whose
// finding it is. Used by check tables, the matrix and every report.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

enum class Protocol { smtp, pop3, nntp, ldap, tls };
enum class Access { clear, upgrade, implicit, pair };
/// The duty that the cited text puts on the subject; none: the row does not speak of that protocol.
enum class Level { none, must, should, may, bcp, info };
/// How bad a finding is; by_level: must is an error, should and bcp a warning, may and info a note.
enum class Severity { by_level, error, warning, note };
enum class Component { server, library, configuration, client };
/// What the subject is for; it may change the severity of a finding.
enum class ServerRole { public_mx, submission, mailbox, news_reader, news_transit, directory };
/// once: at the best version; each: once per supported version; hello: decided before a version is
/// agreed.
enum class VersionScope { once, each, tls12, tls13, hello };
enum class Side { server, client, judge, both };

[[nodiscard]] std::string_view name_of(Protocol protocol);
/// "smtp", "smtps" and so on: the protocol, and an s where TLS comes first.
[[nodiscard]] std::string scheme_of(Protocol protocol, Access access);
[[nodiscard]] std::string_view name_of(Access access);
[[nodiscard]] std::string_view name_of(Level level);
[[nodiscard]] std::string_view name_of(Severity severity);
[[nodiscard]] std::string_view name_of(Component component);
[[nodiscard]] std::string_view name_of(ServerRole role);
[[nodiscard]] std::string_view name_of(VersionScope version);
[[nodiscard]] std::string_view name_of(Side side);
[[nodiscard]] std::optional<ServerRole> role_named(std::string_view name);

/// A short list inside a constexpr table. Its storage is the table's own, which an
/// initializer_list's is not.
template <typename T, std::size_t N>
class FixedList {
 public:
  constexpr FixedList() = default;
  constexpr FixedList(std::initializer_list<T> members) : size_(members.size()) {
    std::size_t at = 0;
    for (const T& member : members)
      items_.at(at++) = member;  // too many: not a constant expression
  }

  [[nodiscard]] constexpr std::size_t size() const { return size_; }
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }
  [[nodiscard]] constexpr const T* begin() const { return items_.data(); }
  [[nodiscard]] constexpr const T* end() const { return items_.data() + size_; }
  [[nodiscard]] constexpr bool contains(const T& wanted) const {
    for (const T& item : *this) {
      if (item == wanted) return true;
    }
    return false;
  }

 private:
  std::array<T, N> items_{};
  std::size_t size_ = 0;
};

/// A set of enumerators, written as a list.
template <typename E>
class EnumSet {
 public:
  constexpr EnumSet() = default;
  constexpr EnumSet(std::initializer_list<E> members) {
    for (const E member : members) bits_ |= bit(member);
  }
  [[nodiscard]] constexpr bool contains(E member) const { return (bits_ & bit(member)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  constexpr bool operator==(const EnumSet&) const = default;

 private:
  static constexpr std::uint32_t bit(E member) { return 1U << static_cast<unsigned>(member); }
  std::uint32_t bits_ = 0;
};

/// A level a protocol. `all` stands for protocols without one of their own.
struct Levels {
  Level all = Level::none;
  Level smtp = Level::none;
  Level pop3 = Level::none;
  Level nntp = Level::none;
  Level ldap = Level::none;

  [[nodiscard]] constexpr Level of(Protocol protocol) const {
    const Level own = protocol == Protocol::smtp   ? smtp
                      : protocol == Protocol::pop3 ? pop3
                      : protocol == Protocol::nntp ? nntp
                      : protocol == Protocol::ldap ? ldap
                                                   : Level::none;
    return own == Level::none ? all : own;
  }
  /// The strongest of them: what a list without protocols shows.
  [[nodiscard]] Level strongest() const;
};

/// Severities that a role changes; by_level leaves the row's own.
struct RoleSeverities {
  Severity public_mx = Severity::by_level;
};

[[nodiscard]] Severity severity_for(Level level, Severity own, const RoleSeverities& roles,
                                    ServerRole role);

}  // namespace assay
