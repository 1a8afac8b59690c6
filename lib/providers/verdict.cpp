#include "providers/verdict.hpp"

#include "core/json.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace byot::providers {
namespace {

using boost::json::value;
using form = answer_condition::form;

/// A string, or a number or boolean as JSON writes it.
std::string text_of(const value& of) {
    if (const auto* const text = of.if_string()) return std::string(*text);
    if (const auto* const number = of.if_int64()) return std::to_string(*number);
    if (const auto* const is_so = of.if_bool()) return *is_so ? "true" : "false";
    return {};
}

bool is_not_positive(const value& of) noexcept {
    if (const auto* const number = of.if_int64()) return *number <= 0;
    const auto* const number = of.if_double();
    return number && *number <= 0;
}

bool has_form(const value& found, const answer_condition& wanted) {
    switch (wanted.how) {
    case form::any_object:
        return found.is_object();
    case form::any_list:
        return found.is_array();
    case form::exactly:
        return text_of(found) == wanted.text;
    case form::beginning:
        return found.is_string() && text_of(found).starts_with(wanted.text);
    case form::not_positive:
        return is_not_positive(found);
    }
    return false;
}

/// Whether a value at the end of the path from `at` has the form.
bool meets(const value& at, std::string_view path, const answer_condition& wanted) {
    if (path.empty()) return has_form(at, wanted);
    if (const auto* const list = at.if_array()) {
        return std::any_of(list->begin(), list->end(),
                           [&](const value& each) { return meets(each, path, wanted); });
    }
    const auto* const object = at.if_object();
    if (!object) return false;
    const auto name = path.substr(0, path.find('.'));
    const auto* const member = object->if_contains(name);
    return member && meets(*member, path.substr(std::min(name.size() + 1, path.size())), wanted);
}

bool meets_all(const value& answer, const provider_statement& row) {
    return std::all_of(row.when.begin(), row.when.end(), [&](const answer_condition& each) {
        return each.member.empty() || meets(answer, each.member, each);
    });
}

} // namespace

std::string_view name_of(verdict said) noexcept {
    constexpr std::array<std::string_view, 4> names{"accepted", "refused", "exhausted", "unreachable"};
    return names[static_cast<std::size_t>(said)];
}

verdict judge(const provider& asked, unsigned status, std::string_view body) {
    const auto is_spoken_of = [&](const provider_statement& row) { return row.status == status; };
    if (std::none_of(asked.statements.begin(), asked.statements.end(), is_spoken_of))
        return verdict::unreachable;
    const auto answer = parse_json(body);
    if (!answer || !answer->is_object()) return verdict::unreachable;
    const auto said =
        std::find_if(asked.statements.begin(), asked.statements.end(), [&](const provider_statement& row) {
            return row.status == status && meets_all(*answer, row);
        });
    return said == asked.statements.end() ? verdict::unreachable : said->says;
}

} // namespace byot::providers
