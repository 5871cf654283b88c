#include "harness/base/secret.h"

#include <cstring>
#include <utility>

namespace assay {

void wipe(std::string& text) {
  text.resize(text.capacity());
  explicit_bzero(text.data(), text.size());
  text.clear();
}

void wipe(Bytes& octets) {
  if (!octets.empty()) explicit_bzero(octets.data(), octets.size());
  octets.clear();
}

Secret& Secret::operator=(const Secret& other) {
  if (this == &other) return *this;
  wipe(text_);
  text_ = other.text_;
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  wipe(text_);
  text_ = std::move(other.text_);
  wipe(other.text_);
  return *this;
}

Secret::~Secret() { wipe(text_); }

bool Secret::matches(std::string_view other) const {
  if (text_.size() != other.size()) return false;
  int difference = 0;
  for (std::size_t i = 0; i < other.size(); ++i) {
    difference |= static_cast<unsigned char>(text_[i]) ^ static_cast<unsigned char>(other[i]);
  }
  return difference == 0;
}

}  // namespace assay
