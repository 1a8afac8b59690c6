#pragma once

#include "http/head_cursor.hpp"
#include "http/request_head.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace byot::http {

/// The values of a field's lines in the order they came, without white space around them (RFC 9110 §5.3).
/// One that came once costs nothing; the lines of a repeated one are looked for in the head again.
class field_lines {
public:
    field_lines(const request_head& head, field name) noexcept;
    /// The next line's value; nothing behind the last.
    std::optional<std::string_view> next() noexcept;

private:
    field name_;
    std::optional<std::string_view> only_;
    head_cursor rest_;
};

/// All lines of a field as one value, joined by ", ".
std::string joined_lines(const request_head& head, field name);
/// How long that is.
std::size_t joined_size(const request_head& head, field name) noexcept;

/// The elements of a comma list of tokens, without white space around them. Empty ones are passed over (RFC
/// 9110 §5.6.1.2).
class list_elements {
public:
    explicit list_elements(std::string_view list) noexcept : rest_(list) {}
    std::optional<std::string_view> next() noexcept;

private:
    std::string_view rest_;
};

/// How many elements a list field has in all its lines, and how many of them are `token` (in lower case;
/// compared without case).
struct element_count {
    std::size_t all = 0;
    std::size_t equal = 0;
};
element_count count_elements(const request_head& head, field name, std::string_view token) noexcept;

} // namespace byot::http
