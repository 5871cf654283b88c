// The account file: what a tester lends Assay of a subject (login, a recipient, how it is
// configured). Used by the commands that test a server. A password is never printed and never
// stands in a message.
#pragma once

#include "harness/check/subject.h"

#include <tl/expected.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace assay {

struct AccountFile {
  Account account;        // all but sink_read, which has to be opened first
  std::string sink_read;  // maildir:PATH, a pop3s:// URL or listen:PORT; empty where none is given
  std::string base_dn;
  std::filesystem::path client_cert;
  std::filesystem::path client_key;
};

/// Refuses a file that others may read, an unknown key and a value of the wrong kind, saying where.
[[nodiscard]] tl::expected<AccountFile, std::string> load_account(
    const std::filesystem::path& path);
[[nodiscard]] tl::expected<AccountFile, std::string> parse_account(std::string_view text,
                                                                   std::string_view file);

}  // namespace assay
