#include "limits/stream_counts.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using byot::limits::stream_counts;

BOOST_AUTO_TEST_SUITE(streams)

BOOST_AUTO_TEST_CASE(one_more_than_the_most_may_not_begin) {
    stream_counts counts(2);
    BOOST_TEST(counts.begin("alice"));
    BOOST_TEST(counts.begin("alice"));
    BOOST_TEST(!counts.begin("alice"));
    BOOST_TEST(!counts.begin("alice"));
}

BOOST_AUTO_TEST_CASE(one_that_ended_makes_room_for_exactly_one) {
    stream_counts counts(2);
    counts.begin("alice");
    counts.begin("alice");
    counts.end("alice");
    BOOST_TEST(counts.begin("alice"));
    BOOST_TEST(!counts.begin("alice"));
}

BOOST_AUTO_TEST_CASE(one_refused_was_not_counted) {
    stream_counts counts(1);
    BOOST_TEST(counts.begin("alice"));
    for (int i = 0; i < 10; ++i) BOOST_TEST(!counts.begin("alice"));
    counts.end("alice");
    BOOST_TEST(counts.users() == 0u);
    BOOST_TEST(counts.begin("alice"));
}

BOOST_AUTO_TEST_CASE(users_do_not_count_against_each_other) {
    stream_counts counts(1);
    BOOST_TEST(counts.begin("alice"));
    BOOST_TEST(counts.begin("bob"));
    counts.end("bob");
    BOOST_TEST(!counts.begin("alice"));
}

BOOST_AUTO_TEST_CASE(a_user_with_nothing_under_way_is_forgotten) {
    stream_counts counts(3);
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 1000; ++i)
            BOOST_REQUIRE(counts.begin("a user with a long name " + std::to_string(i)));
        BOOST_TEST(counts.users() == 1000u);
        for (int i = 0; i < 1000; ++i) counts.end("a user with a long name " + std::to_string(i));
        BOOST_TEST(counts.users() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_user_who_takes_another_s_place_starts_from_nothing) {
    stream_counts counts(2);
    counts.begin("alice");
    counts.begin("alice");
    counts.end("alice");
    counts.end("alice");
    BOOST_TEST(counts.begin("bob"));
    BOOST_TEST(counts.begin("bob"));
    BOOST_TEST(!counts.begin("bob"));
    BOOST_TEST(counts.begin("alice"));
}

BOOST_AUTO_TEST_CASE(where_none_may_begin_none_does) {
    stream_counts counts(0);
    BOOST_TEST(!counts.begin("alice"));
    BOOST_TEST(counts.users() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
