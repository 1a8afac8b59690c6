#include "net/block_shelf.hpp"

#include "core/locked_memory.hpp"

#include <algorithm>
#include <bit>
#include <functional>

namespace byot::net {
namespace {

constexpr std::size_t smallest_larger = 4096;

std::size_t room_for(std::size_t size) noexcept {
    return std::bit_ceil(std::max(size, smallest_larger));
}

/// 0 for 4 KiB, 1 for 8 KiB …
std::size_t place_of(std::size_t room) noexcept {
    return static_cast<std::size_t>(std::countr_zero(room) - std::countr_zero(smallest_larger));
}

} // namespace

block_shelf::~block_shelf() {
    free_spare();
    for (const auto& [begin, used] : slabs_) give_back_locked_pages(begin, slab_size);
}

void block_shelf::free_spare() noexcept {
    for (auto slab = slabs_.begin(); slab != slabs_.end();) {
        const auto [begin, used] = *slab++;
        if (used == 0) drop_slab(begin);
    }
    for (std::size_t place = 0; place < larger_sizes; ++place) {
        for (auto* const memory : larger_[place]) give_back_locked_pages(memory, smallest_larger << place);
        larger_[place].clear();
    }
}

block_shelf::block block_shelf::take(std::size_t size) {
    if (size <= block_size) return {take_small(), giver{this, block_size}};
    const auto room = room_for(size);
    const auto place = place_of(room);
    if (place >= larger_sizes || larger_[place].empty()) return {take_locked_pages(room), giver{this, room}};
    auto* const memory = larger_[place].back();
    larger_[place].pop_back();
    return {memory, giver{this, room}};
}

char* block_shelf::take_small() {
    if (free_.empty()) add_slab();
    auto* const memory = free_.back();
    free_.pop_back();
    ++slabs_.lower_bound(memory)->second;
    return memory;
}

void block_shelf::add_slab() {
    constexpr auto count = slab_size / block_size;
    free_.reserve((slabs_.size() + 1) * count); // so that giving back never allocates
    for (auto& blocks : larger_) blocks.reserve(kept_larger);
    auto* const begin = take_locked_pages(slab_size);
    try {
        slabs_.emplace(begin, 0);
    } catch (...) {
        give_back_locked_pages(begin, slab_size);
        throw;
    }
    for (std::size_t i = count; i-- > 0;) free_.push_back(begin + i * block_size);
}

void block_shelf::give_back(char* memory, std::size_t size) noexcept {
    if (size == block_size) {
        give_back_small(memory);
        return;
    }
    const auto place = place_of(size);
    const bool is_kept = place < larger_sizes && larger_[place].size() < larger_[place].capacity();
    is_kept ? larger_[place].push_back(memory) : give_back_locked_pages(memory, size);
}

void block_shelf::give_back_small(char* memory) noexcept {
    free_.push_back(memory);
    const auto slab = slabs_.lower_bound(memory);
    if (--slab->second == 0 && free_.size() > kept) drop_slab(slab->first);
}

void block_shelf::drop_slab(char* begin) noexcept {
    std::erase_if(free_, [&](const char* each) { return each >= begin && each < begin + slab_size; });
    slabs_.erase(begin);
    give_back_locked_pages(begin, slab_size);
}

} // namespace byot::net
