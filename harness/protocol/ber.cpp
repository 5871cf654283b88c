#include "harness/protocol/ber.h"

#include <utility>

namespace assay {
namespace {

constexpr std::uint8_t kLongForm = 0x80;
constexpr std::uint8_t kHighTag = 0x1f;
constexpr std::size_t kLengthOctets = 4;  // more announce no message that is taken here

/// An identifier and a length in octets, as they stand at the front of some octets.
struct Head {
  enum class Kind { incomplete, complete, malformed };
  Kind kind = Kind::incomplete;
  std::uint8_t tag = 0;
  std::size_t size = 0;     // of identifier and length
  std::size_t content = 0;  // that is announced
};

Head read_head(View octets) {
  if (octets.empty()) return {};
  const std::uint8_t tag = octets[0];
  // RFC 4511 has no tag beyond 30, so identifiers are one octet.
  if ((tag & kHighTag) == kHighTag) return {.kind = Head::Kind::malformed};
  if (octets.size() < 2) return {};
  const std::uint8_t first = octets[1];
  if (first < kLongForm) {
    return {.kind = Head::Kind::complete, .tag = tag, .size = 2, .content = first};
  }
  // Long forms that a shorter one would do for are BER too (X.690 §8.1.3.5); Active Directory
  // writes them. RFC 4511 §5.1: the indefinite form is not.
  const std::size_t count = first & 0x7fU;
  if (count == 0 || count > kLengthOctets) return {.kind = Head::Kind::malformed};
  if (octets.size() < 2 + count) return {};
  std::size_t content = 0;
  for (const std::uint8_t octet : octets.subspan(2, count)) content = content << 8 | octet;
  return {.kind = Head::Kind::complete, .tag = tag, .size = 2 + count, .content = content};
}

void put_length(Bytes& to, std::size_t at, std::size_t size) {
  Bytes length;
  if (size < kLongForm) {
    length.push_back(static_cast<std::uint8_t>(size));
  } else {
    for (std::size_t left = size; left > 0; left >>= 8) {
      length.insert(length.begin(), static_cast<std::uint8_t>(left));
    }
    length.insert(length.begin(), static_cast<std::uint8_t>(kLongForm | length.size()));
  }
  to.insert(to.begin() + static_cast<std::ptrdiff_t>(at), length.begin(), length.end());
}

}  // namespace

void BerReader::fail(std::string_view field) {
  if (ok()) failed_field_ = field;
}

std::optional<std::uint8_t> BerReader::peek() const {
  if (!ok() || at_ == end_) return std::nullopt;
  return octets_[at_];
}

std::optional<BerReader::Header> BerReader::header(std::string_view field) {
  if (!ok()) return std::nullopt;
  const Head head = read_head(octets_.subspan(at_, end_ - at_));
  const bool whole = head.kind == Head::Kind::complete && head.content <= end_ - at_ - head.size;
  if (!whole) {
    fail(field);
    return std::nullopt;
  }
  const std::size_t content = at_ + head.size;
  return Header{head.tag, content, content + head.content};
}

void BerReader::open(std::uint8_t tag, std::string_view field) {
  const auto next = header(field);
  if (!next) return;
  if (next->tag != tag) return fail(field);
  if (outer_.size() == depth_limit_) {
    too_deep_ = true;
    return fail(field);
  }
  outer_.push_back(end_);
  end_ = next->end;
  at_ = next->content;
}

void BerReader::close(std::string_view field) {
  if (!ok()) return;
  if (at_ != end_) return fail(field);
  end_ = outer_.back();
  outer_.pop_back();
}

View BerReader::octets(std::uint8_t tag, std::string_view field) {
  const auto next = header(field);
  if (!next) return {};
  // RFC 4511 §5.1: octet strings are primitive; the constructed form differs in its identifier.
  if (next->tag != tag) {
    fail(field);
    return {};
  }
  at_ = next->end;
  return octets_.subspan(next->content, next->end - next->content);
}

std::int32_t BerReader::integer(std::uint8_t tag, std::string_view field) {
  const View content = octets(tag, field);
  if (!ok()) return 0;
  if (content.empty() || content.size() > 4) {
    fail(field);
    return 0;
  }
  // X.690 §8.3.2: the first nine bits are neither all zero nor all one.
  const bool padded = content.size() > 1 && ((content[0] == 0x00 && content[1] < 0x80) ||
                                             (content[0] == 0xff && content[1] >= 0x80));
  if (padded) {
    fail(field);
    return 0;
  }
  std::uint32_t value = content[0] >= 0x80 ? UINT32_MAX : 0;
  for (const std::uint8_t octet : content) value = value << 8 | octet;
  return static_cast<std::int32_t>(value);
}

bool BerReader::boolean(std::uint8_t tag, std::string_view field) {
  const View content = octets(tag, field);
  // RFC 4511 §5.1: TRUE is 0xff.
  if (content.size() != 1 || (content[0] != 0x00 && content[0] != 0xff)) {
    fail(field);
    return false;
  }
  return content[0] == 0xff;
}

View BerReader::element(std::string_view field) {
  const auto next = header(field);
  if (!next) return {};
  const std::size_t begin = std::exchange(at_, next->end);
  return octets_.subspan(begin, next->end - begin);
}

View BerReader::elements(std::string_view field) {
  const std::size_t begin = at_;
  while (peek()) element(field);
  return ok() ? octets_.subspan(begin, at_ - begin) : View{};
}

void BerWriter::open(std::uint8_t tag) {
  written_.push_back(tag);
  open_.push_back(written_.size());
}

void BerWriter::close() {
  const std::size_t content = open_.back();
  open_.pop_back();
  put_length(written_, content, written_.size() - content);
}

void BerWriter::octets(std::uint8_t tag, View content) {
  open(tag);
  append(written_, content);
  close();
}

void BerWriter::integer(std::uint8_t tag, std::int32_t value) {
  const auto bits = static_cast<std::uint32_t>(value);
  Bytes content;
  for (int shift = 24; shift >= 0; shift -= 8) {
    content.push_back(static_cast<std::uint8_t>(bits >> shift));
  }
  while (content.size() > 1 && ((content[0] == 0x00 && content[1] < 0x80) ||
                                (content[0] == 0xff && content[1] >= 0x80))) {
    drop_front(content, 1);
  }
  octets(tag, content);
}

void BerWriter::boolean(std::uint8_t tag, bool value) {
  const std::uint8_t content = value ? 0xff : 0x00;
  octets(tag, View(&content, 1));
}

MessageFront front_message(View input, std::size_t limit) {
  using Kind = MessageFront::Kind;
  if (input.empty()) return {};
  // RFC 4511 §4.1.1: LDAPMessage is a SEQUENCE; a first octet that differs is none.
  if (input[0] != ber::kSequence) return {.kind = Kind::malformed};
  const Head head = read_head(input);
  if (head.kind == Head::Kind::malformed) return {.kind = Kind::malformed};
  if (head.kind == Head::Kind::incomplete) return {};
  const std::size_t size = head.size + head.content;
  if (size > limit) return {.kind = Kind::too_long};
  if (input.size() < size) return {};
  return {.kind = Kind::complete, .size = size};
}

}  // namespace assay
