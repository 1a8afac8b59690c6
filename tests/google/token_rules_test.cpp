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

/// Notes that a token came, as `net::refreshed_value` does.
void note(known_token& known, issued_token issued, wall_time now) {
    auto brought = token_rules::read_issued(std::move(issued), now);
    if (!brought.value) {
        known.note_failure(now);
        return;
    }
    known.value = brought.value;
    known.note_success(brought.expires_at, now);
}

known_token fetched(offset life = 1h) {
    known_token known;
    note(known, token_until(start + life), start);
    return known;
}

known_token failed(known_token known, offset at, int times = 1) {
    for (int n = 0; n < times; ++n) known.note_failure(start + at);
    return known;
}

known_token refused(known_token known, offset at, std::string_view text = "first") {
    token_rules::note_refusal(known, secret::copy_of(text), start + at);
    return known;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rules_of_tokens)

BOOST_AUTO_TEST_CASE(what_is_done_follows_from_expiry_failures_and_refusals) {
    using enum net::fetch_step;
    const auto due = 1h - 225s;
    const auto last = 1h - token_source::least_left;
    const struct {
        const char* name;
        known_token known;
        offset at;
        net::fetch_step step;
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
    for (const auto& row : rows) {
        const auto step = token_rules::before_fetch(row.known, {}, start + row.at);
        BOOST_TEST((step == row.step), row.name);
    }
}

BOOST_AUTO_TEST_CASE(a_token_that_comes_expired_counts_as_a_failure_and_replaces_nothing) {
    auto known = fetched();
    note(known, token_until(start + token_source::least_left - 1ms, "second"), start);
    BOOST_TEST(known.failures == 1u);
    BOOST_TEST(known.value->expose() == "first");
    note(known, token_until(start + 1h, ""), start);
    BOOST_TEST(known.failures == 2u);
    note(known, token_until(start + token_source::least_left, "second"), start);
    BOOST_TEST(known.failures == 0u);
    BOOST_TEST(known.value->expose() == "second");
}

BOOST_AUTO_TEST_CASE(refusals_drop_a_token_once_an_interval) {
    auto known = refused(fetched(), 1s);
    BOOST_TEST(!known.value);
    note(known, token_until(start + 1h), start + 2s);
    const auto free_again = 1s + token_source::refusal_interval;
    BOOST_TEST(refused(known, free_again - 1ms).value);
    BOOST_TEST(!refused(known, free_again).value);
    BOOST_TEST(!refused(known, -1h).value); // the clock was set back
}

BOOST_AUTO_TEST_CASE(the_background_refreshes_ahead_of_the_expiry_at_a_moment_of_its_own) {
    const struct {
        const char* name;
        known_token known;
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
        {"failed, and the clock set back", failed(fetched(), 1h), 0s, 0, 0s},
    };
    for (const auto& row : rows)
        BOOST_TEST((token_rules::refresh_delay(row.known, start + row.at, row.jitter) == row.delay),
                   row.name);
}

BOOST_AUTO_TEST_SUITE_END()
