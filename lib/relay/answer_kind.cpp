#include "relay/answer_kind.hpp"

#include "core/encoding.hpp"
#include "http/characters.hpp"
#include "relay/event_reader.hpp"

#include <algorithm>
#include <cstdint>

namespace byot::relay {
namespace {

constexpr std::string_view event_stream = "text/event-stream";

/// The media type without parameters.
std::string_view media_type(std::string_view content_type) noexcept {
    return http::trim_blanks(content_type.substr(0, content_type.find(';')));
}

/// What else Genkit's servers call a stream.
enum class other_label : std::uint8_t { none, plain, html };

other_label other_label_of(const http::response_head& upstream, bool asked_for_stream) noexcept {
    if (!asked_for_stream || upstream.status != 200 || upstream.is_coded) return other_label::none;
    const auto type = media_type(upstream.content_type);
    if (http::equals_lower(type, "text/plain")) return other_label::plain;
    return http::equals_lower(type, "text/html") ? other_label::html : other_label::none;
}

/// How a text begins.
enum class beginning : std::uint8_t {
    nothing,   ///< no content has come
    undecided, ///< so far it may be either, and more is to come
    stream,
    text,
};

/// Reads a text until it tells. A line of data, an error or an event's type is a stream's. Comments, ids and
/// retry times are found in other texts too: alone they are none.
class beginning_reader {
public:
    void feed(std::string_view content) noexcept {
        reader_.feed(content);
        while (told_ == beginning::undecided) {
            const auto token = reader_.next();
            if (token.what == event_token::kind::need_more) return;
            if (token.what == event_token::kind::event_end) {
                has_block_ |= has_line_;
            } else {
                has_line_ = true;
                told_ = by_field(token.field);
            }
        }
    }

    beginning so_far() const noexcept {
        if (told_ != beginning::undecided) return told_;
        const auto line = of_line_begun();
        if (line != beginning::undecided) return line;
        return has_block_ ? beginning::stream : beginning::undecided;
    }

    /// When no more is to come.
    beginning at_end() const noexcept {
        const auto told = told_ == beginning::undecided ? of_line_begun() : told_;
        return told == beginning::stream ? beginning::stream : beginning::text;
    }

private:
    /// A name may go on, and be none then.
    beginning of_line_begun() const noexcept {
        if (!reader_.is_in_line()) return beginning::undecided;
        const auto line = by_field(reader_.field_so_far());
        return reader_.is_in_name() && line == beginning::stream ? beginning::undecided : line;
    }

    static beginning by_field(event_field field) noexcept {
        switch (field) {
        case event_field::data:
        case event_field::event:
        case event_field::error:
            return beginning::stream;
        case event_field::id:
        case event_field::retry:
        case event_field::comment:
            return beginning::undecided;
        case event_field::unknown:
            break;
        }
        return beginning::text;
    }

    event_reader reader_;
    beginning told_ = beginning::undecided;
    bool has_line_ = false;
    bool has_block_ = false; ///< lines with an empty one behind them
};

/// What has said nothing for so long is padding, as some servers begin a stream with.
constexpr std::uint64_t most_undecided = 1024;

beginning beginning_of(http::body_framing body, std::string_view bytes) noexcept {
    beginning_reader reader;
    bool is_more_to_come = !body.is_finished();
    while (is_more_to_come) {
        const auto step = body.next(bytes);
        reader.feed(step.content);
        bytes.remove_prefix(step.used);
        if (step.what == http::framing_step::kind::need_more) break;
        is_more_to_come = step.what == http::framing_step::kind::piece && !body.is_finished();
    }
    if (body.content_seen() == 0) return beginning::nothing;
    if (!is_more_to_come) return reader.at_end();
    const auto now = reader.so_far();
    const bool is_padding = now == beginning::undecided && body.content_seen() > most_undecided;
    return is_padding ? beginning::stream : now;
}

/// Whether the body has neither ended nor broken its framing in these bytes.
bool is_more_due(http::body_framing body, std::string_view bytes) noexcept {
    return !body.is_finished() && body.next(bytes).what == http::framing_step::kind::need_more;
}

/// Takes what is in front of the next `separator`, and it too. Inside of quotes it is none (RFC 9110 §5.6.4).
std::string_view take_until(std::string_view& text, char separator) noexcept {
    bool is_quoted = false;
    std::size_t end = 0;
    for (; end < text.size() && (is_quoted || text[end] != separator); ++end) {
        if (text[end] == '"') is_quoted = !is_quoted;
        if (is_quoted && text[end] == '\\') ++end;
    }
    end = std::min(end, text.size());
    const auto taken = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return http::trim_blanks(taken);
}

/// A weight of zero is "not acceptable" (RFC 9110 §12.4.2): 0, 0., 0.0 to 0.000.
bool is_zero_weight(std::string_view parameter) noexcept {
    const auto equals = parameter.find('=');
    if (!http::equals_lower(http::trim_blanks(parameter.substr(0, equals)), "q")) return false;
    if (equals == parameter.npos) return false;
    const auto weight = http::trim_blanks(parameter.substr(equals + 1));
    return weight.starts_with('0') && weight.find_first_not_of("0.") == weight.npos;
}

bool is_escape(std::string_view text) noexcept {
    return text.size() >= 3 && text[0] == '%' && hex_value(text[1]) >= 0 && hex_value(text[2]) >= 0;
}

/// Whether encoded text is `plain` once decoded. What is no escape stands for itself.
bool decodes_to(std::string_view text, std::string_view plain) noexcept {
    for (const char wanted : plain) {
        if (text.empty()) return false;
        const bool is_escaped = is_escape(text);
        const char c =
            is_escaped ? static_cast<char>(hex_value(text[1]) * 16 + hex_value(text[2])) : text.front();
        if (c != wanted) return false;
        text.remove_prefix(is_escaped ? 3 : 1);
    }
    return text.empty();
}

} // namespace

bool accepts_event_stream(std::string_view accept) noexcept {
    while (!accept.empty()) {
        auto range = take_until(accept, ',');
        if (!http::equals_lower(take_until(range, ';'), "text/event-stream")) continue;
        bool is_refused = false;
        while (!range.empty()) is_refused |= is_zero_weight(take_until(range, ';'));
        if (!is_refused) return true;
    }
    return false;
}

bool query_asks_for_stream(std::string_view query) noexcept {
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        const auto equals = pair.find('=');
        if (equals == pair.npos || !decodes_to(pair.substr(0, equals), "stream")) continue;
        if (decodes_to(pair.substr(equals + 1), "true")) return true;
    }
    return false;
}

answer_kind kind_of_answer(const http::response_head& upstream, bool asked_for_stream,
                           std::string_view bytes) {
    answer_kind kind{upstream.content_type, false, false};
    const auto label = other_label_of(upstream, asked_for_stream);
    if (label != other_label::none) {
        const auto begun = beginning_of(upstream.body, bytes);
        const bool is_stream =
            begun == beginning::stream || (begun == beginning::nothing && label == other_label::plain);
        if (is_stream) kind.content_type = event_stream;
    }
    const auto type = media_type(kind.content_type);
    const bool is_unlabelled =
        type.empty() && asked_for_stream && upstream.status == 200 && !upstream.is_coded;
    kind.is_event_stream = is_unlabelled || http::equals_lower(type, event_stream);
    kind.is_followed = kind.is_event_stream && upstream.status == 200 && !upstream.is_coded;
    return kind;
}

bool is_content_due(const http::response_head& upstream, bool asked_for_stream,
                    std::string_view bytes) noexcept {
    const auto label = other_label_of(upstream, asked_for_stream);
    if (label == other_label::none) return false;
    const auto begun = beginning_of(upstream.body, bytes);
    if (begun != beginning::nothing) return begun == beginning::undecided;
    return is_more_due(upstream.body, bytes) && (label == other_label::html || upstream.body.length());
}

} // namespace byot::relay
