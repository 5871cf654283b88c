// The two walks over a message's fields. A message is a struct and one template beside it,
//   template <typename Wire> void fields(Wire& wire, Is<Finished> auto& m);
// which names its fields in the order of the RFC. Decoder is bounded and keeps the first field that
// did not fit; Encoder writes whatever it is given. Used by every message of this room.
#pragma once

#include "harness/base/bytes.h"
#include "harness/base/reader.h"

#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace assay {

/// A message, or the first field that did not fit.
template <typename Message>
struct Decoded {
  std::optional<Message> message;
  std::string_view failed_field;  // a literal

  explicit operator bool() const { return message.has_value(); }
  const Message* operator->() const { return &*message; }
  const Message& operator*() const { return *message; }
};

/// `T` is Message or const Message: one template serves both walks.
template <typename T, typename Message>
concept Is = std::same_as<std::remove_const_t<T>, Message>;

/// What a number on the wire is kept in: an unsigned integer, or an enumeration over one.
template <typename T>
concept WireNumber = std::unsigned_integral<T> || std::is_enum_v<T>;

class Decoder {
 public:
  explicit Decoder(View octets) : reader_(octets) {}

  /// As many octets as T has.
  template <WireNumber T>
  void number(std::string_view field, T& value) {
    std::uint64_t read = 0;
    for (const std::uint8_t octet : reader_.octets(sizeof(T), field)) read = read << 8 | octet;
    value = static_cast<T>(read);
  }
  void fixed(std::string_view field, std::size_t size, Bytes& value) {
    value = bytes_of(reader_.octets(size, field));
  }
  void vector(std::string_view field, std::size_t prefix, Bytes& value) {
    value = bytes_of(reader_.vector(prefix, field));
  }
  /// Numbers or structures behind a length of `prefix` octets.
  template <typename T>
  void list(std::string_view field, std::size_t prefix, std::vector<T>& values) {
    values.clear();
    Decoder inner(reader_.vector(prefix, field));
    while (inner.ok() && !inner.reader_.empty()) {
      T value{};
      if constexpr (WireNumber<T>) {
        inner.number(field, value);
      } else {
        fields(inner, value);
      }
      values.push_back(std::move(value));
    }
    blame(inner.failed_field());
  }
  /// A list that the message may end without (RFC 5246 §7.4.1.2).
  template <typename T>
  void optional_list(std::string_view field, std::size_t prefix, std::vector<T>& values,
                     bool& absent) {
    absent = reader_.ok() && reader_.empty();
    if (!absent) list(field, prefix, values);
  }
  /// Whatever is left.
  void rest(Bytes& value) { value = bytes_of(reader_.octets(reader_.rest().size(), "rest")); }
  /// A field whose value decides how to go on is read already, so it can be judged.
  void expect(bool fits, std::string_view field) {
    if (!fits) blame(field);
  }

  [[nodiscard]] bool ok() const { return reader_.ok(); }
  [[nodiscard]] std::string_view failed_field() const { return reader_.failed_field(); }
  /// RFC 8446 §6.2: octets left over make a message as wrong as missing ones.
  void end() {
    if (reader_.ok() && !reader_.empty()) blame("end");
  }

 private:
  void blame(std::string_view field) {
    if (!field.empty()) static_cast<void>(reader_.octets(npos, field));
  }

  Reader reader_;
};

class Encoder {
 public:
  template <WireNumber T>
  void number(std::string_view /*field*/, T value) {
    for (std::size_t i = sizeof(T); i > 0; --i) {
      put_u8(octets_,
             static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * (i - 1))));
    }
  }
  void fixed(std::string_view /*field*/, std::size_t /*size*/, const Bytes& value) {
    append(octets_, value);
  }
  void vector(std::string_view /*field*/, std::size_t prefix, const Bytes& value) {
    put_vector(octets_, prefix, value);
  }
  template <typename T>
  void list(std::string_view field, std::size_t prefix, const std::vector<T>& values) {
    Encoder inner;
    for (const T& value : values) {
      if constexpr (WireNumber<T>) {
        inner.number(field, value);
      } else {
        fields(inner, value);
      }
    }
    put_vector(octets_, prefix, inner.octets_);
  }
  template <typename T>
  void optional_list(std::string_view field, std::size_t prefix, const std::vector<T>& values,
                     bool absent) {
    if (!absent) list(field, prefix, values);
  }
  void rest(const Bytes& value) { append(octets_, value); }
  void expect(bool /*fits*/, std::string_view /*field*/) {}

  [[nodiscard]] Bytes take() { return std::move(octets_); }

 private:
  Bytes octets_;
};

/// The whole of `octets` as one Message.
template <typename Message>
[[nodiscard]] Decoded<Message> decode(View octets) {
  Decoder decoder(octets);
  Message message;
  fields(decoder, message);
  decoder.end();
  if (!decoder.ok()) return {std::nullopt, decoder.failed_field()};
  return {std::move(message), {}};
}

template <typename Message>
[[nodiscard]] Bytes encode(const Message& message) {
  Encoder encoder;
  fields(encoder, message);
  return encoder.take();
}

}  // namespace assay
