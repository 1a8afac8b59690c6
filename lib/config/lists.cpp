#include "config/addresses.hpp"
#include "config/names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace byot::config {
namespace {

std::string_view trim(std::string_view text) {
    const auto first = std::min(text.find_first_not_of(' '), text.size());
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// The items, when `check` accepts each; else the first complaint, by the item's place.
complaint read_list(std::string_view text, complaint (*check)(std::string_view),
                    std::vector<std::string>& into) {
    std::vector<std::string> items;
    for (const auto item : split_list(text)) {
        const auto place = items.size() + 1;
        if (item.empty()) return fmt::format("item {}: is empty", place);
        if (const auto wrong = check(item)) return fmt::format("item {}: {}", place, *wrong);
        if (std::find(items.begin(), items.end(), item) != items.end())
            return fmt::format("item {}: is there twice", place);
        items.emplace_back(item);
    }
    into = std::move(items);
    return {};
}

} // namespace

std::vector<std::string_view> split_list(std::string_view text) {
    std::vector<std::string_view> items;
    while (true) {
        const auto comma = text.find(',');
        items.push_back(trim(text.substr(0, comma)));
        if (comma == std::string_view::npos) return items;
        text.remove_prefix(comma + 1);
    }
}

complaint read_origins(std::string_view text, configuration& into) {
    return read_list(text, check_origin, into.allowed_origins);
}

std::string print_origins(const configuration& from) {
    return fmt::format("{}", fmt::join(from.allowed_origins, ","));
}

complaint read_providers(std::string_view text, configuration& into) {
    return read_list(text, check_provider_name, into.providers);
}

std::string print_providers(const configuration& from) {
    return fmt::format("{}", fmt::join(from.providers, ","));
}

} // namespace byot::config
