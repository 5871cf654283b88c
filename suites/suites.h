// The tables, one function a topic; all.cpp lists them once. No macros, no static registrars.
#pragma once

#include "harness/check/check.h"
#include "harness/check/faults.h"
#include "harness/check/selftest.h"

#include <span>
#include <vector>

namespace assay::suites {

/// The protocols whose dialogues are lines: rows that go by Dialogue alone name these.
inline constexpr EnumSet<Protocol> kLineProtocols{Protocol::smtp, Protocol::pop3, Protocol::nntp};

// suites/negotiation
std::span<const Check> upgrade();
std::span<const Check> upgrade_failure();
std::span<const Check> implicit();
std::span<const Check> alpn();
std::span<const Check> resource();
std::span<const Check> version();
// suites/integrity
std::span<const Check> injection();
std::span<const Check> state_reset();
std::span<const Check> closure();
std::span<const Check> smuggling();
std::span<const Check> line();
std::span<const Check> aead();
std::span<const Check> sequence();
std::span<const Check> close();
// suites/encryption
std::span<const Check> plaintext_auth();
std::span<const Check> weak();
// suites/certificate
std::span<const Check> present();
std::span<const Check> present_staple();
std::span<const Check> sni();
std::span<const Check> binding();

/// Every check, sorted by id; they live as long as the process.
[[nodiscard]] const std::vector<const Check*>& all_checks();
/// Every fault and liberty, sorted by name.
[[nodiscard]] const std::vector<const NamedFault*>& all_faults();
[[nodiscard]] Catalogue catalogue();

}  // namespace assay::suites
