#include "core/locked_slots.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

using byot::locked_slots;

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
