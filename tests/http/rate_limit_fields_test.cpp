#include "http/rate_limit_fields.hpp"

#include "allocation_count.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace byot::http;

BOOST_AUTO_TEST_SUITE(rate_limit_field_lines)

BOOST_AUTO_TEST_CASE(each_limit_that_was_asked_is_named_with_its_policy_and_what_remains) {
    struct row {
        rate_limit_states states;
        std::string_view lines;
    };
    const rate_limit_state user{60, 60, 59, 1};
    const rate_limit_state address{300, 3600, 0, 12};
    for (const auto& [states, lines] : {
             row{{}, ""},
             row{{user, {}},
                 "RateLimit-Policy: \"user\";q=60;w=60\r\n"
                 "RateLimit: \"user\";r=59;t=1\r\n"},
             row{{{}, address},
                 "RateLimit-Policy: \"address\";q=300;w=3600\r\n"
                 "RateLimit: \"address\";r=0;t=12\r\n"},
             row{{user, address},
                 "RateLimit-Policy: \"user\";q=60;w=60, \"address\";q=300;w=3600\r\n"
                 "RateLimit: \"user\";r=59;t=1, \"address\";r=0;t=12\r\n"},
         }) {
        BOOST_TEST(rate_limit_fields(states).lines() == lines);
    }
}

BOOST_AUTO_TEST_CASE(the_largest_numbers_fit_and_nothing_is_allocated) {
    const auto most = std::numeric_limits<std::uint32_t>::max();
    const rate_limit_state largest{most, most, most, most};
    const auto before = allocations_so_far();
    const rate_limit_fields fields({largest, largest});
    const auto after = allocations_so_far();
    BOOST_TEST(after == before);
    BOOST_TEST(fields.lines().size() <= rate_limit_fields::most);
    BOOST_TEST(fields.lines().ends_with("r=4294967295;t=4294967295\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()
