#include "harness/protocol/apop.h"

#include "harness/base/hex.h"
#include "harness/base/secret.h"
#include "harness/crypto/md5.h"

#include <algorithm>

namespace assay {

std::string apop_digest(std::string_view timestamp, std::string_view secret) {
  std::string shared;
  shared.reserve(timestamp.size() + secret.size());  // no copy of the secret is left behind
  shared.append(timestamp).append(secret);
  std::string digest = to_hex(md5(view_of(shared)));
  wipe(shared);
  return digest;
}

std::string_view apop_timestamp(std::string_view greeting) {
  // RFC 1939 §7: it has the form of a msg-id of RFC 822. RFC 2449 §3: visible characters alone.
  for (std::size_t open = greeting.find('<'); open != std::string_view::npos;
       open = greeting.find('<', open + 1)) {
    const std::size_t close = greeting.find_first_of("<>", open + 1);
    if (close == std::string_view::npos) break;
    const std::string_view found = greeting.substr(open, close + 1 - open);
    if (found.back() == '>' && found.find('@') != std::string_view::npos &&
        std::ranges::all_of(found, [](char c) { return c > ' ' && c <= '~'; })) {
      return found;
    }
  }
  return {};
}

}  // namespace assay
