#include "http/response_head.hpp"

#include "core/encoding.hpp"
#include "http/request_head.hpp"

#include <algorithm>

namespace byot::http {

namespace {

constexpr unsigned switching_protocols = 101;
constexpr unsigned no_content = 204;
constexpr unsigned not_modified = 304;

// What the framing and connection fields of a response say together.
struct framing_facts {
    std::optional<std::uint64_t> length;
    bool is_chunked = false;
    bool says_close = false;

    bool announces_content() const noexcept { return is_chunked || length.value_or(0) > 0; }
};

/// Whether any element of the list is one that `is_wanted` says so of.
template <class Predicate>
bool any_element(std::string_view list, Predicate is_wanted) noexcept {
    list_elements elements(list);
    for (auto each = elements.next(); each; each = elements.next()) {
        if (is_wanted(*each)) return true;
    }
    return false;
}

/// `identity` is no coding (RFC 9110 §8.4.1).
bool is_coding(std::string_view name) noexcept {
    return !equals_lower(name, "identity");
}

class response_head_scanner {
public:
    explicit response_head_scanner(std::string_view bytes) noexcept : at_(bytes), bytes_(bytes) {}

    scan run() noexcept {
        if (const auto line = status_line(); line != scan::done) return line;
        if (const auto lines = fields(); lines != scan::done) return lines;
        return decide() ? scan::done : scan::malformed;
    }
    const response_head& head() const noexcept { return head_; }

private:
    scan status_line() noexcept;
    scan fields() noexcept;
    bool remember(const field_line& line) noexcept;
    bool remember_length(std::string_view value) noexcept;
    bool remember_coding(std::string_view value) noexcept;
    void remember_connection(std::string_view value) noexcept;
    bool decide() noexcept;
    body_framing framing() const noexcept;

    head_cursor at_;
    std::string_view bytes_;
    response_head head_;
    framing_facts facts_;
};

scan response_head_scanner::status_line() noexcept {
    if (const auto part = at_.version(head_.minor_version); part != scan::done) return part;
    if (const auto part = at_.literal(" "); part != scan::done) return part;
    for (int i = 0; i < 3; ++i) {
        unsigned digit = 0;
        if (const auto part = at_.digit(digit); part != scan::done) return part;
        head_.status = head_.status * 10 + digit;
    }
    if (head_.status < 100 || head_.status > 599) return scan::malformed;
    // The space is due even without a phrase (RFC 9112 §4), but servers that leave it out are old news.
    if (at_.is_at('\r')) return at_.line_end();
    if (const auto part = at_.literal(" "); part != scan::done) return part;
    std::string_view phrase;
    return at_.text_line(phrase);
}

scan response_head_scanner::fields() noexcept {
    const auto first = at_.position();
    for (std::size_t count = 0;; ++count) {
        const auto end = at_.position();
        if (at_.is_at('\r')) {
            const auto last = at_.line_end();
            head_.fields = bytes_.substr(first, end - first);
            head_.size = at_.position();
            return last;
        }
        field_line line;
        if (const auto part = at_.field(line); part != scan::done) return part;
        if (count == max_head_fields || !remember(line)) return scan::malformed;
    }
}

bool response_head_scanner::remember(const field_line& line) noexcept {
    const auto keep_first = [&line](std::string_view& value) {
        if (value.empty()) value = line.value;
        return true;
    };
    if (equals_lower(line.name, "content-length")) return remember_length(line.value);
    if (equals_lower(line.name, "transfer-encoding")) return remember_coding(line.value);
    if (equals_lower(line.name, "content-type")) return keep_first(head_.content_type);
    if (equals_lower(line.name, "content-encoding")) head_.is_coded |= any_element(line.value, is_coding);
    if (equals_lower(line.name, "connection")) remember_connection(line.value);
    return true;
}

bool response_head_scanner::remember_length(std::string_view value) noexcept {
    if (facts_.length) return false;
    facts_.length = parse_content_length(value);
    return facts_.length.has_value();
}

bool response_head_scanner::remember_coding(std::string_view value) noexcept {
    // RFC 9112 §6.1: with HTTP/1.0 its framing is faulty.
    if (facts_.is_chunked || head_.minor_version == 0) return false;
    facts_.is_chunked = is_chunked_coding(value);
    return facts_.is_chunked;
}

void response_head_scanner::remember_connection(std::string_view value) noexcept {
    facts_.says_close |= any_element(value, [](auto each) { return equals_lower(each, "close"); });
    if (!equals_lower(value, "close") && !equals_lower(value, "keep-alive")) head_.names_fields = true;
}

body_framing response_head_scanner::framing() const noexcept {
    if (head_.status < 200 || head_.status == no_content || head_.status == not_modified) {
        return body_framing::none();
    }
    if (facts_.is_chunked) return body_framing::chunked();
    if (facts_.length) return body_framing::of_length(*facts_.length);
    return body_framing::until_close();
}

// False when the head contradicts itself.
bool response_head_scanner::decide() noexcept {
    if (head_.status == switching_protocols || (facts_.is_chunked && facts_.length)) return false;
    const bool is_interim = head_.status < 200;
    if (is_interim && facts_.announces_content()) return false;
    head_.body = framing();
    // A 204 that announces content may well send it (RFC 9110 §8.6 forbids both): trust nothing after it.
    const bool is_dubious = head_.status == no_content && facts_.announces_content();
    head_.keeps_alive =
        head_.minor_version == 1 && !facts_.says_close && !head_.body.is_until_close() && !is_dubious;
    return true;
}

} // namespace

result<std::optional<response_head>> scan_response_head(std::string_view bytes) {
    response_head_scanner scanner(bytes.substr(0, max_head_size));
    switch (scanner.run()) {
    case scan::done:
        return std::optional<response_head>(scanner.head());
    case scan::more:
        if (bytes.size() < max_head_size) return std::optional<response_head>();
        [[fallthrough]];
    case scan::malformed:
        break;
    }
    return failure(reason::upstream_invalid);
}

bool is_named_by_connection(std::string_view fields, std::string_view name) {
    head_cursor at(fields);
    field_line line;
    while (at.field(line) == scan::done) {
        if (!equals_lower(line.name, "connection")) continue;
        if (any_element(line.value, [name](auto named) { return equals_ignoring_case(named, name); }))
            return true;
    }
    return false;
}

} // namespace byot::http
