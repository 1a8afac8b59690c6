#include "limits/admission.hpp"

#include "allocation_count.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <string>
#include <thread>

using namespace byot;
using namespace byot::limits;

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

BOOST_AUTO_TEST_SUITE(admissions)

namespace {

constexpr rate hundred{100, std::chrono::hours(1)};
constexpr int threads = 4;

/// `act` on several threads at once, as reactors call it.
template <class Act>
void on_threads(Act act) {
    std::vector<std::thread> all;
    for (int i = 0; i < threads; ++i) all.emplace_back(act);
    for (auto& one : all) one.join();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_name_has_one_bucket_whatever_thread_asks) {
    admission limits({hundred, hundred, 1});
    const auto now = steady_now();
    const user_id alice("alice");
    std::atomic<int> of_users = 0;
    std::atomic<int> of_addresses = 0;
    on_threads([&] {
        for (int i = 0; i < 200; ++i) {
            if (limits.take_user(alice, now).is_allowed) ++of_users;
            if (limits.take_address("192.0.2.1", now).is_allowed) ++of_addresses;
        }
    });
    BOOST_TEST(of_users == 100);
    BOOST_TEST(of_addresses == 100);
    BOOST_TEST(limits.take_user(user_id("bob"), now).remaining == 99u);
}

BOOST_AUTO_TEST_CASE(a_user_of_a_tenant_is_another_than_the_one_of_the_same_uid) {
    admission limits({rate{1, std::chrono::hours(1)}, {}, 1});
    const auto now = steady_now();
    BOOST_TEST(limits.take_user(user_id("alice"), now).is_allowed);
    BOOST_TEST(!limits.take_user(user_id("alice"), now).is_allowed);
    BOOST_TEST(limits.take_user(user_id::in_tenant("acme", "alice"), now).is_allowed);
}

BOOST_AUTO_TEST_CASE(without_a_rate_everything_passes) {
    admission limits({{}, {}, 1});
    BOOST_TEST(!limits.limits_users());
    BOOST_TEST(!limits.limits_addresses());
    for (int i = 0; i < 1000; ++i) BOOST_REQUIRE(limits.take_address("192.0.2.1", steady_now()).is_allowed);
}

BOOST_AUTO_TEST_CASE(a_user_never_has_more_streams_than_allowed_on_all_threads_together) {
    constexpr int most = 3;
    admission limits({{}, {}, most});
    const user_id alice("alice");
    std::atomic<int> open = 0;
    std::atomic<int> seen = 0;
    on_threads([&] {
        for (int i = 0; i < 2000; ++i) {
            const auto counted = limits.begin_stream(alice);
            if (!counted) continue;
            const int now_open = ++open;
            for (int most_seen = seen;
                 now_open > most_seen && !seen.compare_exchange_weak(most_seen, now_open);) {
            }
            --open;
        }
    });
    BOOST_TEST(seen <= most);
    const auto first = limits.begin_stream(alice);
    const auto second = limits.begin_stream(alice);
    const auto third = limits.begin_stream(alice);
    BOOST_TEST((first && second && third && !limits.begin_stream(alice)));
}

BOOST_AUTO_TEST_CASE(a_counted_stream_that_moved_ends_once) {
    admission limits({{}, {}, 1});
    const user_id alice("alice");
    {
        auto counted = limits.begin_stream(alice);
        const auto moved = std::move(counted);
        BOOST_TEST(!limits.begin_stream(alice));
    }
    BOOST_TEST(bool(limits.begin_stream(alice)));
}

BOOST_AUTO_TEST_CASE(names_that_are_known_cost_no_memory) {
    admission limits({hundred, hundred, 1});
    const user_id alice("a-user-whose-name-fits-no-small-string");
    const auto ask = [&] {
        limits.take_address("2001:db8:1234:5678::", steady_now());
        limits.take_user(alice, steady_now());
        return bool(limits.begin_stream(alice));
    };
    ask();
    const auto before = allocations_so_far();
    for (int i = 0; i < 10; ++i) ask();
    BOOST_TEST(allocations_so_far() == before);
}

BOOST_AUTO_TEST_SUITE_END()
