#include "google/token_cache.hpp"

#include "google/token_source.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot;
using namespace byot::google;
using namespace std::chrono_literals;

namespace {

using offset = std::chrono::milliseconds;

const wall_time start = std::chrono::sys_days{std::chrono::year{2026} / 3 / 4} + 5h;

issued_token token_until(wall_time when, std::string_view text = "first") {
    return {secret::copy_of(text), when};
}

token_cache fetched(offset life = 1h) {
    token_cache cache;
    note_success(cache, token_until(start + life), start);
    return cache;
}

token_cache failed(token_cache cache, offset at, int times = 1) {
    for (int n = 0; n < times; ++n) note_failure(cache, start + at);
    return cache;
}

token_cache refused(token_cache cache, offset at, std::string_view text = "first") {
    note_refusal(cache, secret::copy_of(text), start + at);
    return cache;
}

} // namespace

BOOST_AUTO_TEST_SUITE(token_rules)

BOOST_AUTO_TEST_CASE(what_is_done_follows_from_expiry_failures_and_refusals) {
    using enum token_step;
    const auto due = 1h - 225s;
    const auto last = 1h - token_source::least_left;
    const struct {
        const char* name;
        token_cache cache;
        offset at;
        token_step step;
    } rows[] = {
        {"nothing yet", {}, 0s, fetch},
        {"nothing yet, just failed", failed({}, 0s), 999ms, give_up},
        {"nothing yet, pause over", failed({}, 0s), 1s, fetch},
        {"just fetched", fetched(), 0s, use},
        {"the last moment before a refresh", fetched(), due - 1ms, use},
        {"a refresh is due", fetched(), due, use_and_fetch},
        {"a refresh just failed", failed(fetched(), due), due + 999ms, use},
        {"a refresh failed, pause over", failed(fetched(), due), due + 1s, use_and_fetch},
        {"the last moment it is good", fetched(), last, use_and_fetch},
        {"too little is left", fetched(), last + 1ms, fetch},
        {"too little is left, pausing", failed(fetched(), last), last + 1ms, give_up},
        {"long expired, as after a clock set forward", fetched(), 1000h, fetch},
        {"refused", refused(fetched(), 1s), 1s, fetch},
        {"another was refused", refused(fetched(), 1s, "other"), 1s, use},
        {"refused, and the fetch failed", failed(refused(fetched(), 1s), 1s), 1s, give_up},
        {"a short life, before its half", fetched(100s), 45s - 1ms, use},
        {"a short life, at its half", fetched(100s), 45s, use_and_fetch},
        {"the clock a little before the fetch", fetched(), -1min, use},
        {"the clock set back", fetched(), -1min - 1ms, use_and_fetch},
        {"the clock set back while pausing", failed({}, 0s), -1h, fetch},
    };
    for (const auto& row : rows) BOOST_TEST((before_fetch(row.cache, start + row.at) == row.step), row.name);
}

BOOST_AUTO_TEST_CASE(the_pause_after_failures_doubles_up_to_thirty_seconds) {
    token_cache cache;
    for (const auto pause : {1s, 2s, 4s, 8s, 16s, 30s, 30s, 30s}) {
        note_failure(cache, start);
        BOOST_TEST(!may_attempt(cache, start + pause - 1ms), pause.count());
        BOOST_TEST(may_attempt(cache, start + pause), pause.count());
        BOOST_TEST((refresh_delay(cache, start, 0) == pause), pause.count());
    }
    note_success(cache, token_until(start + 1h), start);
    note_failure(cache, start);
    BOOST_TEST(may_attempt(cache, start + 1s));
}

BOOST_AUTO_TEST_CASE(a_token_that_comes_expired_counts_as_a_failure_and_replaces_nothing) {
    auto cache = fetched();
    note_success(cache, token_until(start + token_source::least_left - 1ms, "second"), start);
    BOOST_TEST(cache.failures == 1u);
    BOOST_TEST(cache.token->expose() == "first");
    note_success(cache, token_until(start + 1h, ""), start);
    BOOST_TEST(cache.failures == 2u);
    note_success(cache, token_until(start + token_source::least_left, "second"), start);
    BOOST_TEST(cache.failures == 0u);
    BOOST_TEST(cache.token->expose() == "second");
}

BOOST_AUTO_TEST_CASE(refusals_drop_a_token_once_an_interval) {
    auto cache = refused(fetched(), 1s);
    BOOST_TEST(!cache.token);
    note_success(cache, token_until(start + 1h), start + 2s);
    const auto free_again = 1s + token_source::refusal_interval;
    BOOST_TEST(refused(cache, free_again - 1ms).token);
    BOOST_TEST(!refused(cache, free_again).token);
    BOOST_TEST(!refused(cache, -1h).token); // the clock was set back
}

BOOST_AUTO_TEST_CASE(the_background_refreshes_ahead_of_the_expiry_at_a_moment_of_its_own) {
    const struct {
        const char* name;
        token_cache cache;
        offset at;
        double jitter;
        offset delay;
    } rows[] = {
        {"nothing yet", {}, 0s, 1, 0s},
        {"latest", fetched(), 0s, 0, 1h - 225s},
        {"earliest", fetched(), 0s, 1, 1h - 270s},
        {"between", fetched(), 10min, 0.5, 50min - 225s - 22500ms},
        {"due", fetched(), 1h - 225s, 0, 0s},
        {"expired", fetched(), 2h, 0, 0s},
        {"a short life", fetched(100s), 0s, 0, 45s},
        {"the shortest life", fetched(token_source::least_left), 0s, 0, 0s},
        {"refused", refused(fetched(), 1s), 1s, 0, 0s},
        {"the clock set back", fetched(), -1h, 0, 0s},
        {"failed, and the clock set back", failed(fetched(), 1h), 0s, 0, 30s},
    };
    for (const auto& row : rows)
        BOOST_TEST((refresh_delay(row.cache, start + row.at, row.jitter) == row.delay), row.name);
}

BOOST_AUTO_TEST_SUITE_END()
