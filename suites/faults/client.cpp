// Faults and liberties of a client that cannot have TLS as it was told to, across the upgrade, and
// at the end.
#include "harness/protocol/dots.h"
#include "suites/faults/faults.h"

#include <algorithm>

namespace assay::faults {
namespace {

/// Works in the clear where that stands in its way.
template <Obstacle kObstacle>
Resort in_clear(Obstacle obstacle) {
  return obstacle == kObstacle ? Resort::work_in_clear : Resort::leave;
}

constexpr NamedFault kFaults[] = {
    // Falling back.
    {.name = "clear_where_untrusted",
     .side = Side::client,
     .summary =
         "After a certificate that was refused the work is done on a connection in the clear",
     .apply = [](Faults& faults) { faults.client.resort = in_clear<Obstacle::untrusted>; }},
    {.name = "clear_where_not_listed",
     .side = Side::client,
     .summary = "Where the upgrade is not listed the work is done in the clear",
     .apply = [](Faults& faults) { faults.client.resort = in_clear<Obstacle::not_listed>; }},
    {.name = "clear_where_refused",
     .side = Side::client,
     .summary = "Where the upgrade is refused the work is done in the clear",
     .apply = [](Faults& faults) { faults.client.resort = in_clear<Obstacle::refused>; }},
    {.name = "clear_after_failed_handshake",
     .side = Side::client,
     .summary = "After a handshake that failed the work is done in the clear",
     .apply = [](Faults& faults) { faults.client.resort = in_clear<Obstacle::handshake_failed>; }},
    {.name = "works_before_upgrade",
     .side = Side::client,
     .summary = "The login comes first, the upgrade behind it",
     .apply = [](Faults& faults) { faults.client.works_first = true; }},
    {.name = "believes_greeting",
     .side = Side::client,
     .summary = "A greeting as to somebody who has logged in is believed, and no upgrade asked for",
     .apply =
         [](Faults& faults) {
           faults.client.needs_upgrade = [](std::string_view greeting) {
             return greeting.find("logged in") == std::string_view::npos;
           };
         }},
    {.name = "asks_unlisted",
     .kind = NamedFault::Kind::liberty,
     .side = Side::client,
     .summary = "The upgrade is asked for whether it is listed or not",
     .apply =
         [](Faults& faults) {
           faults.client.resort = [](Obstacle obstacle) {
             return obstacle == Obstacle::not_listed ? Resort::ask_anyway : Resort::leave;
           };
         }},
    {.name = "follows_referral_in_clear",
     .side = Side::client,
     .summary = "A referral is followed, and the login repeated there in the clear",
     .apply = [](Faults& faults) { faults.client.follows_referral = true; }},
    // Across the upgrade.
    {.name = "keeps_clear_answers",
     .side = Side::client,
     .summary = "Octets read in the clear behind the go-ahead are taken for answers inside TLS",
     .apply =
         [](Faults& faults) {
           faults.client.on_rest = [](Bytes rest) { return ClearRest{{}, std::move(rest)}; };
         }},
    {.name = "drops_clear_answers",
     .kind = NamedFault::Kind::liberty,
     .side = Side::client,
     .summary = "Octets read in the clear behind the go-ahead are thrown away",
     .apply =
         [](Faults& faults) {
           faults.client.on_rest = [](Bytes rest) {
             rest.clear();
             return ClearRest{std::move(rest), {}};
           };
         }},
    {.name = "no_hello_inside",
     .side = Side::client,
     .summary = "Inside TLS the login comes without a new hello",
     .apply = [](Faults& faults) { faults.client.greets_inside = false; }},
    // A message that it was given.
    {.name = "sends_message_raw",
     .side = Side::client,
     .summary = "A message is sent octet for octet as it was given",
     .apply =
         [](Faults& faults) {
           faults.client.text_of_message = [](View message) -> std::optional<Bytes> {
             Bytes text = bytes_of(message);
             append(text, view_of(std::string_view("\r\n.\r\n")));
             return text;
           };
         }},
    {.name = "refuses_odd_lines",
     .kind = NamedFault::Kind::liberty,
     .side = Side::client,
     .summary = "A message whose lines do not all end with CRLF, or which has a zero, is not sent",
     .apply =
         [](Faults& faults) {
           faults.client.text_of_message = [](View message) -> std::optional<Bytes> {
             DotDecoder decoder;
             decoder.decode(message, nullptr);
             const bool odd = decoder.bare_cr() || decoder.bare_lf() || decoder.ended() ||
                              std::ranges::find(message, 0) != message.end();
             if (odd) return std::nullopt;
             return dot_stuffed(message);
           };
         }},
    // Leaving.
    {.name = "leaves_without_farewell",
     .kind = NamedFault::Kind::liberty,
     .side = Side::client,
     .summary = "A server that is not worked with is left without QUIT or unbind",
     .apply = [](Faults& faults) { faults.client.leaves_at_once = true; }},
    {.name = "reports_success",
     .kind = NamedFault::Kind::liberty,
     .side = Side::client,
     .summary = "The user is told of a success that was none",
     .apply = [](Faults& faults) { faults.client.reports_success = true; }},
};

}  // namespace

std::span<const NamedFault> client() { return kFaults; }

}  // namespace assay::faults
