#include "reports/sample_report.h"

namespace assay {
namespace {

using Kind = TranscriptEntry::Kind;

constexpr Check kChecks[] = {
    {.id = "integrity.injection.discards_pipelined_plaintext",
     .title = "A command pipelined behind the upgrade is never run inside TLS",
     .levels = {.smtp = Level::must, .pop3 = Level::bcp},
     .sources = {"RFC 3207 §4.2"},
     .scope = {.protocols = {Protocol::smtp, Protocol::pop3}, .access = {Access::upgrade}},
     .steps = "Sends a command behind STARTTLS.",
     .accepts = {ending::discarded, ending::upgrade_refused, ending::connection_broken},
     .breakers = {{"keep_plaintext", ending::answered_inside_tls}},
     .liberties = {{"refuse_pipelined_upgrade", ending::upgrade_refused}}},
    {.id = "certificate.present.in_time",
     .title = "The certificate is valid now",
     .levels = {.all = Level::bcp},
     .severity = Severity::error,
     .component = Component::configuration,
     .sources = {"RFC 5280 §4.1.2.5"},
     .needs = {Need::anchors, Need::account},
     .traits = {Trait::slow},
     .accepts = {ending::accepted},
     .impossible = "there is no such fault yet"},
    {.id = "negotiation.hello.refuses",
     .title = "An offer without a common suite is refused with an alert",
     .levels = {.all = Level::should},
     .component = Component::library,
     .sources = {"RFC 8446 §4.1.1"},
     .accepts = {ending::refused},
     .weak = {ending::closed}},
};

Result result(const Check& check, std::size_t endpoint, std::string_view where, Outcome outcome,
              std::string_view ending) {
  Result made;
  made.which = {&check, endpoint, endpoint == 0 ? Access::upgrade : Access::implicit, std::nullopt,
                std::string(check.id) + "@" + std::string(where)};
  made.subject = "mail.example.test";
  made.endpoint =
      endpoint == 0 ? "smtp://mail.example.test:2525" : "smtps://mail.example.test:4650";
  made.level = check.levels.of(Protocol::smtp);
  made.severity = severity_for(made.level, check.severity, {}, ServerRole::submission);
  made.outcome = outcome;
  made.ending = ending;
  made.took = Milliseconds(41);
  made.connections = 2;
  return made;
}

Endpoint endpoint(std::string url, Access access, std::uint16_t port) {
  Endpoint made;
  made.url = std::move(url);
  made.access = access;
  made.address = {"192.0.2.1", port};
  return made;
}

Facts facts() {
  Facts known;
  known.reachable = true;
  known.tls = true;
  known.banner = "220 mail.example.test ESMTP";
  known.capabilities = {"PIPELINING", "STARTTLS"};
  Agreement agreement;
  agreement.suite = 0x1301;
  agreement.suite_name = "TLS_AES_128_GCM_SHA256";
  agreement.group = "x25519";
  agreement.peer_chain = {bytes_of("not a certificate")};
  known.agreements[TlsVersion::tls13] = agreement;
  return known;
}

Result failed() {
  Result made = result(kChecks[0], 0, "smtp.upgrade", Outcome::fail, "answered_inside_tls");
  made.transcript = {landmark("connected to 192.0.2.1:2525"),
                     said(Kind::client, false, "STARTTLS\r\nNOOP\r\n"),
                     said(Kind::server, false, "220 2.0.0 Ready\r\n"),
                     landmark("TLS 1.3, TLS_AES_128_GCM_SHA256, x25519"),
                     said(Kind::server, true, "250 2.0.0 OK\r\n")};
  made.parts = {{"one segment", "answered_inside_tls", Outcome::fail},
                {"two", "discarded", Outcome::pass}};
  made.notes = {"the reply came within 27 ms"};
  made.reason = "the marker was answered second";
  return made;
}

}  // namespace

const Check& sample_check() { return kChecks[0]; }
const Check& configuration_check() { return kChecks[1]; }
const Check& weak_check() { return kChecks[2]; }

TranscriptEntry said(Kind who, bool secured, std::string_view text) {
  TranscriptEntry entry;
  entry.kind = who;
  entry.connection = 1;
  // 2026-11-24 14:02:11.204 UTC
  entry.at = std::chrono::system_clock::time_point(Milliseconds(1'795'528'931'204));
  entry.secured = secured;
  entry.octets = bytes_of(text);
  return entry;
}

TranscriptEntry landmark(std::string_view text) {
  TranscriptEntry entry = said(Kind::note, false, {});
  entry.note = text;
  return entry;
}

RunReport sample_report() {
  RunReport report;
  report.version = "0.1.0";
  report.seed = 0x7f3a91c2;
  report.profile = "default";
  report.started = std::chrono::system_clock::time_point(std::chrono::seconds(1'795'528'930));
  report.took = Milliseconds(3'204);
  SubjectRun run;
  run.subject.name = "mail.example.test";
  run.subject.endpoints = {endpoint("smtp://mail.example.test:2525", Access::upgrade, 2525),
                           endpoint("smtps://mail.example.test:4650", Access::implicit, 4650)};
  run.facts = {facts(), facts()};
  run.counters = {47, 39, 8};
  run.took = Milliseconds(2'000);
  run.results = {
      result(kChecks[2], 0, "smtp.upgrade.tls13", Outcome::weak, "closed"),
      result(kChecks[2], 1, "smtp.implicit.tls13", Outcome::pass, "refused"),
      failed(),
      result(kChecks[1], 0, "smtp.upgrade", Outcome::fail, "expired"),
      result(kChecks[1], 1, "smtp.implicit", Outcome::inapplicable, "inapplicable"),
      result(kChecks[0], 1, "smtp.implicit", Outcome::inconclusive, "inconclusive"),
      result(kChecks[0], 1, "smtp.implicit.tls12", Outcome::error, "error"),
      result(kChecks[2], 1, "smtp.implicit.tls12", Outcome::xfail, "closed"),
      result(kChecks[1], 1, "smtp.implicit.tls12", Outcome::xpass, "accepted"),
  };
  run.results[4].reason = "needs trust anchors: give --ca FILE";
  run.results[5].reason = "the control failed: connection refused by 192.0.2.1:4650";
  run.results[6].reason = "std::bad_alloc";
  run.results[7].baseline_reason = "known since 3.1";
  run.results[8].baseline_reason = "should fail";
  report.subjects.push_back(std::move(run));
  return report;
}

RunReport poisoned_report(std::string_view text) {
  RunReport report = sample_report();
  SubjectRun& run = report.subjects[0];
  const std::string poison(text);
  for (Facts& known : run.facts) {
    known.banner = poison;
    known.trouble = poison;
    known.tls = false;
    known.capabilities.push_back(poison);
    known.agreements[TlsVersion::tls13].peer_chain = {bytes_of(text)};
  }
  for (Result& made : run.results) {
    made.reason = poison;
    made.notes = {poison, "a note: " + poison};
    made.parts.push_back({poison, "refused", Outcome::fail});
    made.transcript = {landmark(poison), said(Kind::client, false, text),
                       said(Kind::server, true, text)};
  }
  return report;
}

}  // namespace assay
