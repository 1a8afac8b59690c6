#include "config/configuration.hpp"
#include "config/rules.hpp"
#include "config/variable.hpp"

#include <algorithm>
#include <iterator>

namespace byot::config {
namespace {

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Without the quotes around the whole, which `docker run --env-file` hands on.
std::string_view unquote(std::string_view text) {
    if (text.size() < 2 || text.front() != text.back()) return text;
    const auto inside = text.substr(1, text.size() - 2);
    const char quote = text.front();
    const bool is_quoted = (quote == '"' || quote == '\'') && inside.find(quote) == std::string_view::npos;
    return is_quoted ? inside : text;
}

// Until nothing is left to take away, or a description would not be read as what it describes.
std::string_view bare(std::string_view text) {
    while (true) {
        const auto inner = unquote(trim(text));
        if (inner.size() == text.size()) return inner;
        text = inner;
    }
}

/// What is around a value in files that are read as an environment, and never part of it: blanks and line
/// ends
/// (`echo` into a secret, a file from Windows), and quotes.
environment as_meant(const environment& variables) {
    environment meant;
    for (const auto& [name, value] : variables) meant.emplace(name, bare(value));
    return meant;
}

complaint read(const variable& row, const environment& variables, configuration& into) {
    if (!row.fallback.text.empty()) row.read(row.fallback.text, into);
    if (!is_set(variables, row.name)) {
        if (row.fallback.is_missing) return "is required: " + std::string(row.meaning);
        return {};
    }
    const auto& text = variables.find(row.name)->second;
    if (has_control_character(text)) return "must not hold a control character, such as a line's end";
    if (is_service_link(row.name, text)) return std::string(whose_service_links_are);
    return row.read(text, into);
}

// What must be there only beside others is asked of the environment and not of the values: a value that was
// refused has its problem already.
void check_needed(const environment& variables, const configuration& values, std::vector<problem>& out) {
    if (values.role != role::keys && !is_set(variables, "BYOT_GENKIT_URL"))
        out.push_back({"BYOT_GENKIT_URL", "is required when BYOT_ROLE is all or ai"});
    if (!is_set(variables, "BYOT_FIREBASE_PROJECT") && !is_set(variables, "GOOGLE_CLOUD_PROJECT"))
        out.push_back({"BYOT_FIREBASE_PROJECT", "is required when GOOGLE_CLOUD_PROJECT is not set"});
}

void append(std::vector<problem> more, std::vector<problem>& out) {
    std::move(more.begin(), more.end(), std::back_inserter(out));
}

} // namespace

bool is_set(const environment& variables, std::string_view name) {
    const auto found = variables.find(name);
    return found != variables.end() && !found->second.empty();
}

parsed parse(const environment& given) {
    const auto variables = as_meant(given);
    parsed out;
    for (const auto& row : variable_table()) {
        if (auto wrong = read(row, variables, out.values))
            out.problems.push_back({std::string(row.name), std::move(*wrong)});
    }
    check_needed(variables, out.values, out.problems);
    settle_defaults(variables, out.values);
    append(check_together(out.values), out.problems);
    append(find_unknown(variables), out.problems);
    return out;
}

} // namespace byot::config
