#include "core/locked_memory.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

using namespace byot;

// That they are locked is seen from outside (tests/system/memory_lock_test.py): a sanitizer locks nothing.

BOOST_AUTO_TEST_SUITE(locked_pages)

BOOST_AUTO_TEST_CASE(they_are_zeros_on_pages_of_their_own) {
    auto* const memory = take_locked_pages(10'000);
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(memory) % 4096 == 0u);
    BOOST_TEST(std::all_of(memory, memory + 10'000, [](char c) { return c == 0; }));
    give_back_locked_pages(memory, 10'000);
}

BOOST_AUTO_TEST_CASE(nothing_may_be_given_back) {
    give_back_locked_pages(nullptr, 4096);
}

BOOST_AUTO_TEST_CASE(more_than_there_is_cannot_be_locked) {
    BOOST_TEST(!can_lock(std::size_t{1} << 60));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(slots)

BOOST_AUTO_TEST_CASE(a_slot_given_back_early_is_wiped_and_the_next_ones) {
    locked_slots pool(64, 2);
    auto first = pool.take();
    const auto bytes = first.bytes();
    std::ranges::fill(bytes, 'k');
    first.give_back();
    const auto second = pool.take();
    BOOST_TEST((second.bytes().data() == bytes.data()));
    BOOST_TEST(std::ranges::count(second.bytes(), '\0') == 64);
}

BOOST_AUTO_TEST_CASE(a_slot_given_back_twice_is_free_once) {
    locked_slots pool(64, 2);
    {
        auto once = pool.take();
        once.give_back();
        once.give_back();
    }
    const auto one = pool.take();
    const auto other = pool.take();
    BOOST_TEST((one.bytes().data() != other.bytes().data()));
    BOOST_TEST(pool.blocks() == 1u);
}

BOOST_AUTO_TEST_CASE(blocks_without_a_slot_in_use_are_freed_and_no_others) {
    locked_slots pool(64, 4);
    std::vector<locked_slots::slot> taken;
    for (int i = 0; i < 12; ++i) taken.push_back(pool.take());
    BOOST_TEST(pool.blocks() == 3u);
    auto* const kept = taken[5].bytes().data();
    *kept = 'k';
    for (std::size_t i = 0; i < taken.size(); ++i) {
        if (i != 5) taken[i].give_back();
    }
    pool.free_spare();
    BOOST_TEST(pool.blocks() == 1u);
    BOOST_TEST(*kept == 'k');
    for (int i = 0; i < 3; ++i) taken.push_back(pool.take());
    BOOST_TEST(pool.blocks() == 1u);
    taken.push_back(pool.take());
    BOOST_TEST(pool.blocks() == 2u);
}

BOOST_AUTO_TEST_CASE(a_pool_whose_blocks_are_all_freed_gives_slots_again) {
    locked_slots pool(64);
    pool.take().give_back();
    pool.free_spare();
    BOOST_TEST(pool.blocks() == 0u);
    const auto slot = pool.take();
    BOOST_TEST(slot.bytes().size() == 64u);
}

BOOST_AUTO_TEST_SUITE_END()
