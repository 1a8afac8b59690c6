#include "config/unknown_variables.hpp"

#include "config/variables.hpp"
#include "core/edit_distance.hpp"

#include <algorithm>

namespace byot::config {
namespace {

constexpr std::string_view prefix = "BYOT_";
// A longer name is compared by its beginning: comparing takes time by length, and no name of ours is as long.
constexpr std::size_t longest_compared = 64;

std::string_view bare(std::string_view name) {
    return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

// A typo is a slip in a few letters.
bool is_slip_of(std::string_view unknown, std::string_view known) {
    const auto count = std::min(edit_distance(unknown, known), edit_distance(bare(unknown), known));
    return count * 3 <= bare(unknown).size();
}

bool has_words(std::string_view name, std::string_view words) {
    return ("_" + std::string(name) + "_").find("_" + std::string(words) + "_") != std::string::npos;
}

/// The only variable whose name is a part of this one, or of whose name this one is a part; or none.
std::string_view only_one_with_its_words(std::string_view unknown) {
    std::string_view only;
    for (const auto& v : variable_table()) {
        if (!has_words(bare(unknown), bare(v.name)) && !has_words(bare(v.name), bare(unknown))) continue;
        if (!only.empty()) return {};
        only = v.name;
    }
    return only;
}

std::string what_to_do_about(std::string_view name, std::string_view value) {
    if (is_service_link(name, value)) return std::string(whose_service_links_are);
    const auto meant = likely_name(name);
    if (meant.empty()) return "is not a known variable; `byot config-reference` lists them all";
    return "is not a known variable; did you mean " + std::string(meant) + "?";
}

bool is_known(std::string_view name) {
    const auto table = variable_table();
    return std::any_of(table.begin(), table.end(), [&](const variable& v) { return v.name == name; });
}

} // namespace

std::string_view nearest_name(std::string_view unknown) {
    unknown = unknown.substr(0, longest_compared);
    // A standard name with our prefix is a likely slip (BYOT_PORT).
    std::string_view nearest;
    auto fewest = static_cast<std::size_t>(-1);
    for (const auto& v : variable_table()) {
        const auto count = std::min(edit_distance(unknown, v.name), edit_distance(bare(unknown), v.name));
        if (count >= fewest) continue;
        nearest = v.name;
        fewest = count;
    }
    return nearest;
}

std::string_view likely_name(std::string_view unknown) {
    unknown = unknown.substr(0, longest_compared);
    const auto nearest = nearest_name(unknown);
    return is_slip_of(unknown, nearest) ? nearest : only_one_with_its_words(unknown);
}

bool is_service_link(std::string_view name, std::string_view value) {
    const auto has = [name](std::string_view part) { return name.find(part) != std::string_view::npos; };
    return value.starts_with("tcp://") || value.starts_with("udp://") || has("_SERVICE_HOST") ||
           has("_SERVICE_PORT") || (has("_PORT_") && (has("_TCP") || has("_UDP")));
}

std::vector<problem> find_unknown(const environment& variables) {
    std::vector<problem> out;
    for (auto at = variables.lower_bound(prefix); at != variables.end(); ++at) {
        const auto& [name, value] = *at;
        if (!name.starts_with(prefix)) break;
        if (value.empty() || is_known(name)) continue;
        out.push_back({name, what_to_do_about(name, value)});
    }
    return out;
}

} // namespace byot::config
