#include "clients/sent_commands.h"

namespace assay {

void SentCommands::note(View octets) {
  unfinished_ += text_of(octets);
  for (std::size_t end = unfinished_.find("\r\n"); end != std::string::npos;
       end = unfinished_.find("\r\n")) {
    lines_.push_back(unfinished_.substr(0, end));
    unfinished_.erase(0, end + 2);
  }
}

}  // namespace assay
