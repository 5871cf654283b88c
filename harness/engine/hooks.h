// Emission and Reception: where an end can be made wrong, or be watched, at every layer. Honest
// ends have empty ones. `flight`, `hello` and `message` act before the transcript takes a message,
// so a Finished agrees with what was sent; `records` and `sealed` act behind it. They run for
// alerts too. Used by checks and by fault tables.
#pragma once

#include "harness/crypto/protection.h"
#include "harness/engine/exchange.h"
#include "harness/engine/flight.h"
#include "harness/wire/hello.h"

#include <functional>

namespace assay::engine {

struct Emission {
  /// Steps can be taken out, put in, doubled and moved.
  std::function<void(Flight&, const Exchange&)> flight;
  /// A ClientHello before its binders are made (RFC 8446 §4.2.11.2).
  std::function<void(ClientHello&, const Exchange&)> hello;
  /// TLS 1.2: what a client's ClientKeyExchange has in it, and the premaster secret that this end
  /// goes on with.
  std::function<void(Bytes& body, Bytes& premaster, const Exchange&)> key_exchange;
  /// One message with its header; empty, or less than a header: it is not said at all.
  std::function<void(Bytes&, const Exchange&)> message;
  /// Records that go out together under one key, before they are protected.
  std::function<void(std::vector<PlainRecord>&, const Exchange&)> records;
  /// The same as they go to the wire.
  std::function<void(std::vector<Bytes>&, const Exchange&)> sealed;
};

struct Reception {
  /// What one read brought, however it falls into records.
  std::function<void(Bytes&, const Exchange&)> segment;
  /// One whole record from the wire; it may become none or several.
  std::function<void(std::vector<Bytes>&, const Exchange&)> sealed;
  /// What was in it.
  std::function<void(Opened&, const Exchange&)> record;
  /// One message with its header, before the transcript takes it; empty: it is passed over.
  std::function<void(Bytes&, const Exchange&)> message;
  /// What a server makes of a ClientHello; the transcript keeps what came.
  std::function<void(ClientHello&, const Exchange&)> hello;
};

}  // namespace assay::engine
