// What the tables of faults share.
#include "harness/base/words.h"
#include "suites/faults/faults.h"

namespace assay::faults {

void in_session(Faults& faults, void (*add)(SessionHooks& hooks)) { faults.session.push_back(add); }

void change_leaf(Faults& faults, std::function<void(CertificateSpec&)> change) {
  faults.chain.change_leaf = std::move(change);
}
void change_intermediate(Faults& faults, std::function<void(CertificateSpec&)> change) {
  faults.chain.change_intermediate = std::move(change);
}

bool in_phase(const SessionState& state, SmtpState::Phase phase) {
  const auto* smtp = std::get_if<SmtpState>(&state.protocol);
  return smtp != nullptr && smtp->phase == phase;
}

bool is_command(View unit, std::string_view verb) {
  const std::string_view text = text_of(unit);
  if (verb.empty() || !starts_with_ignoring_case(text, verb)) return false;
  return text.size() == verb.size() || text[verb.size()] == ' ' || text[verb.size()] == '\r';
}

std::vector<Bytes> reply_lines(View octets) {
  std::vector<Bytes> lines;
  while (!octets.empty()) {
    const std::size_t end = find(octets, "\r\n");
    const std::size_t size = end == npos ? octets.size() : end + 2;
    lines.push_back(bytes_of(octets.first(size)));
    octets = octets.subspan(size);
  }
  return lines;
}

Step answer_line(View input, std::string_view reply, Step::Next next) {
  const std::size_t end = find(input, "\r\n");
  if (end == npos) return {};
  return {end + 2, bytes_of(reply), next};
}

}  // namespace assay::faults
