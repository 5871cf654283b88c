// Served: a service of the reference server with what stands behind it, made anew for each
// conversation, and what its protocol promises of every step. Dialect: what a conversation has to
// know of a protocol beside. Each session target has one of both.
#pragma once

#include "fuzz/scenario.h"
#include "reference_server/accounts.h"
#include "reference_server/service.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace assay::fuzz {

/// Who may log in, to every service; mail for it is at kMailbox.
inline constexpr std::string_view kUser = "ann";
inline constexpr std::string_view kPassword = "secret";
inline constexpr std::string_view kMailbox = "ann@a.test";

class Served {
 public:
  virtual ~Served() = default;

  [[nodiscard]] virtual const Service& service() const = 0;
  /// The state before a step, which examine_step() may ask about.
  virtual void look(const SessionState& before) = 0;
  /// Holds a step against the protocol: what the service acted on, what it made of it, and the
  /// state behind that.
  virtual void examine_step(View unit, const Step& step, const SessionState& after) = 0;
  /// Holds a greeting or a farewell, which may be empty, against the protocol.
  virtual void examine_unasked(View said) const = 0;
  /// How many octets may wait for their rest.
  [[nodiscard]] virtual std::size_t longest_wait() const = 0;
  /// What is in the stores when the session is gone; looks whether it may be there.
  [[nodiscard]] virtual std::vector<std::string> kept() = 0;
};

struct Dialect {
  std::string begin_tls;  // the mark of scenario.h
  /// Asks for TLS, and says behind it what nobody else says: the upgrade must forget it.
  std::string upgrade;
  /// One command that is said first inside TLS, and answered there, by whomever.
  std::string first_inside;
  /// `accounts` outlive what is made.
  std::unique_ptr<Served> (*serve)(const Listener& listener, const Accounts& accounts) = nullptr;
};

}  // namespace assay::fuzz
