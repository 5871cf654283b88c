#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

/// A JSON text, read back: for tests and benchmarks that meet what `assay` wrote. Values are named
/// by JSON pointers (RFC 6901), "" for the whole. A pointer to nothing throws std::out_of_range
/// with the pointer in its text. The library's templates are costly to compile, so they stay in one
/// file.
class JsonDocument {
 public:
  /// Nothing if `text` is not JSON.
  static std::optional<JsonDocument> parse(std::string_view text);

  /// The value in canonical form: keys sorted, no spaces. Two values are equal when these are.
  [[nodiscard]] std::string at(const std::string& pointer) const;
  /// The string that stands there; std::out_of_range if it is no string.
  [[nodiscard]] std::string text(const std::string& pointer) const;
  /// Elements of an array, members of an object, 0 for null, 1 for anything else.
  [[nodiscard]] std::size_t size(const std::string& pointer) const;
  [[nodiscard]] bool has(const std::string& pointer) const;

 private:
  struct Value;
  explicit JsonDocument(std::shared_ptr<const Value> root) : root_(std::move(root)) {}
  std::shared_ptr<const Value> root_;
};

}  // namespace assay
