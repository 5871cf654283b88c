// What the rows have in common whose client must refuse a certificate, or take it.
#pragma once

#include "harness/check/encounter.h"
#include "suites/observe.h"
#include "suites/suites.h"

namespace assay::suites {

/// The comparison of names: RFC 7817 §3 and RFC 4513 §3.1.3 say MUST, RFC 4642 §5 SHOULD.
inline constexpr Levels kComparison{
    .smtp = Level::must, .pop3 = Level::must, .nntp = Level::should, .ldap = Level::should};

/// `row` has id, title, levels, sources and what is shown; each of that is shown to the client by
/// itself.
constexpr Check refusing(Check row, std::string_view breaker) {
  row.side = Side::client;
  row.component = Component::library;
  row.scope = {.protocols = kApplications};
  row.needs = {Need::policy_required};
  row.run = row.shows.size() == 1 ? meets_impostor : meets_each_impostor;
  row.steps =
      "The client is sent to a server that presents this, with a trust file that has the root "
      "of the honest one alone. It may end the handshake, or leave behind it; a command "
      "inside TLS is one too many.";
  row.accepts = {ending::turned_away};
  row.weak = {ending::turned_away_silently};
  row.breakers = {{breaker, ending::leaked_to_impostor}};
  row.liberties = {{"leaves_without_farewell", ending::turned_away},
                   {"reports_success", ending::turned_away_silently}};
  return row;
}

/// The same for a certificate that must be taken; `breaker` is a client that refuses it.
constexpr Check accepting(Check row, std::string_view breaker) {
  row.side = Side::client;
  row.component = Component::library;
  row.scope = {.protocols = kApplications};
  row.needs = {Need::policy_required};
  row.run = row.shows.size() > 1 ? meets_each_honest_server : meets_honest_server;
  row.steps =
      "The client is sent to an honest server that presents this: it must do its work inside TLS.";
  row.accepts = {ending::secured_first};
  row.breakers = {{breaker, ending::turned_away}};
  return row;
}

}  // namespace assay::suites
