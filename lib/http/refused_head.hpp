#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace byot::http {

/// Looks for the origin in a head that is refused or did not come to its end, so that a page may read why.
/// It is the value of the Origin line among the whole lines that came, before the fault or behind it. There
/// is none when there are two, and when a folded line (RFC 9112 §5.2) may belong to it: never one that the
/// whole head, read strictly, would not have.
class refused_head {
public:
    /// Looks at the bytes after those already used; answers how many of them are done with. A line that has
    /// no end yet is looked at again, unless it is longer than any origin.
    std::size_t advance(std::string_view bytes);
    /// No further bytes can tell more.
    bool is_at_end() const noexcept { return is_at_end_; }
    /// Empty when there is none.
    std::string_view origin() const noexcept { return origin_ ? std::string_view(*origin_) : ""; }

private:
    void begin_long_line(char first) noexcept;
    void take_line(std::string_view line);
    void give_up() noexcept;

    std::optional<std::string> origin_;
    bool has_request_line_ = false;
    bool is_in_long_line_ = false;
    bool is_at_end_ = false;
};

} // namespace byot::http
