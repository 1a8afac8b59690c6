#include "allocation_count.hpp"
#include "core/frame_memory.hpp"

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <thread>
#include <vector>

using byot::frame_memory;

namespace {

struct block {
    void* memory;
    std::size_t size;
};

block take(std::size_t size) {
    auto* const memory = frame_memory::operator new(size);
    std::memset(memory, 0xA5, size);
    return {memory, size};
}

void give(const block& b) {
    frame_memory::operator delete(b.memory, b.size);
}

} // namespace

BOOST_AUTO_TEST_SUITE(frames)

BOOST_AUTO_TEST_CASE(bytes_in_use_are_those_taken_and_not_given_back) {
    const auto before = byot::frame_bytes_in_use();
    const auto small = take(100);
    const auto large = take(10'000);
    BOOST_TEST(byot::frame_bytes_in_use() == before + 10'100);
    give(small);
    BOOST_TEST(byot::frame_bytes_in_use() == before + 10'000);
    give(large);
    BOOST_TEST(byot::frame_bytes_in_use() == before);
}

BOOST_AUTO_TEST_CASE(no_two_frames_in_use_share_memory) {
    std::vector<block> blocks;
    for (int round = 0; round < 3; ++round) {
        for (std::size_t size = 1; size < 5000; size += 61) blocks.push_back(take(size));
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            std::memset(blocks[i].memory, static_cast<int>(i), blocks[i].size);
        }
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            const auto* const bytes = static_cast<const unsigned char*>(blocks[i].memory);
            BOOST_REQUIRE_EQUAL(bytes[0], static_cast<unsigned char>(i));
            BOOST_REQUIRE_EQUAL(bytes[blocks[i].size - 1], static_cast<unsigned char>(i));
        }
        for (const auto& b : blocks) give(b);
        blocks.clear();
    }
}

BOOST_AUTO_TEST_CASE(more_frames_than_are_kept_may_be_given_back) {
    const auto before = byot::frame_bytes_in_use();
    std::vector<block> blocks;
    for (int i = 0; i < 2000; ++i) blocks.push_back(take(200));
    for (const auto& b : blocks) give(b);
    BOOST_TEST(byot::frame_bytes_in_use() == before);
}

BOOST_AUTO_TEST_CASE(spare_frames_are_freed_and_those_in_use_are_not) {
    const auto used = take(200);
    give(take(200));
    const auto before = byot::frame_bytes_in_use();
    byot::free_spare_frames();
    BOOST_TEST(byot::frame_bytes_in_use() == before);
    const auto allocations = allocations_so_far();
    const auto next = take(200);
    BOOST_TEST(allocations_so_far() == allocations + 1);
    BOOST_TEST(*static_cast<const unsigned char*>(used.memory) == 0xA5);
    give(next);
    give(used);
}

BOOST_AUTO_TEST_CASE(each_thread_counts_its_own) {
    const auto mine = take(64);
    std::size_t theirs = 1;
    std::thread([&] { theirs = byot::frame_bytes_in_use(); }).join();
    BOOST_TEST(theirs == 0u);
    give(mine);
}

BOOST_AUTO_TEST_SUITE_END()
