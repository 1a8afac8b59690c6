#include "http/request_head.hpp"

#include "http/head_cursor.hpp"

namespace byot::http {

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

} // namespace byot::http
