#include "harness/engine/later_request13.h"

#include "harness/engine/certificate_proof.h"
#include "harness/engine/schedule13.h"
#include "harness/wire/alert.h"

#include <utility>

namespace assay::engine {

bool request_is_right13(Core& core, const CertificateRequest13& request) {
  const bool schemes =
      find_extension(request.extensions, extension::kSignatureAlgorithms) != nullptr;
  return core.require(!repeated_extension(request.extensions), Sin::extension_repeated,
                      alert::kIllegalParameter, "an extension twice") &&
         core.require(schemes, Sin::extension_missing, alert::kMissingExtension,
                      "a CertificateRequest without signature_algorithms");
}

void answer_later_request13(Core& core, const CipherSuite& suite,
                            const CertificateRequest13& request, const Heard& heard) {
  HandshakeHash hash = core.transcript();
  hash.add(heard.octets);
  const auto& credential = core.config().credential;
  const auto scheme = credential ? scheme_for13(core, request.extensions, *credential)
                                 : std::optional<std::uint16_t>();
  // What a message was on the wire, whatever a hook made of it.
  const auto keep = [&](HandshakeType type) {
    if (const Said* said = core.exchange().last(type)) hash.add(said->octets);
  };
  Flight flight;
  flight.push_back(say(HandshakeType::certificate, [&] {
    return certificate_body13(scheme ? credential.get() : nullptr,
                              request.certificate_request_context);
  }));
  if (scheme) {
    flight.push_back(say(HandshakeType::certificate_verify, [&] {
      keep(HandshakeType::certificate);
      return proof_body(*credential, *scheme, content_to_sign(Signer::client, hash.value()));
    }));
  }
  flight.push_back(say(HandshakeType::finished, [&] {
    keep(scheme ? HandshakeType::certificate_verify : HandshakeType::certificate);
    return verify_data13(suite.hash, core.exchange().secrets.client_application, hash.value());
  }));
  core.say(std::move(flight));
}

}  // namespace assay::engine
