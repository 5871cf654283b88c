// Secret: a password that cannot be printed and is wiped when it goes.
// It has no stream or format operator on purpose; reveal() is called where the wire needs it.
#pragma once

#include "harness/base/bytes.h"

#include <string>
#include <string_view>

namespace assay {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text) : text_(text) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  [[nodiscard]] std::string_view reveal() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  /// Compares in time that depends on the lengths alone.
  [[nodiscard]] bool matches(std::string_view other) const;

 private:
  std::string text_;
};

/// Overwrites what is there in a way that the compiler keeps, then empties it.
void wipe(std::string& text);
void wipe(Bytes& octets);

}  // namespace assay
