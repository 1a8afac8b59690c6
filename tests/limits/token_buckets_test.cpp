#include "limits/token_buckets.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using byot::steady_time;
using byot::limits::rate;
using byot::limits::token_buckets;
using namespace std::chrono_literals;
using std::chrono::seconds;

namespace {

const steady_time start{1h};

/// How many of `tries` at that moment were allowed.
int allowed(token_buckets& buckets, std::string_view name, steady_time now, int tries) {
    int count = 0;
    for (int i = 0; i < tries; ++i) count += buckets.take(name, now).is_allowed ? 1 : 0;
    return count;
}

} // namespace

BOOST_AUTO_TEST_SUITE(buckets)

BOOST_AUTO_TEST_CASE(a_burst_is_the_count_and_not_one_more) {
    token_buckets buckets(rate{60, 60s}, 10);
    BOOST_TEST(allowed(buckets, "alice", start, 100) == 60);
}

BOOST_AUTO_TEST_CASE(what_remains_counts_down_to_zero) {
    token_buckets buckets(rate{3, 60s}, 10);
    for (const std::uint32_t left : {2u, 1u, 0u}) {
        const auto verdict = buckets.take("alice", start);
        BOOST_TEST(verdict.is_allowed);
        BOOST_TEST(verdict.limit.count == 3u);
        BOOST_TEST((verdict.limit.period == 60s));
        BOOST_TEST(verdict.remaining == left);
        BOOST_TEST((verdict.next_in == 20s));
    }
    const auto refused = buckets.take("alice", start);
    BOOST_TEST(!refused.is_allowed);
    BOOST_TEST(refused.limit.count == 3u);
    BOOST_TEST(refused.remaining == 0u);
    BOOST_TEST((refused.next_in == 20s));
}

BOOST_AUTO_TEST_CASE(a_token_is_back_exactly_when_the_wait_is_over) {
    for (const rate each :
         {rate{1, 1s}, rate{3, 1s}, rate{7, 60s}, rate{60, 60s}, rate{300, 60s}, rate{11, 3600s}}) {
        BOOST_TEST_CONTEXT(each.count << " in " << each.period.count()) {
            token_buckets buckets(each, 10);
            BOOST_TEST(allowed(buckets, "alice", start, static_cast<int>(each.count) + 5) ==
                       static_cast<int>(each.count));
            const auto per_token = std::chrono::nanoseconds(each.period) / each.count;
            BOOST_TEST(!buckets.take("alice", start + per_token - 1ns).is_allowed);
            BOOST_TEST(buckets.take("alice", start + per_token).is_allowed);
            BOOST_TEST(!buckets.take("alice", start + per_token).is_allowed);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_wait_is_rounded_up_and_long_enough) {
    token_buckets buckets(rate{40, 60s}, 10); // one each 1.5 s
    allowed(buckets, "alice", start, 40);
    BOOST_TEST((buckets.take("alice", start).next_in == 2s));
    BOOST_TEST((buckets.take("alice", start + 600ms).next_in == 1s));
    BOOST_TEST((buckets.take("alice", start + 1499ms).next_in == 1s));
    BOOST_TEST(buckets.take("alice", start + 2s).is_allowed);
}

BOOST_AUTO_TEST_CASE(the_next_token_comes_when_it_was_said_to) {
    token_buckets buckets(rate{12, 60s}, 10); // one each 5 s
    BOOST_TEST(allowed(buckets, "alice", start, 6) == 6);
    const auto later = buckets.take("alice", start + 12s); // 2 came and 2 s of the next
    BOOST_TEST(later.remaining == 7u);
    BOOST_TEST((later.next_in == 3s));
    const auto next = buckets.take("alice", start + 15s);
    BOOST_TEST(next.remaining == 7u);
    BOOST_TEST((next.next_in == 5s));
}

BOOST_AUTO_TEST_CASE(asking_in_vain_costs_nothing) {
    token_buckets buckets(rate{1, 10s}, 10);
    BOOST_TEST(buckets.take("alice", start).is_allowed);
    for (auto now = start; now < start + 10s; now += 10ms)
        BOOST_REQUIRE(!buckets.take("alice", now).is_allowed);
    BOOST_TEST(buckets.take("alice", start + 10s).is_allowed);
}

BOOST_AUTO_TEST_CASE(a_bucket_never_holds_more_than_the_burst) {
    token_buckets buckets(rate{5, 1s}, 10);
    allowed(buckets, "alice", start, 5);
    BOOST_TEST(allowed(buckets, "alice", start + 24h, 100) == 5);
}

BOOST_AUTO_TEST_CASE(over_a_long_time_the_rate_is_kept) {
    token_buckets buckets(rate{7, 60s}, 10);
    int count = 0;
    for (auto now = start; now < start + 6000s; now += 100ms)
        count += buckets.take("alice", now).is_allowed ? 1 : 0;
    BOOST_TEST(count >= 705);
    BOOST_TEST(count <= 707);
}

BOOST_AUTO_TEST_CASE(each_name_has_a_bucket_of_its_own) {
    token_buckets buckets(rate{2, 60s}, 10);
    BOOST_TEST(allowed(buckets, "alice", start, 5) == 2);
    BOOST_TEST(allowed(buckets, "bob", start, 5) == 2);
    BOOST_TEST(allowed(buckets, "", start, 5) == 2);
    BOOST_TEST(buckets.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_name_is_copied) {
    token_buckets buckets(rate{1, 60s}, 10);
    std::string name(50, 'a');
    BOOST_TEST(buckets.take(name, start).is_allowed);
    name.assign(50, 'b');
    BOOST_TEST(buckets.take(name, start).is_allowed);
    name.assign(50, 'a');
    BOOST_TEST(!buckets.take(name, start).is_allowed);
}

BOOST_AUTO_TEST_CASE(a_clock_that_steps_back_gives_no_tokens) {
    token_buckets buckets(rate{2, 60s}, 10);
    BOOST_TEST(allowed(buckets, "alice", start, 5) == 2);
    BOOST_TEST(!buckets.take("alice", start - 10s).is_allowed);
    BOOST_TEST(!buckets.take("alice", start).is_allowed);
}

BOOST_AUTO_TEST_CASE(without_a_rate_everything_is_allowed_and_nothing_kept) {
    token_buckets buckets(std::nullopt, 10);
    BOOST_TEST(allowed(buckets, "alice", start, 10'000) == 10'000);
    BOOST_TEST(buckets.size() == 0u);
}

BOOST_AUTO_TEST_CASE(beyond_the_capacity_the_longest_unused_leaves) {
    token_buckets buckets(rate{1, 3600s}, 3);
    for (const auto* name : {"a", "b", "c"}) BOOST_TEST(buckets.take(name, start).is_allowed);
    BOOST_TEST(!buckets.take("a", start).is_allowed); // used again: b is the oldest now
    BOOST_TEST(buckets.take("d", start).is_allowed);
    BOOST_TEST(buckets.size() == 3u);
    for (const auto* name : {"a", "c", "d"}) BOOST_TEST(!buckets.take(name, start).is_allowed);
    BOOST_TEST(buckets.take("b", start).is_allowed);
}

BOOST_AUTO_TEST_CASE(many_names_stay_within_the_capacity) {
    token_buckets buckets(rate{1, 3600s}, 100);
    for (int i = 0; i < 10'000; ++i)
        BOOST_REQUIRE(buckets.take("name " + std::to_string(i), start).is_allowed);
    BOOST_TEST(buckets.size() == 100u);
    for (int i = 9'900; i < 10'000; ++i) {
        BOOST_REQUIRE(!buckets.take("name " + std::to_string(i), start).is_allowed);
    }
}

BOOST_AUTO_TEST_CASE(the_largest_rates_still_count) {
    token_buckets fast(rate{4'000'000'000, 1s}, 10);
    BOOST_TEST(fast.take("alice", start).is_allowed);
    token_buckets slow(rate{1, 24h}, 10);
    BOOST_TEST(slow.take("alice", start).is_allowed);
    BOOST_TEST((slow.take("alice", start).next_in == seconds(24h)));
}

BOOST_AUTO_TEST_SUITE_END()
