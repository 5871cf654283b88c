// Subject: the peer under test as its tester describes it: endpoints of one host, an account, trust
// anchors, the sink where its mail can be read back. Facts: what was found out about an endpoint
// before the checks.
#pragma once

#include "harness/base/secret.h"
#include "harness/channel/event.h"
#include "harness/check/requirement.h"
#include "harness/net/budget.h"
#include "harness/net/loop.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace assay {

/// Where mail that the subject accepted can be read back, octet for octet as it arrived.
class Sink {
 public:
  virtual ~Sink() = default;
  /// Every mail that contains `nonce`, as soon as one that contains `control` is there (a later
  /// mail that must arrive), or nothing when the control did not arrive in time.
  Task<std::optional<std::vector<Bytes>>> find(Loop& loop, std::string nonce, std::string control,
                                               Deadline deadline);

 protected:
  /// All that arrived so far; valid until the next call.
  virtual std::vector<View> arrived() = 0;
};

struct Account {
  std::string user;
  Secret password;
  std::string bind_dn;              // the name that the user binds by in a directory
  std::string sink;                 // a recipient that the subject accepts
  std::shared_ptr<Sink> sink_read;  // shared by every case of a run
  std::string group;                // a newsgroup that the user may post to
  std::optional<ServerRole> role;   // else the scheme decides
  bool auth_tls_only = false;
  bool tls_required = false;
  bool no_tls_config = false;
  Milliseconds handshake_budget{300'000};  // the subject's own limit on a stalled handshake
  std::vector<std::string> names;          // further names that the subject has certificates for
};

struct Endpoint {
  std::string url;  // as given, without secrets
  Protocol protocol = Protocol::smtp;
  Access access = Access::upgrade;  // upgrade or implicit
  Address address;
  std::string sni;
  std::string reference_name;  // the identity to be proved; empty for an address literal
  ServerRole role = ServerRole::submission;

  /// "smtp.upgrade"
  [[nodiscard]] std::string label() const;
};

struct ClientBench;

struct Subject {
  std::string name;  // host, for reports; a client's: its program
  std::vector<Endpoint> endpoints;
  Account account;
  std::vector<Bytes> anchors;  // DER; what --ca named
  /// Set where the subject is a client: the endpoints then say what it speaks, and have no address.
  std::shared_ptr<const ClientBench> client;  // shared by the copies of a subject in reports
};

struct Facts {
  bool reachable = false;
  bool greeted = false;  // the service answered before TLS, where it does
  bool tls = false;      // a handshake succeeded
  bool served = false;   // and the service answered inside it
  std::string trouble;   // why not, in one line
  std::string banner;
  std::vector<std::string> capabilities;  // as listed in the clear (upgrade) or at first (implicit)
  std::vector<std::string> capabilities_secured;
  std::map<TlsVersion, Agreement> agreements;  // the versions that work, and what they agree on
  Milliseconds reaction{0};                    // the slowest answer so far
  bool serial = false;                         // takes one connection at a time

  [[nodiscard]] bool lists(std::string_view keyword) const;
  [[nodiscard]] const Agreement* best() const;
};

}  // namespace assay
