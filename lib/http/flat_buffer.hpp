#pragma once

#include <array>
#include <cassert>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace byot::http {

/// Builds one flat write in memory that belongs to somebody else (the reactor's scratch). Allocates nothing.
class flat_buffer {
public:
    explicit flat_buffer(std::span<char> memory) noexcept : memory_(memory) {}

    bool fits(std::size_t count) const noexcept { return size_ + count <= memory_.size(); }
    /// Precondition: it fits.
    void append(std::string_view bytes) noexcept {
        assert(fits(bytes.size()));
        if (bytes.empty()) return; // an empty view may have no address, which memcpy must not be given
        std::memcpy(memory_.data() + size_, bytes.data(), bytes.size());
        size_ += bytes.size();
    }
    /// In decimal digits, or in those of another base (16: lower case). Precondition: 20 bytes fit.
    void append_number(std::uint64_t number, int base = 10) noexcept {
        std::array<char, 20> digits;
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
        append({digits.data(), static_cast<std::size_t>(end - digits.data())});
    }
    /// One field line (RFC 9112 §5). Neither part is checked. Precondition: it fits.
    void append_field(std::string_view name, std::string_view value) noexcept {
        append(name);
        append(": ");
        append(value);
        append("\r\n");
    }
    std::string_view view() const noexcept { return {memory_.data(), size_}; }
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    /// What is left of the memory, in bytes.
    std::size_t room() const noexcept { return memory_.size() - size_; }

private:
    std::span<char> memory_;
    std::size_t size_ = 0;
};

} // namespace byot::http
