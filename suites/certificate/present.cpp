// What a server presents: RFC 8446 §4.4.2, RFC 5280, RFC 9325 §4.5, RFC 7817. The clauses bind
// whoever verifies; what an operator owes is practice, and severe where every verifying client
// would turn away.
#include "clients/dialogue.h"
#include "suites/certificate/presented.h"
#include "suites/suites.h"

namespace assay::suites {
namespace {

constexpr Ending kLeafFirst{"end_entity_first"};
constexpr Ending kNotLeafFirst{"first_entry_is_not_the_signer"};
constexpr Ending kPathFound{"path_found"};
constexpr Ending kNoPath{"no_path_to_an_anchor"};
constexpr Ending kInTime{"in_time"};
constexpr Ending kExpired{"expired"};
constexpr Ending kNotYetValid{"not_yet_valid"};
constexpr Ending kMatched{"name_matches"};
constexpr Ending kMismatched{"name_differs"};
constexpr Ending kOnlyCommonName{"name_in_common_name_only"};
constexpr Ending kStrong{"strong"};
constexpr Ending kSmallExponent{"small_exponent"};
constexpr Ending kWeakKey{"weak_key"};
constexpr Ending kWeakSignature{"weak_signature"};
constexpr Ending kPermitted{"purpose_permitted"};
constexpr Ending kForbidden{"purpose_forbidden"};

Task<Ending> leaf_first(Probe& probe) {
  const auto dialogue = co_await approached(probe);
  if (!dialogue) co_return probe.lost();
  const bool secured = co_await dialogue->secure(probe.tls_client(probe.tls_offer()));
  // Our end has verified the signature of CertificateVerify or ServerKeyExchange with the first
  // entry's key.
  if (secured) co_return kLeafFirst;
  const auto* failure = std::get_if<LocalFailure>(&dialogue->handshake_event());
  if (failure == nullptr) co_return probe.lost();
  const bool signature = failure->reason == "bad signature" ||
                         failure->reason == "wrong signature type" ||
                         failure->reason == "wrong certificate type";
  probe.explain(failure->reason);
  co_return signature ? kNotLeafFirst : ending::inconclusive;
}

Task<Ending> intermediate_missing(Probe& probe) {
  const auto verdict = judge_presented(probe);
  if (!verdict) co_return ending::inconclusive;
  if (verdict->path.found) co_return kPathFound;
  probe.explain(verdict->path.reason);
  co_return kNoPath;
}

Task<Ending> expired(Probe& probe) {
  const auto verdict = judge_presented(probe);
  if (!verdict) co_return ending::inconclusive;
  const ValidityFinding* out = verdict->out_of_validity();
  if (out == nullptr) co_return kInTime;
  probe.explain(out->reason);
  co_return out->grade == ValidityGrade::not_yet_valid ? kNotYetValid : kExpired;
}

Task<Ending> name_match(Probe& probe) {
  if (probe.endpoint().reference_name.empty())
    co_return probe.inapplicable("no name to be proved: give ?name= in the URL");
  const auto verdict = judge_presented(probe);
  if (!verdict) co_return ending::inconclusive;
  probe.explain(verdict->name.reason);
  switch (verdict->name.grade) {
    case NameGrade::matched:
      co_return kMatched;
    case NameGrade::only_common_name:
      co_return kOnlyCommonName;
    default:
      co_return kMismatched;
  }
}

Task<Ending> weak_key(Probe& probe) {
  const auto verdict = judge_presented(probe);
  if (!verdict) co_return ending::inconclusive;
  const KeyFinding* weak = verdict->weak_key();
  if (weak == nullptr) co_return kStrong;
  probe.explain(weak->reason);
  co_return weak->grade == KeyGrade::small_exponent ? kSmallExponent : kWeakKey;
}

/// RFC 8446 §4.4.2.2: towards a client that offers no SHA-1 the chain must not need it.
Task<Ending> weak_signature(Probe& probe) {
  const auto dialogue = co_await approached(probe);
  if (!dialogue) co_return probe.lost();
  OracleConfig offer = probe.tls_offer();
  offer.signature_algorithms =
      "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448:RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+"
      "SHA512:RSA+SHA256:"
      "RSA+SHA384:RSA+SHA512";
  const bool secured = co_await dialogue->secure(probe.tls_client(offer));
  if (!secured) co_return probe.lost();
  const ChainVerdict verdict = judge_chain(probe, *dialogue->link().agreement());
  const SignatureFinding* weak = verdict.weak_signature();
  if (weak == nullptr) co_return kStrong;
  probe.explain(weak->reason);
  co_return kWeakSignature;
}

Task<Ending> eku(Probe& probe) {
  const auto verdict = judge_presented(probe);
  if (!verdict) co_return ending::inconclusive;
  if (verdict->purpose.grade == PurposeGrade::permitted) co_return kPermitted;
  probe.explain(verdict->purpose.reason);
  co_return kForbidden;
}

constexpr std::string_view kReadChain = "A plain handshake; the chain that was served is read.";
constexpr std::string_view kShowChain =
    "openssl s_client -showcerts -starttls smtp -connect HOST:25";

constexpr Check kChecks[] = {
    {.id = "certificate.present.leaf_first",
     .title = "The server's own certificate is served first",
     .levels = {.all = Level::must},
     .component = Component::configuration,
     .sources = {"RFC 8446 §4.4.2", "RFC 5246 §7.4.2"},
     .scope = {.version = VersionScope::each},
     .control = Control::connect,
     .run = leaf_first,
     .steps = "A plain handshake: the signature in it is verified with the key of the first "
              "certificate.",
     .accepts = {kLeafFirst},
     .breakers = {{"issuer_first", kNotLeafFirst}},
     .liberties = {{"serve_root", kLeafFirst}, {"ed25519_leaf", kLeafFirst}},
     .by_hand = kShowChain},
    {.id = "certificate.present.intermediate_missing",
     .title = "The certificates served lead to a trust anchor",
     .levels = {.all = Level::bcp},
     .severity = Severity::error,
     .roles = {.public_mx = Severity::note},
     .component = Component::configuration,
     .sources = {"RFC 9325 §7.1", "RFC 8446 §4.4.2", "RFC 5246 §7.4.2"},
     .needs = {Need::anchors},
     .control = Control::handshake,
     .run = intermediate_missing,
     .steps = "A path is built from the served certificates and the anchors of --ca alone; nothing "
              "is fetched.",
     .accepts = {kPathFound},
     .breakers = {{"no_intermediate", kNoPath},
                  {"unknown_root", kNoPath},
                  {"self_signed", kNoPath}},
     .liberties = {{"serve_root", kPathFound}, {"expired_leaf", kPathFound}},
     .by_hand = kShowChain},
    {.id = "certificate.present.expired",
     .title = "Every certificate of the path is in its time",
     .levels = {.all = Level::bcp},
     .severity = Severity::error,
     .roles = {.public_mx = Severity::note},
     .component = Component::configuration,
     .sources = {"RFC 5280 §4.1.2.5", "RFC 8314 §4.4"},
     .control = Control::handshake,
     .run = expired,
     .steps = kReadChain,
     .accepts = {kInTime},
     .breakers = {{"expired_leaf", kExpired}, {"leaf_not_yet_valid", kNotYetValid}},
     .liberties = {{"serve_root", kInTime}},
     .by_hand = kShowChain},
    {.id = "certificate.present.name_match",
     .title = "The certificate is for the name that the client asked for",
     .levels = {.all = Level::bcp},
     .severity = Severity::error,
     .roles = {.public_mx = Severity::note},
     .component = Component::configuration,
     .sources = {"RFC 7817 §3", "RFC 4513 §3.1.3", "RFC 4642 §5", "RFC 9525 §6"},
     .control = Control::handshake,
     .run = name_match,
     .steps =
         "A plain handshake; the subject alternative names are compared with the name in the URL.",
     .accepts = {kMatched},
     .breakers = {{"other_name", kMismatched}, {"name_in_common_name_only", kOnlyCommonName}},
     .liberties = {{"expired_leaf", kMatched}},
     .by_hand = kShowChain},
    {.id = "certificate.present.weak_key",
     .title = "No key of the chain is weak",
     .levels = {.all = Level::bcp},
     .severity = Severity::error,
     .roles = {.public_mx = Severity::warning},
     .component = Component::configuration,
     .sources = {"RFC 9325 §4.5", "CABF TLS BR §6.1.5"},
     .control = Control::handshake,
     .run = weak_key,
     .steps = kReadChain,
     .accepts = {kStrong},
     .weak = {kSmallExponent},
     .breakers = {{"rsa1024_leaf", kWeakKey}},
     .liberties = {{"ed25519_leaf", kStrong}, {"small_exponent", kSmallExponent}},
     .by_hand = kShowChain},
    {.id = "certificate.present.weak_signature",
     .title = "No certificate below the anchor is signed with MD5 or SHA-1",
     .levels = {.all = Level::bcp},
     .severity = Severity::error,
     .roles = {.public_mx = Severity::note},
     .component = Component::configuration,
     .sources = {"RFC 8446 §4.4.2.2", "RFC 9325 §4.5"},
     .control = Control::handshake,
     .run = weak_signature,
     .steps = "A handshake whose offer names no signature scheme with SHA-1; the chain that was "
              "served is read.",
     .accepts = {kStrong},
     .breakers = {{"sha1_intermediate", kWeakSignature}, {"sha1_leaf", kWeakSignature}},
     .liberties = {{"ed25519_leaf", kStrong}, {"serve_root", kStrong}},
     .by_hand = kShowChain},
    {.id = "certificate.present.eku",
     .title = "The extended key usage of the chain permits a TLS server",
     .levels = {.all = Level::bcp},
     .severity = Severity::error,
     .roles = {.public_mx = Severity::note},
     .component = Component::configuration,
     .sources = {"RFC 5280 §4.2.1.12"},
     .control = Control::handshake,
     .run = eku,
     .steps = kReadChain,
     .accepts = {kPermitted},
     .breakers = {{"client_purpose_only", kForbidden}},
     .liberties = {{"no_purpose", kPermitted}},
     .by_hand = kShowChain},
};
static_assert(well_formed(kChecks));

}  // namespace

std::span<const Check> present() { return kChecks; }

}  // namespace assay::suites
