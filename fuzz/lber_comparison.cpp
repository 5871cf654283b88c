#include "fuzz/lber_comparison.h"

#include "fuzz/target.h"
#include "harness/protocol/ber.h"

#include <algorithm>
#include <lber.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace assay::fuzz {
namespace {

constexpr std::uint8_t kConstructed = 0x20;  // X.690 §8.1.2.5

bool is_number(std::uint8_t tag) { return tag == ber::kInteger || tag == ber::kEnumerated; }

/// One element as one of the two read it.
struct Reading {
  bool taken = false;
  View content{};
  std::int32_t value = 0;  // of a number; of a boolean, 1 for true
};

bool same(const Reading& a, const Reading& b) {
  if (!a.taken || !b.taken) return a.taken == b.taken;
  return a.content.data() == b.content.data() && a.content.size() == b.content.size() &&
         a.value == b.value;
}

struct BerFree {
  void operator()(BerElement* element) const { ber_free(element, 0); }
};
struct BerFreeWithBuffer {
  void operator()(BerElement* element) const { ber_free(element, 1); }
};

/// liblber's reader of `octets`, behind which a NUL must stand: it looks one octet further.
BerElement* lber_reader(View octets) {
  // Made once: an input may have a thousand elements.
  static const std::unique_ptr<BerElement, BerFree> kOnce(ber_alloc_t(0));
  // liblber changes nothing of what it reads in place.
  struct berval given = {octets.size(),
                         const_cast<char*>(text_of(octets).data())};  // NOLINT(*-const-cast)
  ber_init2(kOnce.get(), &given, 0);
  return kOnce.get();
}

Reading read_by_lber(View rest) {
  struct berval content = {};
  const ber_tag_t tag = ber_skip_element(lber_reader(rest), &content);
  if (tag == LBER_DEFAULT) return {};
  const auto offset = static_cast<std::size_t>(content.bv_val - text_of(rest).data());
  Reading reading{.taken = true, .content = rest.subspan(offset, content.bv_len)};
  if (is_number(rest[0])) {
    reading.taken = ber_get_int(lber_reader(rest), &reading.value) != LBER_DEFAULT;
  } else if (rest[0] == ber::kBoolean) {
    reading.taken = ber_get_boolean(lber_reader(rest), &reading.value) != LBER_DEFAULT;
    reading.value = reading.value != 0 ? 1 : 0;
  }
  return reading;
}

Reading read_by_us(View rest) {
  const std::uint8_t tag = rest[0];
  BerReader whole(rest);
  Reading reading{.content = whole.octets(tag, "element")};
  BerReader typed(rest);
  if (is_number(tag)) {
    reading.value = typed.integer(tag, "number");
  } else if (tag == ber::kBoolean) {
    reading.value = typed.boolean(tag, "boolean") ? 1 : 0;
  }
  reading.taken = whole.ok() && typed.ok();
  return reading;
}

/// An element that liblber takes and we refuse, on purpose; `lber` is how it reads it.
struct Difference {
  std::string_view what;
  std::string_view clause;
  bool (*applies)(View rest, const Reading& lber);
};

bool is_padded(View content) {
  return content.size() > 1 &&
         ((content[0] == 0x00 && content[1] < 0x80) || (content[0] == 0xff && content[1] >= 0x80));
}

// The other way there is none: what we take, liblber takes too.
constexpr Difference kStricter[] = {
    {"an identifier of several octets", "RFC 4511 appendix B: no tag there is beyond 30",
     [](View rest, const Reading&) { return (rest[0] & 0x1fU) == 0x1f; }},
    {"a length in five to eight octets", "X.690 §8.1.3.5: allowed, but what we take is shorter",
     [](View rest, const Reading&) {
       return rest.size() > 1 && rest[1] >= 0x85 && rest[1] <= 0x88;
     }},
    {"a number of no octets", "X.690 §8.3.1: one or more",
     [](View rest, const Reading& lber) { return is_number(rest[0]) && lber.content.empty(); }},
    {"a number in more octets than it needs", "X.690 §8.3.2: the first nine bits differ",
     [](View rest, const Reading& lber) { return is_number(rest[0]) && is_padded(lber.content); }},
    {"a boolean of no octet, or of several", "X.690 §8.2.1: a single octet",
     [](View rest, const Reading& lber) {
       return rest[0] == ber::kBoolean && lber.content.size() != 1;
     }},
    {"a boolean that is neither 0x00 nor 0xff", "RFC 4511 §5.1: TRUE is 0xff",
     [](View rest, const Reading& lber) {
       return rest[0] == ber::kBoolean && lber.content.size() == 1 && lber.content[0] != 0x00 &&
              lber.content[0] != 0xff;
     }},
};

bool is_known(View rest, const Reading& ours, const Reading& lber) {
  return !ours.taken && lber.taken &&
         std::ranges::any_of(kStricter, [&](const Difference& difference) {
           return difference.applies(rest, lber);
         });
}

/// Both writers, given the same.
class Writers {
 public:
  Writers() : lber_(ber_alloc_t(LBER_USE_DER)) {}

  void open(std::uint8_t tag) {
    ours_.open(tag);
    ber_start_seq(lber_.get(), tag);
  }
  void close() {
    ours_.close();
    ber_put_seq(lber_.get());
  }
  void primitive(std::uint8_t tag, const Reading& read) {
    if (is_number(tag)) {
      ours_.integer(tag, read.value);
      ber_put_int(lber_.get(), read.value, tag);
    } else if (tag == ber::kBoolean) {
      ours_.boolean(tag, read.value != 0);
      ber_put_boolean(lber_.get(), read.value, tag);
    } else {
      ours_.octets(tag, read.content);
      ber_put_ostring(lber_.get(), text_of(read.content).data(), read.content.size(), tag);
    }
  }
  void examine() {
    struct berval written = {};
    if (ber_flatten2(lber_.get(), &written, 0) != 0) return;
    require(text_of(ours_.take()) == std::string_view(written.bv_val, written.bv_len),
            "liblber writes the same");
  }

 private:
  BerWriter ours_;
  std::unique_ptr<BerElement, BerFreeWithBuffer> lber_;
};

}  // namespace

void compare_elements(View octets) {
  const std::string with_nul(text_of(octets));
  Writers writers;
  std::vector<View> open = {view_of(with_nul)};  // what is left of the elements under way
  while (!open.empty()) {
    const View rest = open.back();
    if (rest.empty()) {
      open.pop_back();
      if (!open.empty()) writers.close();
      continue;
    }
    const Reading ours = read_by_us(rest);
    const Reading lber = read_by_lber(rest);
    if (!same(ours, lber)) {
      return require(is_known(rest, ours, lber), "liblber reads the same, but for what is known");
    }
    if (!ours.taken) return;
    const auto end = static_cast<std::size_t>(ours.content.data() - rest.data());
    open.back() = rest.subspan(end + ours.content.size());
    if ((rest[0] & kConstructed) == 0) {
      writers.primitive(rest[0], ours);
    } else if (open.size() > kBerDepthLimit) {
      return;
    } else {
      writers.open(rest[0]);
      open.push_back(ours.content);
    }
  }
  if (!octets.empty()) writers.examine();
}

void compare_envelope(View octets, std::int32_t id, LdapOp op) {
  const std::string with_nul(text_of(octets));
  ber_int_t number = -1;
  ber_tag_t tag = LBER_DEFAULT;
  const ber_tag_t scanned = ber_scanf(lber_reader(view_of(with_nul)), "{it", &number, &tag);
  require(scanned != LBER_ERROR && number == id && tag == static_cast<std::uint8_t>(op),
          "liblber finds the same message id and operation");
}

}  // namespace assay::fuzz
