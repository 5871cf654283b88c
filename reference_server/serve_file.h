// The file of `assay serve --config`: for each protocol its listeners, its key and certificate, and
// how people log in. docs/serve.md describes it; its example is tested.
#pragma once

#include "reference_server/server.h"

#include <tl/expected.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// The listeners by protocol, then as they stand in the file. The error is one line, with file,
/// line and column where a place is to blame: an unknown key, a value of the wrong kind, a key or
/// certificate that cannot be read or do not belong together, a file without a listener.
[[nodiscard]] tl::expected<std::vector<ListenerSpec>, std::string> load_listeners(
    const std::filesystem::path& path);
/// `file` names the text in errors; paths in it count from `directory`.
[[nodiscard]] tl::expected<std::vector<ListenerSpec>, std::string> parse_listeners(
    std::string_view text, std::string_view file, const std::filesystem::path& directory);

}  // namespace assay
