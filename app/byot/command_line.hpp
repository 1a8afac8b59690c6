#pragma once

#include <CLI/App.hpp>

#include <optional>
#include <string>
#include <vector>

namespace byot::app {

/// The words of a command line without the program's name, `help [COMMAND …]` as `COMMAND … --help`.
std::vector<std::string> words_of(int argc, const char* const* argv);

/// What is wrong with the command that the words name: none, or one that is not there, with the one that was
/// probably meant. One or two lines; nothing when the command is there.
std::optional<std::string> wrong_command(const CLI::App& program, const std::vector<std::string>& words);

/// Runs the command that the words name. Help and version go to standard output, with 0; what is wrong with
/// the words goes to standard error in one or two lines, with 64 (EX_USAGE), and `status` stays as it was.
int run_command_line(CLI::App& program, const std::vector<std::string>& words, const int& status);

} // namespace byot::app
