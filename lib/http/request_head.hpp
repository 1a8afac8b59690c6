#pragma once

#include "core/failure.hpp"
#include "http/head_cursor.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace byot::http {

/// The request fields that this service reads; all others are checked for form and passed over.
enum class field : std::uint8_t {
    accept,
    accept_language,
    access_control_request_headers,
    access_control_request_method,
    authorization,
    baggage,
    connection,
    content_encoding,
    content_length,
    content_type,
    expect,
    host,
    origin,
    traceparent,
    tracestate,
    transfer_encoding,
    x_byot_provider,
    x_cloud_trace_context,
    x_firebase_appcheck,
    x_forwarded_authorization,
    x_forwarded_for,
    x_genkit_stream_id,
    unknown, ///< last
};
constexpr std::size_t field_count = static_cast<std::size_t>(field::unknown);

/// The known field of that name (compared without case), or `unknown`.
field find_field(std::string_view name) noexcept;
/// The name of a known field, in lower case.
std::string_view name_of(field known) noexcept;

/// What several lines of one field mean (RFC 9110 §5.2, §5.3).
enum class repetition : std::uint8_t {
    joined,  ///< a list, whose lines are one list in the order they came
    refused, ///< one value: the first line would be one reader's truth and the last another's
    ignored, ///< one value that nothing depends on: as if there were none
};
repetition repetition_of(field known) noexcept;

/// A request's head, as views into the bytes it was scanned from: 4 bytes a field, nothing allocated. The
/// bytes must stay where they are; a field that came twice keeps its first value and is marked
/// (`field_lines` finds the others).
class request_head {
public:
    std::string_view method() const noexcept { return view(method_); }
    std::string_view target() const noexcept { return view(target_); }
    /// 0 or 1 of HTTP/1.x; a later one is 1.
    unsigned minor_version() const noexcept { return minor_version_; }
    /// The field's value without white space around it; empty when absent.
    std::string_view value(field name) const noexcept {
        return view(fields_[static_cast<std::size_t>(name)]);
    }
    bool has(field name) const noexcept { return (present_ >> static_cast<unsigned>(name)) & 1u; }
    bool is_repeated(field name) const noexcept { return (repeated_ >> static_cast<unsigned>(name)) & 1u; }
    bool has_repetition() const noexcept { return repeated_ != 0; }
    /// All field lines and the empty line.
    std::string_view field_section() const noexcept;
    /// Bytes of the head, the empty line included (and an empty line before it).
    std::size_t size() const noexcept { return size_; }

private:
    friend class request_head_scanner;
    struct extent {
        std::uint16_t offset = 0;
        std::uint16_t length = 0;
    };
    std::string_view view(extent e) const noexcept { return {base_ + e.offset, e.length}; }

    const char* base_ = "";
    std::size_t size_ = 0;
    std::array<extent, field_count> fields_{};
    std::uint32_t present_ = 0;
    std::uint32_t repeated_ = 0;
    extent method_;
    extent target_;
    std::uint8_t minor_version_ = 1;
};

/// The largest head that is read, in bytes, and the most fields; beyond them HEADERS_TOO_LARGE.
constexpr std::size_t max_head_size = 32 * 1024;
constexpr std::size_t max_head_fields = 128;

/// Scans the request line and fields at the front of `bytes` (RFC 9112 §2–5), strictly: CRLF only, no
/// obs-fold, no white space before a colon, no control character, targets of visible ASCII. One empty line
/// before the request line is passed over (§2.2). Gives nothing while the head is incomplete but not wrong so
/// far. Failures: `request_malformed`, `headers_too_large`.
result<std::optional<request_head>> scan_request_head(std::string_view bytes);

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
