#include "core/json.hpp"

#include "core/json_events.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace byot {
namespace {

namespace json = boost::json;
using json::error_code;

constexpr std::size_t usual_levels = 32;

/// The names of the objects that are open, to see one that comes twice. Sorting bounds the work, whatever
/// names a stranger chooses.
class open_names {
public:
    void open() { first_.push_back(names_.size()); }
    void add_part(std::string_view part) { part_ += part; }
    void add(std::string_view rest) {
        names_.push_back(part_.append(rest));
        part_.clear();
    }
    /// Whether the innermost object had each name once; its names go.
    bool close() {
        const auto from = names_.begin() + static_cast<std::ptrdiff_t>(first_.back());
        std::sort(from, names_.end());
        const bool is_unique = std::adjacent_find(from, names_.end()) == names_.end();
        names_.erase(from, names_.end());
        first_.pop_back();
        return is_unique;
    }

private:
    std::vector<std::string> names_;
    std::vector<std::size_t> first_;
    std::string part_;
};

/// The double nearest to the number; infinite when it is too large. Boost.JSON's own reading can be off by
/// some units in the last place, so that what was written would not be what is read.
double nearest_double(json::string_view text, double approximate) {
    double exact = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), exact);
    if (read.ec == std::errc()) return exact;
    const double limit = std::abs(approximate) > 1 ? std::numeric_limits<double>::infinity() : 0.0;
    return std::copysign(limit, approximate);
}

/// Boost.JSON's own builder of values with the rules that its parser lacks: names are unique, numbers finite
/// and exact. The rest (UTF-8, surrogates, control characters, depth) is `basic_parser`'s.
struct strict_builder : json_events {
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();

    json::value_stack values;
    open_names names;

    bool on_object_begin(error_code&) {
        names.open();
        return true;
    }
    bool on_object_end(std::size_t count, error_code& error) {
        if (!names.close()) return refuse(error);
        values.push_object(count);
        return true;
    }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t count, error_code&) {
        values.push_array(count);
        return true;
    }
    bool on_key_part(json::string_view part, std::size_t, error_code&) {
        names.add_part(part);
        values.push_chars(part);
        return true;
    }
    bool on_key(json::string_view rest, std::size_t, error_code&) {
        names.add(rest);
        values.push_key(rest);
        return true;
    }
    bool on_string_part(json::string_view part, std::size_t, error_code&) {
        values.push_chars(part);
        return true;
    }
    bool on_string(json::string_view rest, std::size_t, error_code&) {
        values.push_string(rest);
        return true;
    }
    bool on_int64(std::int64_t number, json::string_view, error_code&) {
        values.push_int64(number);
        return true;
    }
    bool on_uint64(std::uint64_t number, json::string_view, error_code&) {
        values.push_uint64(number);
        return true;
    }
    bool on_double(double approximate, json::string_view text, error_code& error) {
        const double number = nearest_double(text, approximate);
        if (!std::isfinite(number)) return refuse(error);
        values.push_double(number);
        return true;
    }
    bool on_bool(bool value, error_code&) {
        values.push_bool(value);
        return true;
    }
    bool on_null(error_code&) {
        values.push_null();
        return true;
    }

private:
    static bool refuse(error_code& error) {
        error = json::error::syntax;
        return false;
    }
};

json::parse_options strict_options(std::size_t deepest) {
    json::parse_options options;
    options.max_depth = deepest;
    options.allow_comments = false;
    options.allow_trailing_commas = false;
    options.allow_invalid_utf8 = false;
    return options;
}

} // namespace

std::optional<json::value> parse_json(std::string_view text) {
    return parse_json(text, usual_levels);
}

std::optional<json::value> parse_json(std::string_view text, std::size_t deepest) {
    json::basic_parser<strict_builder> parser(strict_options(deepest));
    auto& values = parser.handler().values;
    values.reset();
    error_code error;
    const auto used = parser.write_some(false, text.data(), text.size(), error);
    if (error || used != text.size()) return std::nullopt;
    return values.release();
}

std::optional<json::object> parse_json_object(std::string_view text) {
    auto value = parse_json(text);
    if (!value || !value->is_object()) return std::nullopt;
    return std::move(value->get_object());
}

std::optional<std::string_view> string_member(const json::object& object, std::string_view name) {
    const auto* const value = object.if_contains(name);
    if (!value || !value->is_string()) return std::nullopt;
    return std::string_view(value->get_string());
}

} // namespace byot
