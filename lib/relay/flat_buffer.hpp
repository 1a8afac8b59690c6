#pragma once

#include <cassert>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>

namespace byot::relay {

/// Builds one flat write in memory that belongs to somebody else (the reactor's scratch).
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
    std::string_view view() const noexcept { return {memory_.data(), size_}; }
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    /// What is left of the memory.
    std::size_t room() const noexcept { return memory_.size() - size_; }

private:
    std::span<char> memory_;
    std::size_t size_ = 0;
};

} // namespace byot::relay
