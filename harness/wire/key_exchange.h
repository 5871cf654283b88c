// ServerKeyExchange and ClientKeyExchange of TLS 1.2: the shapes that the kinds of key exchange
// give them (RFC 5246 §7.4.3 and §7.4.7, RFC 8422 §5.4 and §5.7). Used by the engine.
#pragma once

#include "harness/wire/codec.h"

namespace assay {

inline constexpr std::uint8_t kNamedCurve = 3;  // RFC 8422 §5.4: ECCurveType

/// RFC 8422 §5.4: ServerECDHParams.
struct EcdhParams {
  std::uint8_t curve_type = kNamedCurve;
  std::uint16_t named_curve = 0;
  Bytes public_point;
};
template <typename Wire>
void fields(Wire& wire, Is<EcdhParams> auto& m) {
  wire.number("curve_type", m.curve_type);
  // RFC 8422 §5.4: explicit curves are gone; whatever follows another type cannot be read.
  wire.expect(m.curve_type == kNamedCurve, "curve_type");
  wire.number("named_curve", m.named_curve);
  wire.vector("public", 1, m.public_point);
}

/// RFC 5246 §7.4.3: ServerDHParams.
struct DhParams {
  Bytes dh_p;
  Bytes dh_g;
  Bytes dh_ys;
};
template <typename Wire>
void fields(Wire& wire, Is<DhParams> auto& m) {
  wire.vector("dh_p", 2, m.dh_p);
  wire.vector("dh_g", 2, m.dh_g);
  wire.vector("dh_Ys", 2, m.dh_ys);
}

/// Parameters, then the signature over both randoms and them; anonymous kinds have no signature.
template <typename Params>
struct ServerKeyExchange {
  Params params;
  std::uint16_t algorithm = 0;
  Bytes signature;
  bool anonymous = false;  // the message ends behind its parameters
};
template <typename Wire, typename Params>
void fields_of_key_exchange(Wire& wire, auto& m) {
  fields(wire, m.params);
  if (m.anonymous) return;
  wire.number("algorithm", m.algorithm);
  wire.vector("signature", 2, m.signature);
}
template <typename Wire>
void fields(Wire& wire, Is<ServerKeyExchange<EcdhParams>> auto& m) {
  fields_of_key_exchange<Wire, EcdhParams>(wire, m);
}
template <typename Wire>
void fields(Wire& wire, Is<ServerKeyExchange<DhParams>> auto& m) {
  fields_of_key_exchange<Wire, DhParams>(wire, m);
}

/// RFC 8422 §5.7: the client's point.
struct EcdhPublic {
  Bytes public_point;
};
template <typename Wire>
void fields(Wire& wire, Is<EcdhPublic> auto& m) {
  wire.vector("ecdh_Yc", 1, m.public_point);
}

/// RFC 5246 §7.4.7: dh_Yc, or the encrypted premaster secret.
struct LongPublic {
  Bytes value;
};
template <typename Wire>
void fields(Wire& wire, Is<LongPublic> auto& m) {
  wire.vector("value", 2, m.value);
}

}  // namespace assay
