// Fuzz target text_line: the codecs of text protocols, one an input. The first octet names the
// codec (the letters of `examine`), the second seeds the cuts, the rest is what the codec is given.
#include "fuzz/pieces.h"
#include "fuzz/target.h"
#include "harness/base/base64.h"
#include "harness/base/printable.h"
#include "harness/protocol/cram_md5.h"
#include "harness/protocol/dots.h"
#include "harness/protocol/line.h"
#include "harness/protocol/replies.h"
#include "harness/protocol/sasl.h"
#include "harness/protocol/smtp.h"
#include "harness/protocol/smtp_capabilities.h"

#include <algorithm>
#include <string>
#include <vector>

namespace assay::fuzz {
namespace {

std::vector<Line> lines_of(const std::vector<View>& parts, std::size_t kept,
                           LineBuffer::Ends ends) {
  LineBuffer buffer(kept, ends);
  std::vector<Line> lines;
  for (const View part : parts) {
    buffer.feed(part);
    while (auto line = buffer.take()) lines.push_back(std::move(*line));
    require(buffer.rest().size() <= kept, "a line buffer holds no more than it was told to keep");
  }
  // What is left over counts as a line, so that it is compared, too.
  lines.push_back(
      {.text = std::string(text_of(buffer.rest())), .octets = buffer.unfinished(), .nul = true});
  return lines;
}

void examine_line_buffer(View octets, std::uint8_t seed) {
  const auto parts = pieces(octets, seed);
  const std::vector<View> whole = {octets};
  for (const auto ends : {LineBuffer::Ends::crlf, LineBuffer::Ends::crlf_or_lf}) {
    for (const std::size_t kept : {std::size_t{5}, std::size_t{1000}}) {
      require(lines_of(parts, kept, ends) == lines_of(whole, kept, ends),
              "lines do not depend on the cuts");
    }
  }
}

void examine_front_line(View octets, std::uint8_t seed) {
  std::vector<std::string> whole;
  View rest = octets;
  while (const auto line = front_line(rest)) {
    whole.emplace_back(text_of(line->text));
    rest = rest.subspan(line->consumed);
  }
  std::vector<std::string> cut;
  Bytes input;
  for (const View part : pieces(octets, seed)) {
    append(input, part);
    while (const auto line = front_line(input)) {
      require(line->consumed == line->text.size() + 2, "a front line ends in CRLF");
      cut.emplace_back(text_of(line->text));
      drop_front(input, line->consumed);
    }
  }
  require(cut == whole, "front lines do not depend on the cuts");
  // RFC 5321 §2.3.8: what is no CRLF ends no line, for either reader.
  LineBuffer buffer(octets.size(), LineBuffer::Ends::crlf);
  buffer.feed(octets);
  for (const std::string& text : whole) {
    const auto line = buffer.take();
    require(line && line->text == text, "both readers of lines agree");
    const bool stray = line->bare_cr || line->bare_lf || line->nul;
    require(has_stray_control(view_of(text)) == stray, "both see stray controls");
  }
  require(!buffer.take(), "neither reader sees more lines");
}

constexpr ReplyLimits kSmallLimits = {.line_octets = 24, .lines = 4, .octets = 96};

std::vector<ReplyResult> replies_of(const std::vector<View>& parts, const ReplyLimits& limits) {
  ReplyParser parser(limits);
  std::vector<ReplyResult> replies;
  for (const View part : parts) {
    parser.feed(part);
    while (auto reply = parser.take()) replies.push_back(std::move(*reply));
    require(parser.failed() || parser.rest().size() <= limits.line_octets, "replies are bounded");
  }
  return replies;
}

void examine_replies(View octets, std::uint8_t seed) {
  const auto parts = pieces(octets, seed);
  for (const ReplyLimits& limits : {ReplyLimits{}, kSmallLimits}) {
    const auto whole = replies_of({octets}, limits);
    require(replies_of(parts, limits) == whole, "replies do not depend on the cuts");
    for (const ReplyResult& reply : whole) {
      require(reply || &reply == &whole.back(), "nothing follows an error");
      require(!reply || (!reply->lines.empty() && reply->lines.size() <= limits.lines),
              "a reply has its lines");
    }
  }
}

std::vector<std::string> split_lines(View octets) {
  std::vector<std::string> lines(1);
  for (const std::uint8_t octet : octets) {
    if (octet == '\n') {
      lines.emplace_back();
    } else if (octet != '\r' && octet != 0) {
      lines.back() += static_cast<char>(octet);
    }
  }
  return lines;
}

void examine_capabilities(View octets, std::uint8_t seed) {
  const auto lines = split_lines(octets);
  const auto found = parse_capabilities(lines);
  require(found.all.size() == lines.size() - 1, "every line of the offer is kept");
  for (const auto& [keyword, rest] : found.all) {
    require(found.count(keyword) > 0, "a keyword that is there is counted");
  }
  for (const std::string& mechanism : found.auth) require(found.offers_auth(mechanism), "offered");
  if (lines.size() > 1000) return;
  const std::string composed = compose_reply(250, lines);
  const auto read = replies_of(pieces(view_of(composed), seed), {});
  require(read.size() == 1 && read.front(), "a composed reply is one reply");
  require(read.front()->code == 250 && read.front()->lines == lines, "it says the same");
  require(parse_capabilities(read.front()->lines) == found, "and offers the same");
}

void examine_dot_decoder(View octets, std::uint8_t seed) {
  DotDecoder whole;
  Bytes content;
  const std::size_t used = whole.decode(octets, &content);
  require(whole.ended() || used == octets.size(), "all is used unless the text ends");
  require(content.size() == whole.octets(), "what is given out is counted");
  DotDecoder cut;
  DotDecoder counting;
  Bytes again;
  std::size_t used_again = 0;
  for (const View part : pieces(octets, seed)) {
    if (cut.ended()) break;
    used_again += cut.decode(part, &again);
    counting.decode(part, nullptr);
  }
  require(cut == whole && counting == whole, "a decoder's state does not depend on the cuts");
  require(again == content && used_again == used, "nor does the text");
}

void examine_dot_encoder(View octets, std::uint8_t seed) {
  const Bytes stuffed = dot_stuffed(octets);
  DotEncoder encoder;
  Bytes cut;
  for (const View part : pieces(octets, seed)) encoder.encode(part, cut);
  encoder.finish(cut);
  require(cut == stuffed, "stuffing does not depend on the cuts");
  DotDecoder decoder;
  Bytes content;
  require(decoder.decode(stuffed, &content) == stuffed.size() && decoder.ended(),
          "stuffed text ends where it ends");
  Bytes expected = bytes_of(octets);
  if (!octets.empty() && !text_of(octets).ends_with("\r\n")) append(expected, "\r\n");
  // Text that is empty, and text without an end of line, get one; nothing else changes.
  require(content == expected, "unstuffing gives back the text");
}

/// `line` as the command and argument that it is composed of, again.
SmtpCommand reread(std::string_view line) {
  require(line.ends_with("\r\n"), "a command ends in CRLF");
  return parse_smtp_command(line.substr(0, line.size() - 2));
}

void examine_mail(std::string_view argument) {
  const auto mail = parse_mail(argument);
  if (!mail) return;
  require(parse_mail(reread(compose(*mail)).argument) == mail, "MAIL survives a round trip");
}

void examine_rcpt(std::string_view argument) {
  const auto rcpt = parse_rcpt(argument);
  if (!rcpt) return;
  const auto again = parse_rcpt(reread(compose(*rcpt)).argument);
  require(
      again && again->forward_path == rcpt->forward_path && again->parameters == rcpt->parameters,
      "RCPT survives a round trip");
}

void examine_command(View octets) {
  const SmtpCommand command = parse_smtp_command(text_of(octets));
  require(command.raw == text_of(octets), "the line is kept as it came");
  if (command.verb == SmtpVerb::unknown) return;
  const SmtpCommand again = reread(compose(command.verb, command.argument));
  require(again.verb == command.verb && again.argument == command.argument,
          "verb and argument survive a round trip");
  const std::string_view argument = command.argument;
  examine_mail(argument);
  examine_rcpt(argument);
  if (const auto bdat = parse_bdat(argument)) {
    const auto read = parse_bdat(reread(compose(*bdat)).argument);
    require(read && read->size == bdat->size && read->last == bdat->last, "BDAT round trip");
  }
  if (const auto auth = parse_auth(argument)) {
    const auto read =
        parse_auth(reread(compose_auth(auth->mechanism, auth->initial_response)).argument);
    require(read && read->mechanism == auth->mechanism &&
                read->initial_response == auth->initial_response,
            "AUTH round trip");
  }
  if (const auto name = parse_hello(argument)) require(*name == argument, "a name as it came");
}

void examine_path(View octets) {
  const std::string_view text = text_of(octets);
  if (const auto path = parse_mailbox(text)) {
    require(path->text == text, "a mailbox is kept as written");
    const auto front = front_path("<" + path->text + ">");
    require(front && front->path == *path, "a mailbox in brackets is a path");
  }
  if (const auto front = front_path(text)) {
    require(front->consumed <= text.size() && text[front->consumed - 1] == '>',
            "a path ends with its bracket");
    const std::string again = "<" + front->path.text + ">";
    const auto read = front_path(again);
    require(read && read->path == front->path && read->consumed == again.size(),
            "a path survives a round trip");
  }
}

void examine_base64(View octets) {
  require(from_base64(to_base64(octets)) == bytes_of(octets), "base64 gives back what it got");
  // RFC 4648 §3.5: one spelling alone, so decoding is undone by encoding.
  if (const auto decoded = from_base64(text_of(octets)))
    require(to_base64(*decoded) == text_of(octets), "base64 is canonical");
}

void examine_xtext(View octets) {
  require(from_xtext(to_xtext(text_of(octets))) == text_of(octets), "xtext gives back what it got");
  if (const auto decoded = from_xtext(text_of(octets)))
    require(from_xtext(to_xtext(*decoded)) == decoded, "decoded xtext can be encoded");
}

void examine_proofs(std::string_view text) {
  ScramExchange exchange;
  if (take_scram_first(exchange, text, false)) {
    const ScramClient client(exchange.user, {}, exchange.nonce, exchange.authzid);
    ScramExchange again;
    require(take_scram_first(again, client.first(), false) && again.user == exchange.user &&
                again.authzid == exchange.authzid && again.nonce == exchange.nonce,
            "a SCRAM client says what the server has heard");
  }
  exchange.gs2_header = "n,,";
  exchange.nonce = "abcdef";
  require(!answer_scram_final(exchange, text, nullptr), "nobody's proof fits");
  if (const auto response = parse_cram_response(text)) {
    require(response->user + " " + response->digest == text, "CRAM-MD5 comes apart and together");
  }
}

void examine_sasl(View octets, std::uint8_t seed) {
  const std::string_view text = text_of(octets);
  examine_proofs(text);
  if (const auto plain = parse_plain_message(text)) {
    require(plain_message(*plain).reveal() == text, "PLAIN is put together as it was taken apart");
    SaslClient client(SaslMechanism::plain, *plain);
    const auto response = client.respond();
    SaslExchange exchange;
    const auto outcome = begin_sasl(exchange, SaslMechanism::plain, response->reveal());
    require(outcome.kind == SaslOutcome::Kind::credentials &&
                outcome.credentials.authcid == plain->authcid &&
                outcome.credentials.authzid == plain->authzid &&
                outcome.credentials.password.matches(plain->password.reveal()),
            "what our client says our server hears");
  }
  const auto lines = split_lines(octets);
  const auto mechanism = (seed & 1U) != 0 ? SaslMechanism::login : SaslMechanism::plain;
  SaslExchange exchange;
  SaslOutcome outcome =
      begin_sasl(exchange, mechanism,
                 (seed & 2U) != 0 ? std::optional<std::string_view>(lines.front()) : std::nullopt);
  std::size_t challenges = 0;
  for (const std::string& line : lines) {
    if (outcome.kind != SaslOutcome::Kind::challenge) break;
    require(++challenges <= 2, "no mechanism asks more than twice");
    outcome = continue_sasl(exchange, line);
  }
  require(outcome.kind == SaslOutcome::Kind::challenge || exchange == SaslExchange{},
          "an exchange that is over leaves nothing");
}

void examine_printable(View octets) {
  constexpr std::size_t kLimit = 64;
  const std::string shown = printable(octets, kLimit);
  require(std::ranges::all_of(shown, [](char c) { return c >= ' ' && c <= '~'; }),
          "what is shown can be shown");
  require(shown.size() <= 4 * kLimit + 40, "and is not longer than it may be");
}

void examine(std::uint8_t codec, std::uint8_t seed, View octets) {
  switch (codec) {
    case 'L':
      return examine_line_buffer(octets, seed);
    case 'F':
      return examine_front_line(octets, seed);
    case 'R':
      return examine_replies(octets, seed);
    case 'K':
      return examine_capabilities(octets, seed);
    case 'D':
      return examine_dot_decoder(octets, seed);
    case 'E':
      return examine_dot_encoder(octets, seed);
    case 'C':
      return examine_command(octets);
    case 'A':
      return examine_path(octets);
    case 'B':
      return examine_base64(octets);
    case 'X':
      return examine_xtext(octets);
    case 'S':
      return examine_sasl(octets, seed);
    case 'P':
      return examine_printable(octets);
    default:
      return;
  }
}

}  // namespace
}  // namespace assay::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return -1;
  assay::fuzz::examine(data[0], data[1], assay::View(data + 2, size - 2));
  return 0;
}
