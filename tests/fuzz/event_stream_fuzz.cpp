// An event stream is read as the standard says (WHATWG HTML §9.2.6), however it is cut: against a plain
// reading of the whole text, whose JSON another parser reads. The first two bytes choose the cuts.

#include "fuzz/require.hpp"
#include "relay/event_reader.hpp"
#include "relay/event_tracker.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace byot;
using namespace byot::relay;

struct line {
    std::string name;
    std::string value;
    bool operator==(const line&) const = default;
};
using event = std::vector<line>; ///< all lines before an empty one, comments with the name ":"

struct plain_reading {
    std::vector<event> events;
    event begun; ///< whole lines without an empty one behind them
    bool is_cut_in_line = false;
};

line plain_line(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == 0) return {":", ""};
    if (colon == text.npos) return {std::string(text), ""};
    auto value = text.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    return {std::string(text.substr(0, colon)), std::string(value)};
}

plain_reading read_plainly(std::string_view text) {
    plain_reading read;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty()) {
        const auto end = text.find_first_of("\r\n");
        if (end == text.npos) {
            read.is_cut_in_line = true;
            break;
        }
        const auto content = text.substr(0, end);
        text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
        if (content.empty()) {
            read.events.push_back(std::exchange(read.begun, {}));
        } else {
            read.begun.push_back(plain_line(content));
        }
    }
    return read;
}

/// The names that the reader tells apart.
std::string known_name(const std::string& name) {
    for (const char* known : {"data", "event", "id", "retry", "error", ":"}) {
        if (name == known) return name;
    }
    return "?";
}

std::string name_of(event_field field) {
    static const char* const names[] = {"data", "event", "id", "retry", "error", ":", "?"};
    return names[static_cast<std::size_t>(field)];
}

/// Cuts of a text that the fuzzer chooses.
template <class Visit>
void for_each_piece(std::string_view text, std::uint32_t seed, std::size_t longest, Visit visit) {
    while (!text.empty()) {
        seed = seed * 1664525u + 1013904223u;
        const auto size = std::min<std::size_t>(1 + (seed >> 16) % longest, text.size());
        const std::string piece(
            text.substr(0, size)); // memory of its own, so that a byte beyond is found out
        visit(std::string_view(piece));
        text.remove_prefix(size);
    }
}

void check_reader(std::string_view text, const plain_reading& plain, std::uint32_t seed,
                  std::size_t longest) {
    event_reader reader;
    std::vector<event> events;
    event begun;
    std::optional<std::string> value;
    for_each_piece(text, seed, longest, [&](std::string_view piece) {
        reader.feed(piece);
        for (;;) {
            const auto token = reader.next();
            if (token.what == event_token::kind::need_more) break;
            if (token.what == event_token::kind::value) {
                fuzz::require(!token.value.empty() && fuzz::is_within(token.value, piece));
                value = value.value_or("") + std::string(token.value);
            } else if (token.what == event_token::kind::line_end) {
                begun.push_back({name_of(token.field), value.value_or("")});
                value.reset();
            } else {
                events.push_back(std::exchange(begun, {}));
            }
        }
    });
    auto wanted = plain;
    for (auto* each : {&wanted.begun}) wanted.events.push_back(*each);
    for (auto& lines : wanted.events) {
        for (auto& [name, unused] : lines) name = known_name(name);
    }
    events.push_back(begun);
    fuzz::require(events == wanted.events);
    const auto rest = std::string(reader.rest_of_event());
    fuzz::require(rest.empty() == (plain.begun.empty() && !plain.is_cut_in_line));
    // What is put behind the rest is an event of its own.
    const auto more = read_plainly(std::string(text) + rest + "data: last\n\n");
    fuzz::require(!more.events.empty() && more.events.back() == event{{"data", "last"}});
    fuzz::require(more.begun.empty() && !more.is_cut_in_line);
    fuzz::require(more.events.size() - plain.events.size() == (rest.empty() ? 1u : 2u));
}

/// What the members of an event's JSON are by another parser; nothing where that finds no JSON.
struct members {
    bool is_object = false;
    bool has_message = false;
    bool has_result = false;
    bool has_error = false;
    bool has_other = false;
    bool has_foreign_mark = false;
};

std::optional<members> members_of(const std::string& text) {
    boost::json::parse_options options;
    options.max_depth = 500;
    boost::system::error_code failed;
    const auto value = boost::json::parse(text, failed, {}, options);
    if (failed) return std::nullopt;
    members found;
    const auto* object = value.if_object();
    if (!object) return found;
    found.is_object = true;
    for (const auto& [name, member] : *object) {
        const std::string_view key(name.data(), name.size());
        if (key == "message")
            found.has_message = true;
        else if (key == "result")
            found.has_result = true;
        else if (key == "error")
            found.has_error = !member.is_null();
        else
            found.has_other = true;
        found.has_foreign_mark |= ((key == "type" || key == "jsonrpc") && member.is_string()) ||
                                  ((key == "choices" || key == "candidates") && member.is_array());
    }
    return found;
}

std::optional<std::string> joined(const event& lines, const char* name) {
    std::optional<std::string> text;
    for (const auto& [field, value] : lines) {
        if (field == name) text = text ? *text + "\n" + value : value;
    }
    return text;
}

/// Whether the event has a type that is not the default: what its last such line says.
bool has_type(const event& lines) {
    std::string type;
    for (const auto& [name, value] : lines) {
        if (name == "event") type = value;
    }
    return !type.empty() && type != "message";
}

/// The state by a plain reading; nothing where an event's JSON is none, of which a look at the top alone may
/// see less than another parser, or where an event is cut.
std::optional<stream_state> plain_state(const plain_reading& plain) {
    enum { unknown, genkit } protocol = unknown;
    bool has_foreign_line = false;
    for (const auto& lines : plain.events) {
        const auto data = joined(lines, "data");
        const auto error = joined(lines, "error");
        const bool is_named = has_type(lines);
        for (const auto& [name, value] : lines) has_foreign_line |= known_name(name) == "?";
        // A field without a value is no error, but it is a line of data.
        if (!data && (!error || error->empty())) {
            has_foreign_line |= is_named;
            continue;
        }
        if (!data && error->find_first_not_of('\n') == error->npos) return std::nullopt;
        const auto& text = data ? *data : *error;
        const auto start = text.find_first_not_of(" \t\r\n");
        if (start == text.npos && protocol == genkit) continue;
        if (start == text.npos || text[start] != '{') return stream_state::not_genkits;
        const auto seen = members_of(text);
        if (!seen) return std::nullopt;
        const bool has_any = seen->has_message || seen->has_result || seen->has_error;
        const bool is_foreign = protocol == unknown ? is_named || seen->has_other || !has_any
                                                    : !has_any && (is_named || seen->has_foreign_mark);
        if (data && is_foreign) return stream_state::not_genkits;
        protocol = genkit;
        if (!data || seen->has_result || seen->has_error) return stream_state::finished;
    }
    if (!plain.begun.empty() || plain.is_cut_in_line) return std::nullopt;
    if (protocol == unknown && has_foreign_line) return stream_state::not_genkits;
    return stream_state::unfinished;
}

void check_tracker(std::string_view text, const plain_reading& plain, std::uint32_t seed,
                   std::size_t longest) {
    event_tracker whole;
    whole.follow(text);
    event_tracker cut;
    for_each_piece(text, seed, longest, [&](std::string_view piece) { cut.follow(piece); });
    fuzz::require(whole.state() == cut.state());
    fuzz::require(whole.failure() == cut.failure() && whole.told_key_state() == cut.told_key_state());
    fuzz::require(whole.closing("m") == cut.closing("m"));
    if (const auto wanted = plain_state(plain)) fuzz::require(whole.state() == *wanted);
    if (whole.state() != stream_state::unfinished) return;
    const auto closed = read_plainly(std::string(text) + whole.closing("m"));
    fuzz::require(closed.events.back() ==
                  event{{"data", R"({"error":{"status":"UNAVAILABLE","message":"m"}})"}});
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
    const auto plain = read_plainly(text);
    const std::size_t longest = 1 + data[1] % 32u;
    for (const auto piece : {std::size_t{1}, longest, text.size() + 1}) {
        check_reader(text, plain, data[0], piece);
        check_tracker(text, plain, data[0], piece);
    }
    return 0;
}
