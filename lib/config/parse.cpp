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

complaint read(const variable& row, const environment& variables, configuration& into) {
    if (!is_set(variables, row.name)) {
        if (row.fallback.is_missing) return "is required: " + std::string(row.meaning);
        return row.fallback.text.empty() ? complaint() : row.read(row.fallback.text, into);
    }
    const auto& text = variables.find(row.name)->second;
    if (has_control_character(text)) return "must not hold a control character, such as a line's end";
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

parsed parse(const environment& variables) {
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
