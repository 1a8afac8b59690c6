#include "config/rules.hpp"
#include "config/variable.hpp"

#include <algorithm>
#include <utility>

namespace byot::config {
namespace {

constexpr std::string_view prefix = "BYOT_";
// A longer name is compared by its beginning: comparing takes time by length, and no name of ours is as long.
constexpr std::size_t longest_compared = 64;

// Levenshtein's distance.
std::size_t edits(std::string_view a, std::string_view b) {
    std::vector<std::size_t> last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::swap(last, row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto substituted = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({substituted, last[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

bool is_known(std::string_view name) {
    const auto table = variable_table();
    return std::any_of(table.begin(), table.end(), [&](const variable& v) { return v.name == name; });
}

} // namespace

std::string_view nearest_name(std::string_view unknown) {
    unknown = unknown.substr(0, longest_compared);
    // A standard name with our prefix is a likely slip (BYOT_PORT).
    const auto bare = unknown.starts_with(prefix) ? unknown.substr(prefix.size()) : unknown;
    std::string_view nearest;
    auto fewest = static_cast<std::size_t>(-1);
    for (const auto& v : variable_table()) {
        const auto count = std::min(edits(unknown, v.name), edits(bare, v.name));
        if (count >= fewest) continue;
        nearest = v.name;
        fewest = count;
    }
    return nearest;
}

std::vector<problem> find_unknown(const environment& variables) {
    std::vector<problem> out;
    for (auto at = variables.lower_bound(prefix); at != variables.end(); ++at) {
        const auto& [name, value] = *at;
        if (!name.starts_with(prefix)) break;
        if (value.empty() || is_known(name)) continue;
        out.push_back(
            {name, "is not a known variable; did you mean " + std::string(nearest_name(name)) + "?"});
    }
    return out;
}

} // namespace byot::config
