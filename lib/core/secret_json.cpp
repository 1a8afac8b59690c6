#include "core/secret_json.hpp"

#include "core/json_events.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <array>
#include <limits>

namespace byot {
namespace {

using kind = json_token::kind;

// What Boost.JSON's parser tells, piece by piece, gathered in the locked memory of `out`.
struct token_collector : json_events {
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

    using piece = boost::json::string_view;

    explicit token_collector(std::size_t room) { out.memory = secret(room); }

    bool on_object_begin(error_code&) { return add(kind::object_begin); }
    bool on_object_end(std::size_t, error_code&) { return add(kind::object_end); }
    bool on_array_begin(error_code&) { return add(kind::array_begin); }
    bool on_array_end(std::size_t, error_code&) { return add(kind::array_end); }

    bool on_key_part(piece part, std::size_t, error_code&) { return gather(part); }
    bool on_key(piece part, std::size_t size, error_code&) { return gather(part) && add(kind::name, size); }
    bool on_string_part(piece part, std::size_t, error_code&) { return gather(part); }
    bool on_string(piece part, std::size_t size, error_code&) {
        return gather(part) && add(kind::string, size);
    }

    bool on_int64(std::int64_t number, piece, error_code&) {
        out.tokens.push_back({kind::integer, {}, number});
        return true;
    }
    bool on_uint64(std::uint64_t, piece, error_code&) { return add(kind::other); } // that no int64 holds
    bool on_double(double, piece, error_code&) { return add(kind::other); }
    bool on_bool(bool, error_code&) { return add(kind::other); }
    bool on_null(error_code&) { return add(kind::null); }

    secret_json out;

private:
    bool gather(piece part) {
        out.memory.append({part.data(), part.size()});
        return true;
    }
    bool add(kind what) {
        out.tokens.push_back({what, {}, 0});
        return true;
    }
    bool add(kind what, std::size_t size) {
        const auto all = out.memory.expose();
        out.tokens.push_back({what, all.substr(all.size() - size), 0});
        return true;
    }
};

constexpr std::size_t deepest = 4;

// Not inlined, so that what the parser leaves on the stack lies below the caller, who wipes it.
[[gnu::noinline]] std::optional<secret_json> parse(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = deepest;
    boost::json::basic_parser<token_collector> parser(options, text.size());
    boost::json::error_code error;
    const auto read = parser.write_some(false, text.data(), text.size(), error);
    if (error || read != text.size() || !parser.done()) return std::nullopt;
    return std::move(parser.handler().out);
}

} // namespace

std::optional<secret_json> read_secret_json(std::string_view text) {
    if (text.empty()) return std::nullopt;
    auto parsed = parse(text);
    wipe_stack();
    return parsed;
}

void append_json_string(secret& out, std::string_view text) noexcept {
    constexpr std::string_view digits = "0123456789abcdef";
    out.append("\"");
    for (const char& c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20) {
            const std::array escaped{'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
            out.append({escaped.data(), escaped.size()});
        } else {
            if (c == '"' || c == '\\') out.append("\\");
            out.append({&c, 1});
        }
    }
    out.append("\"");
}

} // namespace byot
