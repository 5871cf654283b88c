// Link: one octet stream to a peer. A write is one call and, where the network lets it, one
// segment; what the peer does is data. TcpLink and MemoryLink implement it; Meddler stands in
// between.
#pragma once

#include "harness/base/bytes.h"
#include "harness/net/budget.h"
#include "harness/net/task.h"

#include <memory>
#include <string>

namespace assay {

struct ReadResult {
  enum class Kind { bytes, end, reset, timed_out };
  Kind kind = Kind::timed_out;
  Bytes bytes;  // not empty when kind is bytes
};

class Link {
 public:
  virtual ~Link() = default;

  /// Waits for octets, the end, a reset or the deadline. One reader at a time.
  virtual Task<ReadResult> read(Deadline deadline) = 0;
  /// What is there already, without waiting; nothing when nothing is.
  virtual std::optional<ReadResult> read_now() = 0;
  /// Sends now what the socket takes and queues the rest; the queue is drained while anybody reads
  /// or waits. Octets after finish() or a reset are dropped.
  virtual void write(Bytes octets) = 0;
  /// Waits until at most `left` octets are queued. False on a reset or at the deadline.
  virtual Task<bool> drain(std::size_t left, Deadline deadline) = 0;
  /// FIN behind what is queued.
  virtual void finish() = 0;
  /// RST, now.
  virtual void abort() = 0;
  /// "127.0.0.1:2525", for reports and for limits an address.
  [[nodiscard]] virtual std::string peer() const = 0;
};

}  // namespace assay
