#include "harness/check/subject.h"

#include "harness/base/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay {
namespace {

constexpr Milliseconds kLookAgain{10};

bool contains(View mail, std::string_view word) { return find(mail, word) != npos; }

}  // namespace

Task<std::optional<std::vector<Bytes>>> Sink::find(Loop& loop, std::string nonce,
                                                   std::string control, Deadline deadline) {
  for (;;) {
    const std::vector<View> mails = arrived();
    if (std::ranges::any_of(mails, [&](View mail) { return contains(mail, control); })) {
      std::vector<Bytes> found;
      for (const View mail : mails) {
        if (contains(mail, nonce)) found.push_back(bytes_of(mail));
      }
      co_return found;
    }
    if (Clock::now() >= deadline || loop.expired()) co_return std::nullopt;
    co_await loop.sleep_until(Clock::now() + kLookAgain);
  }
}

std::string Endpoint::label() const {
  return fmt::format("{}.{}", name_of(protocol), name_of(access));
}

bool Facts::lists(std::string_view keyword) const {
  for (const auto* list : {&capabilities_secured, &capabilities}) {
    for (const std::string& line : *list) {
      if (equals_ignoring_case(std::string_view(line).substr(0, line.find(' ')), keyword))
        return true;
    }
  }
  return false;
}

const Agreement* Facts::best() const {
  return agreements.empty() ? nullptr : &agreements.rbegin()->second;
}

}  // namespace assay
