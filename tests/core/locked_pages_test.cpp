#include "core/locked_pages.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>

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
