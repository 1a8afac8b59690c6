#include "command_line.hpp"

#include "core/edit_distance.hpp"
#include "core/encoding.hpp"
#include "printable_text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/ranges.h>
#include <sysexits.h>

#include <algorithm>
#include <cstdio>

namespace byot::app {
namespace {

using word_list = std::vector<std::string>;

/// For a terminal: what could steer it is hidden, and what is long is cut.
std::string shown(std::string_view word) {
    constexpr std::size_t longest = 200;
    const auto text = printable_text(word, longest, '?');
    return text + (word.size() > longest ? "…" : "");
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), to_lower);
    return out;
}

/// The word of the list that is a few letters away, or begins as this one does; empty when none is.
std::string likely_word(std::string_view given, const word_list& known) {
    const auto word = lower(given.substr(0, 64));
    std::string likely;
    auto fewest = word.size() / 3 + 1;
    for (const auto& one : known) {
        const auto count = edit_distance(word, one);
        if (count < fewest) {
            likely = one;
            fewest = count;
        }
    }
    const auto begins_alike = [&word](const std::string& one) {
        return word.size() > 2 && one.starts_with(word);
    };
    if (likely.empty()) {
        const auto found = std::find_if(known.begin(), known.end(), begins_alike);
        if (found != known.end()) likely = *found;
    }
    return likely;
}

std::string did_you_mean(std::string_view given, const word_list& known) {
    const auto likely = likely_word(given, known);
    return likely.empty() ? "" : fmt::format("; did you mean {}?", likely);
}

word_list commands_of(const CLI::App& app) {
    word_list names;
    for (const auto* one : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(one->get_name());
    return names;
}

word_list options_of(const CLI::App& app) {
    word_list names;
    for (const auto* one : app.get_options()) {
        for (const auto& name : one->get_lnames()) names.push_back("--" + name);
        for (const auto& name : one->get_snames()) names.push_back("-" + name);
    }
    return names;
}

const CLI::App* command_called(const CLI::App& app, const std::string& name) {
    const auto all = app.get_subcommands([&name](const CLI::App* one) { return one->get_name() == name; });
    return all.empty() ? nullptr : all.front();
}

bool is_option(std::string_view word) {
    return word.size() > 1 && word.front() == '-';
}

/// The command that the words name, as far as there is one.
struct named_command {
    const CLI::App* app;
    std::string path; ///< "byot keyring new"
    std::size_t words;
};

named_command find_command(const CLI::App& program, const word_list& words) {
    named_command found{&program, program.get_name(), 0};
    while (found.words < words.size()) {
        const auto* const next = command_called(*found.app, words[found.words]);
        if (!next) break;
        found = {next, found.path + " " + next->get_name(), found.words + 1};
    }
    return found;
}

std::string see_help(const std::string& path) {
    return fmt::format("\nSee '{} --help'.", path);
}

std::string wrong_option(const named_command& in, const std::string& word) {
    const auto name = word.substr(0, word.find('='));
    return fmt::format("{}: unknown option {}{}{}", in.path, shown(name),
                       did_you_mean(name, options_of(*in.app)), see_help(in.path));
}

bool has_option(const CLI::App& app, const std::string& word) {
    const auto all = options_of(app);
    return std::find(all.begin(), all.end(), word.substr(0, word.find('='))) != all.end();
}

std::string wrong_words(const CLI::App& program, const word_list& words, const CLI::ParseError& error) {
    const auto in = find_command(program, words);
    for (auto i = in.words; i < words.size() && words[i] != "--"; ++i) {
        if (is_option(words[i]) && !has_option(*in.app, words[i])) return wrong_option(in, words[i]);
    }
    if (dynamic_cast<const CLI::ExtrasError*>(&error)) {
        const auto extra = fmt::format("{}", fmt::join(program.remaining(true), " "));
        return fmt::format("{}: unexpected argument: {}{}", in.path, shown(extra), see_help(in.path));
    }
    return fmt::format("{}: {}{}", in.path, shown(error.what()), see_help(in.path));
}

int refuse(const std::string& sentence) {
    fmt::print(stderr, "{}\n", sentence);
    return EX_USAGE;
}

} // namespace

word_list words_of(int argc, const char* const* argv) {
    word_list words(argv + std::min(argc, 1), argv + argc);
    if (words.empty() || words.front() != "help") return words;
    words.erase(words.begin());
    words.push_back("--help");
    return words;
}

std::optional<std::string> wrong_command(const CLI::App& program, const word_list& words) {
    const auto in = find_command(program, words);
    const auto commands = commands_of(*in.app);
    if (commands.empty()) return std::nullopt;
    if (in.words == words.size())
        return fmt::format("{}: a command is missing: {}{}", in.path, fmt::join(commands, ", "),
                           see_help(in.path));
    const auto& word = words[in.words];
    if (has_option(*in.app, word)) return std::nullopt;
    if (is_option(word)) return wrong_option(in, word);
    return fmt::format("{}: unknown command '{}'{}{}", in.path, shown(word), did_you_mean(word, commands),
                       see_help(in.path));
}

int run_command_line(CLI::App& program, const word_list& words, const int& status) {
    if (const auto wrong = wrong_command(program, words)) return refuse(*wrong);
    try {
        program.parse(word_list(words.rbegin(), words.rend()));
        return status;
    } catch (const CLI::Success& asked) { // for help or the version
        return program.exit(asked);
    } catch (const CLI::ParseError& error) {
        return refuse(wrong_words(program, words, error));
    }
}

} // namespace byot::app
