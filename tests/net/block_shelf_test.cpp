#include "net/block_shelf.hpp"

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <vector>

using namespace byot::net;

BOOST_AUTO_TEST_SUITE(block_shelves)

BOOST_AUTO_TEST_CASE(a_block_is_passed_on) {
    for (const std::size_t size :
         {std::size_t{1}, block_shelf::block_size, std::size_t{4096}, std::size_t{65536}}) {
        block_shelf shelf;
        const auto* const first = shelf.take(size).get();
        BOOST_TEST((shelf.take(size).get() == first), size);
    }
}

BOOST_AUTO_TEST_CASE(blocks_that_are_held_do_not_overlap) {
    block_shelf shelf;
    std::vector<block_shelf::block> held;
    for (int i = 0; i < 100; ++i) {
        held.push_back(shelf.take());
        std::memset(held.back().get(), i, block_shelf::block_size);
    }
    for (int i = 0; i < 100; ++i) {
        BOOST_TEST(held[static_cast<std::size_t>(i)][0] == i);
        BOOST_TEST(held[static_cast<std::size_t>(i)][block_shelf::block_size - 1] == i);
    }
}

BOOST_AUTO_TEST_CASE(a_block_has_all_the_room_that_was_asked_for) {
    block_shelf shelf;
    for (const std::size_t size : {2049u, 5000u, 65537u, 300'000u}) {
        const auto block = shelf.take(size);
        std::memset(block.get(), 'x', size);
        BOOST_TEST(block[size - 1] == 'x');
    }
}

BOOST_AUTO_TEST_CASE(memory_is_given_back_once_many_blocks_are_free) {
    block_shelf shelf;
    std::vector<block_shelf::block> held;
    for (int i = 0; i < 2000; ++i) held.push_back(shelf.take());
    held.clear();
    BOOST_TEST(shelf.free_blocks() <= block_shelf::kept + 32);
    BOOST_TEST(shelf.free_blocks() > 0u);
    const auto again = shelf.take();
    BOOST_TEST((again != nullptr));
}

BOOST_AUTO_TEST_CASE(a_slab_of_which_a_block_is_held_stays) {
    block_shelf shelf;
    std::vector<block_shelf::block> held;
    for (int i = 0; i < 2000; ++i) held.push_back(shelf.take());
    for (std::size_t i = 0; i < held.size(); ++i) {
        if (i % 32 != 7) held[i].reset();
    }
    for (std::size_t i = 7; i < held.size(); i += 32)
        std::memset(held[i].get(), 'x', block_shelf::block_size);
    BOOST_TEST(shelf.free_blocks() >= 1900u);
}

BOOST_AUTO_TEST_SUITE_END()
