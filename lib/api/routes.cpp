#include "api/routes.hpp"

namespace byot::api {
namespace {

constexpr std::string_view rest_marker = "{path}";

/// Whether the pattern takes the path; `rest` is set when it ends in {path}.
bool matches(std::string_view pattern, std::string_view path, std::string_view& rest) noexcept {
    if (!pattern.ends_with(rest_marker)) return pattern == path;
    const auto front = pattern.substr(0, pattern.size() - rest_marker.size());
    if (!path.starts_with(front) || path.size() == front.size()) return false;
    rest = path.substr(front.size());
    return true;
}

} // namespace

bool is_limited(endpoint what) noexcept {
    return what != endpoint::live && what != endpoint::ready;
}

bool is_served(const route& row, served by) noexcept {
    switch (row.served_by) {
    case audience::every_role:
        return true;
    case audience::keys_role:
        return by.keys;
    case audience::ai_role:
        return by.ai;
    case audience::development:
        return by.development;
    }
    return false;
}

result<route_match> find_route(std::string_view method, std::string_view path, served by) {
    const auto wanted = method == "HEAD" ? std::string_view("GET") : method;
    bool is_known = false;
    for (const auto& row : route_table) {
        std::string_view rest;
        if (!is_served(row, by) || !matches(row.pattern, path, rest)) continue;
        if (row.method == wanted) return route_match{&row, rest};
        is_known = true;
    }
    if (!is_known) return failure(reason::route_unknown);
    return failure(reason::method_not_allowed).with("allow", allowed_methods(path, by));
}

std::string allowed_methods(std::string_view path, served by) {
    std::string methods;
    for (const auto& row : route_table) {
        std::string_view rest;
        if (!is_served(row, by) || !matches(row.pattern, path, rest)) continue;
        methods.append(row.method).append(", ");
        if (row.method == "GET") methods += "HEAD, ";
    }
    if (!methods.empty()) methods += "OPTIONS";
    return methods;
}

} // namespace byot::api
