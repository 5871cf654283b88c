#include "harness/engine/session.h"

#include <algorithm>
#include <utility>

namespace assay::engine {

void SessionStore::put(Bytes key, Session session) {
  if (kept_.size() >= capacity_) kept_.pop_front();
  kept_.push_back({std::move(key), std::move(session)});
}

std::optional<Session> SessionStore::find(View key) const {
  const auto found = std::find_if(kept_.rbegin(), kept_.rend(),
                                  [key](const Kept& each) { return equal(each.key, key); });
  if (found == kept_.rend()) return std::nullopt;
  return found->session;
}

Bytes SessionStore::fresh_key(Entropy& chance) const {
  constexpr std::size_t kSize = 32;
  Bytes key = chance.bytes(kSize);
  while (find(key)) key = chance.bytes(kSize);
  return key;
}

std::optional<Session> SessionStore::newest(TlsVersion of) const {
  const auto found = std::find_if(kept_.rbegin(), kept_.rend(),
                                  [of](const Kept& each) { return each.session.version == of; });
  if (found == kept_.rend()) return std::nullopt;
  return found->session;
}

}  // namespace assay::engine
