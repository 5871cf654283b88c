// The tables, one function a topic; all.cpp lists them once. No macros, no static registrars.
#pragma once

#include "harness/check/check.h"
#include "harness/check/faults.h"
#include "harness/check/selftest.h"
#include "suites/alerts.h"

#include <span>
#include <vector>

namespace assay::suites {

/// Where there is an application beside TLS.
inline constexpr EnumSet<Protocol> kApplications{Protocol::smtp, Protocol::pop3, Protocol::nntp,
                                                 Protocol::ldap};
/// Where answers come in the order of the commands, and the server greets.
inline constexpr EnumSet<Protocol> kLineProtocols{Protocol::smtp, Protocol::pop3, Protocol::nntp};

// suites/negotiation
std::span<const Check> upgrade();
std::span<const Check> upgrade_ldap();
std::span<const Check> upgrade_failure();
std::span<const Check> implicit();
std::span<const Check> alpn();
std::span<const Check> resource();
std::span<const Check> version();
std::span<const Check> client_failure();
std::span<const Check> keyshare();
std::span<const Check> hello();
std::span<const Check> hello_form();
std::span<const Check> hrr();
std::span<const Check> cipher();
std::span<const Check> group();
std::span<const Check> sigalg();
std::span<const Check> version_fallback();
std::span<const Check> reserved_values();
std::span<const Check> pq();
std::span<const Check> server_name();
std::span<const Check> psk();
std::span<const Check> ticket();
std::span<const Check> limit();
std::span<const Check> ems();
std::span<const Check> reneg();
// suites/integrity
std::span<const Check> injection();
std::span<const Check> injection_ldap();
std::span<const Check> ber();
std::span<const Check> state_reset();
std::span<const Check> closure();
std::span<const Check> closure_pop3();
std::span<const Check> smuggling();
std::span<const Check> line();
std::span<const Check> aead();
std::span<const Check> sequence();
std::span<const Check> close();
std::span<const Check> finished();
std::span<const Check> order();
std::span<const Check> ccs();
std::span<const Check> record();
std::span<const Check> record_limits();
std::span<const Check> record_output();
std::span<const Check> aead_forged();
std::span<const Check> alert();
std::span<const Check> clientauth();
std::span<const Check> heartbeat();
std::span<const Check> client_out();
std::span<const Check> client_response_injection();
std::span<const Check> client_state();
std::span<const Check> client_tamper();
std::span<const Check> client_truncation();
// suites/encryption
std::span<const Check> plaintext_auth();
std::span<const Check> weak();
std::span<const Check> keyupdate();
std::span<const Check> ecdh();
std::span<const Check> dh();
std::span<const Check> random();
std::span<const Check> rsa();
std::span<const Check> client_strip();
// suites/certificate
std::span<const Check> present();
std::span<const Check> present_staple();
std::span<const Check> sni();
std::span<const Check> binding();
std::span<const Check> external();
std::span<const Check> client_chain();
std::span<const Check> client_constraints();
std::span<const Check> client_name();
std::span<const Check> client_strength();
std::span<const Check> client_wildcard();
std::span<const Check> client_identity();
std::span<const Check> client_reference();
std::span<const Check> client_staple();

/// Every check, sorted by id; they live as long as the process.
[[nodiscard]] const std::vector<const Check*>& all_checks();
/// Every fault and liberty, sorted by name.
[[nodiscard]] const std::vector<const NamedFault*>& all_faults();
/// reference_server/oracle.baseline.toml as it was when this binary was built.
[[nodiscard]] Baseline oracle_baseline();
[[nodiscard]] Catalogue catalogue();

}  // namespace assay::suites
