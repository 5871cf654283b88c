// Wildmats: the patterns by which NNTP chooses newsgroups (RFC 3977 §4).
// Used by the service for LIST and NEWNEWS.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

class Wildmat {
 public:
  /// Nothing when the text is no wildmat by RFC 3977 §4.1.
  [[nodiscard]] static std::optional<Wildmat> parse(std::string_view text);

  /// The rightmost pattern that matches decides; `*` and `?` stand for UTF-8 characters.
  /// In time, at most the lengths of wildmat and name multiplied.
  [[nodiscard]] bool matches(std::string_view name) const;

 private:
  struct Pattern {
    std::string text;
    bool negated = false;
  };
  std::vector<Pattern> patterns_;
};

}  // namespace assay
