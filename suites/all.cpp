// Every table, once.
#include "suites/faults/faults.h"
#include "suites/suites.h"

#include <algorithm>

namespace assay::suites {

const std::vector<const Check*>& all_checks() {
  static const std::vector<const Check*> kAll = [] {
    std::vector<const Check*> all;
    for (const auto table : {upgrade(),
                             upgrade_ldap(),
                             upgrade_failure(),
                             implicit(),
                             alpn(),
                             resource(),
                             version(),
                             keyshare(),
                             injection(),
                             injection_ldap(),
                             ber(),
                             state_reset(),
                             closure(),
                             closure_pop3(),
                             smuggling(),
                             line(),
                             aead(),
                             sequence(),
                             close(),
                             plaintext_auth(),
                             weak(),
                             present(),
                             present_staple(),
                             sni(),
                             binding(),
                             external(),
                             client_chain(),
                             client_constraints(),
                             client_name(),
                             client_strength(),
                             client_wildcard(),
                             client_identity(),
                             client_reference(),
                             client_staple(),
                             client_failure(),
                             client_out(),
                             client_response_injection(),
                             client_state(),
                             client_tamper(),
                             client_truncation(),
                             client_strip(),
                             finished(),
                             order(),
                             ccs(),
                             record(),
                             record_limits(),
                             record_output(),
                             aead_forged(),
                             alert(),
                             clientauth(),
                             heartbeat(),
                             hello(),
                             hello_form(),
                             hrr(),
                             cipher(),
                             group(),
                             sigalg(),
                             version_fallback(),
                             reserved_values(),
                             pq(),
                             server_name(),
                             psk(),
                             ticket(),
                             limit(),
                             ems(),
                             reneg(),
                             keyupdate(),
                             ecdh(),
                             dh(),
                             random(),
                             rsa()}) {
      for (const Check& check : table) all.push_back(&check);
    }
    std::ranges::sort(all, {}, &Check::id);
    return all;
  }();
  return kAll;
}

const std::vector<const NamedFault*>& all_faults() {
  static const std::vector<const NamedFault*> kAll = [] {
    std::vector<const NamedFault*> all;
    for (const auto table : {faults::upgrade(),         faults::upgrade_failure(),
                             faults::directory(),       faults::wording(),
                             faults::authentication(),  faults::content(),
                             faults::ending(),          faults::tls(),
                             faults::engine(),          faults::retrieval(),
                             faults::chain(),           faults::certification(),
                             faults::certified_name(),  faults::path(),
                             faults::client_trust(),    faults::client_name(),
                             faults::client_care(),     faults::client(),
                             faults::engine_order(),    faults::engine_records(),
                             faults::engine_hello(),    faults::engine_choice(),
                             faults::engine_name(),     faults::engine_session(),
                             faults::engine_exchange(), faults::engine_output()}) {
      for (const NamedFault& fault : table) all.push_back(&fault);
    }
    std::ranges::sort(all, {}, &NamedFault::name);
    return all;
  }();
  return kAll;
}

Catalogue catalogue() { return {all_checks(), all_faults(), oracle_baseline()}; }

}  // namespace assay::suites
