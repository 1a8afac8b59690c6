#include "core/edit_distance.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(distance_of_texts)

BOOST_AUTO_TEST_CASE(each_slip_of_a_character_counts_one) {
    struct row {
        std::string_view a, b;
        std::size_t count;
    };
    const row rows[] = {{"", "", 0},           {"serve", "serve", 0},  {"", "serve", 5},
                        {"serve", "serv", 1},  {"serve", "serrve", 1}, {"serve", "sorve", 1},
                        {"serve", "sreve", 1}, {"serve", "serev", 1},  {"ab", "ba", 1},
                        {"abc", "cab", 2},     {"dev", "keyring", 6},  {"serve", "SERVE", 5}};
    for (const auto& [a, b, count] : rows) {
        BOOST_TEST_CONTEXT(a << " and " << b) {
            BOOST_TEST(byot::edit_distance(a, b) == count);
            BOOST_TEST(byot::edit_distance(b, a) == count);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
