// Fuzz target ldap_ber: the LDAP codec on a stream of messages. The first octet seeds the cuts, the
// rest is the stream. lber_comparison.h holds our BER against liblber's, where that is installed.
#include "fuzz/lber_comparison.h"
#include "fuzz/pieces.h"
#include "fuzz/target.h"
#include "harness/protocol/ber.h"
#include "harness/protocol/ldap.h"

#include <concepts>
#include <vector>

namespace assay::fuzz {
namespace {

/// A stream as front_message() takes it apart: whole messages, and what ended them.
struct Stream {
  std::vector<Bytes> messages;
  MessageFront::Kind end = MessageFront::Kind::incomplete;
  Bytes rest;
  bool operator==(const Stream&) const = default;
};

Stream take_apart(const std::vector<View>& parts, std::size_t limit) {
  Stream stream;
  Bytes input;
  std::size_t at = 0;
  for (const View part : parts) {
    append(input, part);
    for (;;) {
      const View rest = View(input).subspan(at);
      const MessageFront front = front_message(rest, limit);
      stream.end = front.kind;
      if (front.kind == MessageFront::Kind::incomplete) {
        require(rest.size() < limit, "what waits for its rest is shorter than a message may be");
        break;
      }
      // What came behind a fault in the same piece is no part of the result.
      if (front.kind != MessageFront::Kind::complete) return stream;
      require(front.size >= 2 && front.size <= rest.size() && front.size <= limit,
              "a whole message is there, and within the limit");
      stream.messages.push_back(bytes_of(rest.first(front.size)));
      at += front.size;
    }
  }
  stream.rest = bytes_of(View(input).subspan(at));
  return stream;
}

/// Values where they can be compared; the rest is in the octets that they are written as.
void require_same(const LdapOperation& a, const LdapOperation& b) {
  require(a.index() == b.index(), "an operation stays what it is");
  std::visit(
      [&](const auto& value) {
        using Operation = std::remove_cvref_t<decltype(value)>;
        if constexpr (std::equality_comparable<Operation>) {
          require(value == std::get<Operation>(b), "its fields survive a round trip");
        }
      },
      a);
}

void examine_message(View octets) {
  const LdapDecoded decoded = decode_ldap(octets);
  require(decoded.failed_field.empty() == static_cast<bool>(decoded),
          "there is a message, or a field that failed");
  if (!decoded) return;
  require(!decoded.too_complex, "what is too complex is not taken");
  const LdapOp op = op_of(*decoded);
  require(op == decoded.op && decoded->id == decoded.id && decoded.id >= 0, "told alike twice");
  require(is_request(op) != is_response(op), "an operation has one direction");
  compare_envelope(octets, decoded.id, op);

  const Bytes written = encode_ldap(*decoded);
  // Lengths are written in the fewest octets, defaults are absent, what is unknown is kept or left
  // out: so nothing that is read takes more memory than a multiple of what it came as.
  require(written.size() <= octets.size(), "what is read is written no longer than it came");
  const MessageFront front = front_message(written, written.size());
  require(front.kind == MessageFront::Kind::complete && front.size == written.size(),
          "what is written is one message");
  const LdapDecoded again = decode_ldap(written);
  require(static_cast<bool>(again), "what is written can be read");
  require(again->id == decoded->id && again->controls == decoded->controls &&
              again->op_trailing == decoded->op_trailing && again->trailing == decoded->trailing,
          "id, controls and unknown components survive a round trip");
  require_same(decoded->op, again->op);
  require(encode_ldap(*again) == written, "and it is written as before");
  if (const auto* search = std::get_if<LdapSearchRequest>(&decoded->op)) {
    require(search->filter.terms.size() <= kLdapFilterTerms, "filters are bounded");
    require(search->filter == std::get<LdapSearchRequest>(again->op).filter,
            "a filter survives a round trip");
  }
}

void examine(std::uint8_t seed, View octets) {
  constexpr std::size_t kNarrow = 64;
  constexpr std::size_t kWide = 1024UL * 1024;
  const auto parts = pieces(octets, seed);
  for (const std::size_t limit : {kNarrow, kWide}) {
    const Stream whole = take_apart({octets}, limit);
    require(take_apart(parts, limit) == whole, "messages do not depend on the cuts");
    if (limit != kWide) continue;
    for (const Bytes& message : whole.messages) examine_message(message);
    // Also what front_message() would not have cut off.
    const bool seen = !whole.messages.empty() && whole.messages.front().size() == octets.size();
    if (!seen) examine_message(octets);
  }
  compare_front(octets);
  compare_elements(octets);
}

}  // namespace
}  // namespace assay::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return -1;
  assay::fuzz::examine(data[0], {data + 1, size - 1});
  return 0;
}
