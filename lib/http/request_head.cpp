#include "http/request_head.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace byot::http {
namespace {

struct field_row {
    std::string_view name;
    repetition several;
};

// In the order of the enumeration.
constexpr std::array<field_row, field_count> rows = {{
    {"accept", repetition::joined},                         // RFC 9110 §12.5.1
    {"accept-language", repetition::joined},                // §12.5.4
    {"access-control-request-headers", repetition::joined}, // Fetch standard §3.3.3
    {"access-control-request-method", repetition::refused}, // the same: one method
    {"authorization", repetition::refused},                 // RFC 9110 §11.6.2
    {"baggage", repetition::joined},                        // W3C Baggage §3.2
    {"connection", repetition::joined},                     // RFC 9110 §7.6.1
    {"content-encoding", repetition::joined},               // §8.4
    {"content-length", repetition::refused},                // §8.6
    {"content-type", repetition::refused},                  // §8.3
    {"expect", repetition::joined},                         // §10.1.1
    {"host", repetition::refused},                          // RFC 9112 §3.2
    {"origin", repetition::refused},                        // RFC 6454 §7.1
    {"traceparent", repetition::ignored},                   // W3C Trace Context §3.2: no request fails for it
    {"tracestate", repetition::joined},                     // §3.3.1.1
    {"transfer-encoding", repetition::refused},             // a list, but chunked alone is understood
    {"x-byot-provider", repetition::refused},
    {"x-cloud-trace-context", repetition::ignored},
    {"x-firebase-appcheck", repetition::refused},
    {"x-forwarded-authorization", repetition::ignored}, // refused by who takes tokens from it
    {"x-forwarded-for", repetition::joined},
    {"x-genkit-stream-id", repetition::refused},
}};

constexpr const field_row& row_of(field known) noexcept {
    return rows[static_cast<std::size_t>(known)];
}

constexpr std::size_t longest_name = 30;
constexpr std::size_t most_of_a_length = 3;

// The length alone tells almost all names apart, and most fields of a browser have none of these lengths.
constexpr auto by_length = [] {
    std::array<std::array<field, most_of_a_length>, longest_name + 1> table{};
    for (auto& candidates : table) candidates.fill(field::unknown);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto& candidates = table.at(rows[i].name.size());
        std::size_t slot = 0;
        while (candidates.at(slot) != field::unknown) ++slot;
        candidates.at(slot) = static_cast<field>(i);
    }
    return table;
}();

constexpr std::string_view between_lines = ", ";

} // namespace

// Names -----------------------------------------------------------------------------------------------------

field find_field(std::string_view name) noexcept {
    if (name.size() > longest_name) return field::unknown;
    for (const auto candidate : by_length[name.size()]) {
        if (candidate == field::unknown) break;
        if (equals_lower(name, row_of(candidate).name)) return candidate;
    }
    return field::unknown;
}

std::string_view name_of(field known) noexcept {
    return row_of(known).name;
}

repetition repetition_of(field known) noexcept {
    return row_of(known).several;
}

// The scan --------------------------------------------------------------------------------------------------

// Sixteen at a time, in a form that compilers turn into vector instructions: bearer tokens are most of a
// head.
std::size_t field_text_length(std::string_view text) noexcept {
    constexpr std::size_t block = 16;
    std::size_t n = 0;
    for (; text.size() - n >= block; n += block) {
        const char* const at = text.data() + n;
        std::uint8_t bad = 0; // a tab too, which needs a second look
        for (std::size_t i = 0; i < block; ++i) {
            const auto c = static_cast<std::uint8_t>(at[i]);
            bad |= static_cast<std::uint8_t>(c < 0x20) | static_cast<std::uint8_t>(c == 0x7f);
        }
        if (bad != 0) break;
    }
    while (n < text.size() && is_field_text(text[n])) ++n;
    return n;
}

/// Fills a `request_head` from the front of some bytes.
class request_head_scanner {
public:
    explicit request_head_scanner(std::string_view bytes) noexcept
        : bytes_(bytes.substr(0, max_head_size)), at_(bytes_) {
        head_.base_ = bytes.data();
    }

    result<std::optional<request_head>> run() {
        auto outcome = request_line();
        if (outcome == scan::done) outcome = fields();
        if (is_too_large_) return failure(reason::headers_too_large);
        if (outcome == scan::malformed) return failure(reason::request_malformed);
        if (outcome == scan::done) return std::optional<request_head>(head_);
        if (bytes_.size() == max_head_size) return failure(reason::headers_too_large);
        return std::optional<request_head>();
    }

private:
    scan request_line() noexcept;
    scan fields() noexcept;
    void remember(const field_line& line) noexcept;

    request_head::extent extent_of(std::string_view part) const noexcept {
        return {static_cast<std::uint16_t>(part.data() - head_.base_),
                static_cast<std::uint16_t>(part.size())};
    }

    std::string_view bytes_;
    head_cursor at_;
    request_head head_;
    bool is_too_large_ = false;
};

scan request_head_scanner::request_line() noexcept {
    std::string_view method;
    std::string_view target;
    unsigned minor = 0;
    if (at_.is_at('\r')) {
        if (const auto empty = at_.line_end(); empty != scan::done) return empty;
    }
    if (const auto part = at_.token(method); part != scan::done) return part;
    if (const auto part = at_.literal(" "); part != scan::done) return part;
    if (const auto part = at_.visible(target); part != scan::done) return part;
    if (const auto part = at_.literal(" "); part != scan::done) return part;
    if (const auto part = at_.version(minor); part != scan::done) return part;
    head_.method_ = extent_of(method);
    head_.target_ = extent_of(target);
    head_.minor_version_ = static_cast<std::uint8_t>(minor);
    return at_.line_end();
}

scan request_head_scanner::fields() noexcept {
    for (std::size_t count = 0;; ++count) {
        if (at_.is_at('\r')) {
            const auto end = at_.line_end();
            head_.size_ = at_.position();
            return end;
        }
        field_line line;
        if (const auto field = at_.field(line); field != scan::done) return field;
        if (count == max_head_fields) {
            is_too_large_ = true;
            return scan::malformed;
        }
        remember(line);
    }
}

void request_head_scanner::remember(const field_line& line) noexcept {
    const auto which = find_field(line.name);
    if (which == field::unknown) return;
    const auto bit = std::uint32_t{1} << static_cast<unsigned>(which);
    if ((head_.present_ & bit) != 0) {
        head_.repeated_ |= bit;
        return;
    }
    head_.present_ |= bit;
    head_.fields_[static_cast<std::size_t>(which)] = extent_of(line.value);
}

std::string_view request_head::field_section() const noexcept {
    const std::string_view bytes(base_, size_);
    const auto line_end = bytes.find("\r\n", std::size_t{target_.offset} + target_.length);
    return line_end == std::string_view::npos ? std::string_view() : bytes.substr(line_end + 2);
}

result<std::optional<request_head>> scan_request_head(std::string_view bytes) {
    return request_head_scanner(bytes).run();
}

// Lines and lists -------------------------------------------------------------------------------------------

field_lines::field_lines(const request_head& head, field name) noexcept
    : name_(name), rest_(head.is_repeated(name) ? head.field_section() : std::string_view()) {
    if (head.has(name) && !head.is_repeated(name)) only_ = head.value(name);
}

std::optional<std::string_view> field_lines::next() noexcept {
    if (only_) return std::exchange(only_, std::nullopt);
    field_line line;
    while (rest_.field(line) == scan::done) {
        if (find_field(line.name) == name_) return line.value;
    }
    return std::nullopt;
}

std::string joined_lines(const request_head& head, field name) {
    std::string joined;
    joined.reserve(joined_size(head, name));
    field_lines lines(head, name);
    for (auto line = lines.next(); line; line = lines.next()) {
        joined += *line;
        joined += between_lines;
    }
    joined.resize(joined_size(head, name));
    return joined;
}

std::size_t joined_size(const request_head& head, field name) noexcept {
    std::size_t size = 0;
    field_lines lines(head, name);
    for (auto line = lines.next(); line; line = lines.next()) size += line->size() + between_lines.size();
    return size == 0 ? 0 : size - between_lines.size();
}

std::optional<std::string_view> list_elements::next() noexcept {
    while (!rest_.empty()) {
        const auto comma = std::min(rest_.find(','), rest_.size());
        const auto element = trim_blanks(rest_.substr(0, comma));
        rest_.remove_prefix(std::min(comma + 1, rest_.size()));
        if (!element.empty()) return element;
    }
    return std::nullopt;
}

element_count count_elements(const request_head& head, field name, std::string_view token) noexcept {
    element_count count;
    field_lines lines(head, name);
    for (auto line = lines.next(); line; line = lines.next()) {
        list_elements elements(*line);
        for (auto element = elements.next(); element; element = elements.next()) {
            ++count.all;
            if (equals_lower(*element, token)) ++count.equal;
        }
    }
    return count;
}

} // namespace byot::http
