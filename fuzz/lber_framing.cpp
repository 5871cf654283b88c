// Where a message ends, for us and for liblber.
#include "fuzz/lber_comparison.h"
#include "fuzz/target.h"

#include <algorithm>
#include <cerrno>
#include <lber.h>
#include <memory>
#include <string_view>

namespace assay::fuzz {
namespace {

using Kind = MessageFront::Kind;

constexpr ber_len_t kLongest = 64UL * 1024;  // liblber allocates what is announced

struct SockbufFree {
  void operator()(Sockbuf* socket) const { ber_sockbuf_free(socket); }
};
struct BerFree {
  void operator()(BerElement* element) const { ber_free(element, 1); }
};

int begin(Sockbuf_IO_Desc* descriptor, void* octets) {
  descriptor->sbiod_pvt = octets;
  return 0;
}
int end(Sockbuf_IO_Desc* /*descriptor*/) { return 0; }
int control(Sockbuf_IO_Desc* /*descriptor*/, int /*option*/, void* /*argument*/) { return 0; }

/// A socket that has `octets`, and no more for the time being.
ber_slen_t read(Sockbuf_IO_Desc* descriptor, void* to, ber_len_t size) {
  View& octets = *static_cast<View*>(descriptor->sbiod_pvt);
  if (octets.empty()) {
    errno = EWOULDBLOCK;
    return -1;
  }
  const std::size_t count = std::min<std::size_t>(size, octets.size());
  std::ranges::copy(octets.first(count), static_cast<std::uint8_t*>(to));
  octets = octets.subspan(count);
  return static_cast<ber_slen_t>(count);
}

Kind front_by_lber(View octets) {
  static Sockbuf_IO io = {begin, end, control, read, nullptr, end};  // liblber wants it writable
  const std::unique_ptr<Sockbuf, SockbufFree> socket(ber_sockbuf_alloc());
  ber_len_t longest = kLongest;
  ber_sockbuf_ctrl(socket.get(), LBER_SB_OPT_SET_MAX_INCOMING, &longest);
  ber_sockbuf_add_io(socket.get(), &io, LBER_SBIOD_LEVEL_PROVIDER, &octets);
  const std::unique_ptr<BerElement, BerFree> element(ber_alloc_t(0));
  ber_len_t length = 0;
  errno = 0;
  if (ber_get_next(socket.get(), &length, element.get()) != LBER_DEFAULT) return Kind::complete;
  return errno == EWOULDBLOCK ? Kind::incomplete : Kind::malformed;
}

/// A front that the two judge differently, on purpose.
struct Difference {
  std::string_view what;
  std::string_view clause;
  Kind ours;
  bool (*applies)(View octets);
};

constexpr Difference kKnown[] = {
    {"a first octet that begins no SEQUENCE", "RFC 4511 §4.1.1: LDAPMessage is a SEQUENCE",
     Kind::malformed, [](View octets) { return octets[0] != 0x30; }},
    // We find the missing messageID when the message is read, and liblber before.
    {"a message of no octets", "RFC 4511 §4.1.1: messageID and protocolOp are not optional",
     Kind::complete,
     [](View octets) {
       const bool is_long = octets[1] > 0x80;
       return std::ranges::all_of(octets.subspan(is_long ? 2 : 1),
                                  [](std::uint8_t octet) { return octet == 0; });
     }},
};

}  // namespace

void compare_front(View octets) {
  const MessageFront ours = front_message(octets, kLongest);
  // Our limit counts identifier and length too, so near it the two may part.
  if (ours.kind == Kind::too_long || octets.empty()) return;
  // liblber reads ahead by what a message has at least: it gets this one alone.
  const View given = ours.kind == Kind::complete ? octets.first(ours.size) : octets;
  const bool known = std::ranges::any_of(kKnown, [&](const Difference& difference) {
    return difference.ours == ours.kind && difference.applies(given);
  });
  require(front_by_lber(given) == ours.kind || known,
          "liblber cuts off the same, but for what is known");
}

}  // namespace assay::fuzz
