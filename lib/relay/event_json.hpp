#pragma once

#include "vault/key_record.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace byot::relay {

/// By what name a flow says that its provider refused the key: a field of its answer, or a member of the
/// `details` of an error in a stream that had begun.
inline constexpr std::string_view key_state_name = "x-byot-key-state";

/// The states that a flow can tell, rejected and exhausted; nothing for any other text.
std::optional<vault::key_state> parse_told_state(std::string_view text) noexcept;

/// Looks at the members of an event's JSON object as it arrives: which there are at its top, and what Genkit
/// says in an error (`status`, and `x-byot-key-state` in `details`). Names are read as JSON reads them,
/// escapes and all. Values that nobody asks about are passed over by their brackets and quotes, however large
/// or deep; nothing is kept of them and nothing allocated.
class event_json {
public:
    /// What an object is looked at for.
    enum class kind : std::uint8_t {
        wrapped,   ///< `{"message": …}`, `{"result": …}` or `{"error": {…}}`
        bare_error ///< the error itself may be the whole, as Genkit's server for Next sends it
    };

    /// Begins with a new text.
    void begin(kind what) noexcept;
    void feed(std::string_view piece) noexcept;
    /// The text goes on in another line.
    void break_line() noexcept;

    /// Whether a whole object has passed, and nothing else.
    bool is_whole() const noexcept { return state_ == state::done; }
    /// Whether what has passed is no object's beginning, however it goes on.
    bool is_malformed() const noexcept { return state_ == state::malformed; }
    /// Whether nothing but blanks has passed.
    bool is_blank() const noexcept { return state_ == state::text_start; }
    /// Whether what is no blank begins as an object does, sound or not.
    bool is_object_begun() const noexcept { return is_object_begun_; }

    bool has_message() const noexcept { return has_message_; }
    bool has_result() const noexcept { return has_result_; }
    /// An error that is null is none.
    bool has_error() const noexcept { return has_error_; }
    /// Whether there is a member beside those three.
    bool has_other() const noexcept { return has_other_; }
    /// Whether a name at the top has begun that can become none of those three.
    bool is_in_other_name() const noexcept;
    /// Whether there is a member by which another protocol tells what an event is: `type` (the AI SDK,
    /// Anthropic, OpenAI's Responses, AG-UI) or `jsonrpc` (MCP) with a text, `choices` (OpenAI) or
    /// `candidates` (Gemini) with a list.
    bool has_foreign_mark() const noexcept { return foreign_marks_ != 0; }

    /// The HTTP status that the error's own stands for; 500 when it has none that is known.
    unsigned error_status() const noexcept { return status_; }
    /// What the error says of the key.
    std::optional<vault::key_state> key_state() const noexcept { return key_state_; }

private:
    enum class state : std::uint8_t {
        text_start,
        name_or_end, ///< behind '{'
        name_start,  ///< behind ',' in an object
        colon,
        value_or_end, ///< behind '[' of an array that is looked into
        value_start,
        scalar,
        value_end, ///< ',' or the closing bracket is due
        skipping,  ///< in a value that is passed over
        done,
        malformed,
    };
    /// What is looked into: the path from the top.
    enum class level : std::uint8_t { top, error, details, details_list, details_item };
    enum class member : std::uint8_t {
        other,
        message,
        result,
        error,
        status,
        details,
        key_state,
        type, ///< this and what follows are marks of other protocols: with a text …
        jsonrpc,
        choices, ///< … or with a list
        candidates,
    };
    /// The string that the cursor is in.
    enum class text_use : std::uint8_t { none, skipped, name, value };

    void feed_one(char c) noexcept;
    void take_structure(char c) noexcept;
    void begin_value(char c) noexcept;
    void begin_container(char c) noexcept;
    void begin_member() noexcept;
    void note_foreign_mark(char c) noexcept;
    void close(char c) noexcept;
    void skip_structure(char c) noexcept;

    std::size_t skip_text(std::string_view piece) noexcept;
    void take_text(char c) noexcept;
    void keep(char c) noexcept;
    void end_text() noexcept;

    level here() const noexcept { return path_[depth_ - 1]; }
    member member_named(std::string_view name) const noexcept;
    std::optional<level> level_below(char bracket) const noexcept;

    state state_ = state::text_start;
    text_use text_use_ = text_use::none;
    kind kind_ = kind::wrapped;
    member member_ = member::other;
    std::array<level, 4> path_{};
    std::uint8_t depth_ = 0;          ///< of `path_`
    std::uint64_t skipped_depth_ = 0; ///< brackets open in what is passed over

    // Of a name, or of a value that is asked about: as much as tells it from all others.
    std::array<char, 24> text_{};
    std::uint8_t text_size_ = 0;
    bool is_escaped_ = false;
    std::uint8_t hex_digits_ = 0; ///< that are due
    std::uint16_t code_unit_ = 0;

    bool has_message_ = false;
    bool has_result_ = false;
    bool has_error_ = false;
    bool has_other_ = false;
    std::uint8_t foreign_marks_ = 0; ///< a bit for each
    bool is_object_begun_ = false;
    unsigned status_ = 500;
    std::optional<vault::key_state> key_state_;
};

} // namespace byot::relay
