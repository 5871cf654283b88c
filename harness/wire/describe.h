// A record in a few words, for transcripts: "handshake ClientHello 517 bytes", "alert fatal
// bad_record_mac". Used by transcripts and reports; says only what can be read without keys.
#pragma once

#include "harness/wire/handshake.h"
#include "harness/wire/record.h"

#include <string>

namespace assay {

/// "application_data"; "type_99" for values without a name.
[[nodiscard]] std::string name_of(ContentType type);
/// "ClientHello", as the RFCs spell it; "message_99" for values without a name.
[[nodiscard]] std::string name_of(HandshakeType type);
/// "bad_record_mac" (RFC 8446 §6, RFC 5246 §7.2); "alert_199" for values without a name.
[[nodiscard]] std::string alert_description_name(std::uint8_t description);

/// One line. A fragment that reads as no clear message is called protected.
[[nodiscard]] std::string describe(const Record& record);

}  // namespace assay
