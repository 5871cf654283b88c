#include "fuzz/edits.h"

#include <algorithm>
#include <utility>

namespace assay::fuzz {
namespace {

constexpr std::size_t kMessageHeader = 4;

std::size_t place(const Edit& edit, std::size_t size) {
  if (edit.at < 0x80) return std::min<std::size_t>(edit.at, size);
  return size - std::min<std::size_t>(0x100U - edit.at, size);
}

std::uint8_t first_octet(const Edit& edit) { return edit.octets.empty() ? 0 : edit.octets[0]; }

Bytes other_octets(const Edit& edit) {
  return edit.octets.empty() ? Bytes() : Bytes(edit.octets.begin() + 1, edit.octets.end());
}

/// Flip, cut, extend and put, as they go for any octets.
void change(Bytes& octets, const Edit& edit) {
  const std::size_t at = place(edit, octets.size());
  switch (static_cast<Operation>(edit.operation)) {
    case Operation::flip:
      for (std::size_t i = 0; i < edit.octets.size() && at + i < octets.size(); ++i) {
        octets[at + i] ^= edit.octets[i];
      }
      return;
    case Operation::cut:
      octets.resize(at);
      return;
    case Operation::extend:
      return append(octets, edit.octets);
    case Operation::put:
      octets.insert(octets.begin() + static_cast<std::ptrdiff_t>(at), edit.octets.begin(),
                    edit.octets.end());
      return;
    default:
      return;
  }
}

/// Drop, twice, swap and insert, as they go for any row.
template <typename T, typename Make>
bool change_row(std::vector<T>& row, std::size_t index, const Edit& edit, const Make& make) {
  const auto at = row.begin() + static_cast<std::ptrdiff_t>(index);
  switch (static_cast<Operation>(edit.operation)) {
    case Operation::drop:
      row.erase(at);
      return true;
    case Operation::twice: {
      T copy = *at;
      row.insert(at, std::move(copy));
      return true;
    }
    case Operation::swap:
      if (index + 1 < row.size()) std::iter_swap(at, at + 1);
      return true;
    case Operation::insert:
      row.insert(at, make());
      return true;
    default:
      return false;
  }
}

void change_message(Bytes& message, const Edit& edit) {
  switch (static_cast<Operation>(edit.operation)) {
    case Operation::drop:
      message.clear();
      return;
    case Operation::twice: {
      const Bytes copy = message;
      return append(message, copy);
    }
    case Operation::swap:
      if (!message.empty()) message[0] = first_octet(edit);
      return;
    case Operation::insert:
      message.insert(message.begin(), edit.octets.begin(), edit.octets.end());
      return;
    case Operation::flip:
      return change(message, edit);
    default: {
      if (message.size() < kMessageHeader) return;
      Bytes body(message.begin() + kMessageHeader, message.end());
      change(body, edit);
      message = compose_handshake(static_cast<HandshakeType>(message[0]), body);
    }
  }
}

void change_step(engine::Flight& flight, std::size_t index, const Edit& edit) {
  const auto record = [&] {
    return engine::say_record(static_cast<ContentType>(first_octet(edit)), other_octets(edit));
  };
  const auto message = [&] {
    return engine::say(static_cast<HandshakeType>(first_octet(edit)),
                       [body = other_octets(edit)] { return body; });
  };
  if (change_row(flight, index, edit, message)) return;
  switch (static_cast<Operation>(edit.operation)) {
    case Operation::flip:
      flight[index].type = static_cast<HandshakeType>(first_octet(edit));
      return;
    case Operation::cut:
      flight.resize(index);
      return;
    case Operation::extend:
      flight.push_back(record());
      return;
    default:
      flight.insert(flight.begin() + static_cast<std::ptrdiff_t>(index), record());
  }
}

void change_record(std::vector<engine::PlainRecord>& records, std::size_t index, const Edit& edit) {
  const auto made = [&] {
    return engine::PlainRecord{.type = static_cast<ContentType>(first_octet(edit)),
                               .content = other_octets(edit),
                               .padding = edit.at};
  };
  if (change_row(records, index, edit, made)) return;
  engine::PlainRecord& record = records[index];
  if (static_cast<Operation>(edit.operation) != Operation::put) {
    return change(record.content, edit);
  }
  if (edit.octets.empty()) {
    record.unprotected = true;
  } else if (edit.octets.size() == 1) {
    record.type = static_cast<ContentType>(edit.octets[0]);
  } else {
    record.sequence = edit.octets[1];
  }
}

}  // namespace

std::vector<Edit> read_edits(View input) {
  std::vector<Edit> edits;
  while (input.size() >= 3 && edits.size() < kMostEdits) {
    const unsigned what = input[0] >> 2U;
    std::size_t count = input[0] & 3U;
    Edit edit;
    edit.layer = static_cast<Layer>(what / 8 % kLayers);
    edit.operation = static_cast<std::uint8_t>(what % 8);
    edit.nth = input[1];
    edit.at = input[2];
    input = input.subspan(3);
    if (count == 3) {
      if (input.empty()) break;
      count = input[0];
      input = input.subspan(1);
    }
    edit.octets = bytes_of(input.first(std::min(count, input.size())));
    input = input.subspan(edit.octets.size());
    edits.push_back(std::move(edit));
  }
  return edits;
}

template <typename Apply>
void Editor::each(Layer layer, std::size_t count, const Apply& apply) {
  std::size_t& seen = seen_[static_cast<std::size_t>(layer)];
  for (const Edit& edit : edits_) {
    if (edit.layer == layer && edit.nth >= seen && edit.nth - seen < count) {
      apply(edit, edit.nth - seen);
    }
  }
  seen += count;
}

engine::Emission Editor::emission() {
  engine::Emission emission;
  emission.flight = [this](engine::Flight& flight, const engine::Exchange& /*exchange*/) {
    each(Layer::flight, flight.size(), [&](const Edit& edit, std::size_t index) {
      if (index < flight.size()) change_step(flight, index, edit);
    });
  };
  emission.message = [this](Bytes& message, const engine::Exchange& /*exchange*/) {
    each(Layer::message, 1,
         [&](const Edit& edit, std::size_t /*index*/) { change_message(message, edit); });
  };
  emission.records = [this](std::vector<engine::PlainRecord>& records,
                            const engine::Exchange& /*exchange*/) {
    each(Layer::records, records.size(), [&](const Edit& edit, std::size_t index) {
      if (index < records.size()) change_record(records, index, edit);
    });
  };
  emission.sealed = [this](std::vector<Bytes>& records, const engine::Exchange& /*exchange*/) {
    each(Layer::sealed, records.size(), [&](const Edit& edit, std::size_t index) {
      if (index >= records.size()) return;
      if (!change_row(records, index, edit, [&] { return edit.octets; })) {
        change(records[index], edit);
      }
    });
  };
  return emission;
}

}  // namespace assay::fuzz
