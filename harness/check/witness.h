// Witness: watches every connection that a run makes to one endpoint, and remembers the first sight
// of each flaw. It sends nothing and costs no handshake. Used by the Runner; rows say what a flaw
// is for them (Check::watches).
#pragma once

#include "harness/check/watch.h"
#include "harness/net/watcher.h"

#include <map>
#include <memory>
#include <string>

namespace assay {

/// On which connection a flaw showed, and how.
struct Sighting {
  std::string where;  // the case whose connection it was
  std::string what;
};

class Witness {
 public:
  Witness() = default;
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;
  ~Witness() = default;

  /// For one connection, made by the case `where`; the witness outlives it.
  [[nodiscard]] std::unique_ptr<Watcher> watcher(std::string where);
  /// At that version, TLS 1.2 or 1.3; null where it was never seen. Of several the one whose case's
  /// name is the first, so that equal runs name the same.
  [[nodiscard]] const Sighting* first(Flaw flaw, TlsVersion version) const;

 private:
  class Connection;
  void saw(Flaw flaw, TlsVersion version, Sighting sighting);
  void met_random(TlsVersion version, const Bytes& random, const std::string& where);

  std::map<std::pair<TlsVersion, Flaw>, Sighting> sightings_;
  std::map<Bytes, std::string> randoms_;  // and the case of each
};

}  // namespace assay
