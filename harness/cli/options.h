// The option model: what each command can be told, as --help shows it.
#pragma once

#include "harness/cli/commands.h"

#include <CLI/CLI.hpp>

#include <string>

namespace assay {

inline constexpr const char* kExitCodes =
    "Exit codes: 0 nothing unexpected, 1 unexpected fail or pass, 2 usage or configuration, 3 not "
    "testable,\n"
    "4 inconclusive left and asked for, 70 internal error, 128+n by signal.";

/// `seed` takes the text of --seed, in hex.
void add_check(CLI::App& app, CheckOptions& options, std::string& seed);
void add_client(CLI::App& app, ClientOptions& options, std::string& seed);
void add_serve(CLI::App& app, ServeOptions& options);

}  // namespace assay
