#include "auth/certificate_source.hpp"
#include "auth/forge.hpp"

BOOST_AUTO_TEST_SUITE(certificate_rules)

using namespace byot;
using namespace std::chrono_literals;
using rules = auth::certificate_rules;

namespace {

const wall_time start = forge::now;

std::shared_ptr<const auth::public_keys> some_keys() {
    static const auto keys =
        std::make_shared<const auth::public_keys>(auth::public_keys{{"known", forge::keys().good}});
    return keys;
}

auth::known_certificates fetched(std::chrono::seconds max_age = 100s, wall_time at = start) {
    auth::known_certificates known;
    known.value = some_keys();
    known.note_success(at + max_age, at);
    return known;
}

auth::known_certificates failed(auth::known_certificates known, wall_time at, int times = 1) {
    for (int n = 0; n < times; ++n) known.note_failure(at);
    return known;
}

auth::known_certificates searched(auth::known_certificates known, wall_time at) {
    known.forced_at = at;
    return known;
}

std::chrono::seconds kept_for(int max_age) {
    http::client_answer answer;
    answer.status = 200;
    answer.fields.emplace_back("cache-control", "max-age=" + std::to_string(max_age));
    const auto expires = rules::read_answer(answer, start).expires_at;
    return std::chrono::floor<std::chrono::seconds>(expires - start);
}

constexpr auto end_of_grace = 100s + auth::certificate_source::grace;

} // namespace

BOOST_AUTO_TEST_CASE(what_is_done_follows_from_age_failures_and_kid) {
    using enum net::fetch_step;
    const struct {
        const char* name;
        auth::known_certificates cache;
        std::string_view kid;
        std::chrono::milliseconds at;
        net::fetch_step before;
        net::fetch_step after;
    } rows[] = {
        {"nothing yet", {}, "known", 0s, fetch, give_up},
        {"nothing yet, just failed", failed({}, start), "known", 999ms, give_up, give_up},
        {"nothing yet, pause over", failed({}, start), "known", 1s, fetch, give_up},
        {"just fetched", fetched(), "known", 0s, use, use},
        {"the last fresh moment", fetched(), "known", 100s, use, use},
        {"the first stale one", fetched(), "known", 100s + 1ms, fetch, use},
        {"fresh, a refresh failed", failed(fetched(), start + 80s), "known", 100s, use, use},
        {"stale, pausing", failed(fetched(), start + 101s), "known", 101s + 999ms, use, use},
        {"stale, pause over", failed(fetched(), start + 101s), "known", 102s, use_and_fetch, use},
        {"the last of the grace", failed(fetched(), start + 101s), "known", end_of_grace, use_and_fetch, use},
        {"after the grace", failed(fetched(), start + 101s), "known", end_of_grace + 1ms, fetch, give_up},
        {"after the grace, pausing", failed(fetched(), start + end_of_grace), "known", end_of_grace + 1ms,
         give_up, give_up},
        {"unknown kid", fetched(), "new", 1s, fetch, use},
        {"unknown kid, just searched", searched(fetched(), start), "new", 30s - 1ms, use, use},
        {"unknown kid, searched before", searched(fetched(), start), "new", 30s, fetch, use},
        {"unknown kid, search failed", failed(searched(fetched(), start), start), "new", 5s, give_up,
         give_up},
        {"unknown kid, pausing", failed(fetched(), start), "new", 999ms, give_up, give_up},
        {"unknown kid, stale", fetched(), "new", 101s, fetch, use},
        {"unknown kid, stale, pausing", failed(fetched(), start + 101s), "new", 101s + 5ms, give_up, give_up},
        {"clock put right by the most", fetched(100s, start + 5min), "known", 0s, use, use},
        {"clock set back by more", fetched(100s, start + 5min + 1ms), "known", 0s, fetch, give_up},
        {"clock set back, no fetch yet", failed(fetched(100s, start + 1h), start), "known", 999ms, give_up,
         give_up},
        {"clock set back after a search", searched(fetched(), start + 1h), "new", 0s, fetch, use},
        {"clock set back after a failure", failed({}, start + 1h), "known", 0s, fetch, give_up},
    };
    for (const auto& row : rows) {
        BOOST_TEST((rules::before_fetch(row.cache, row.kid, start + row.at) == row.before), row.name);
        BOOST_TEST((rules::after_fetch(row.cache, row.kid, start + row.at) == row.after), row.name);
    }
}

BOOST_AUTO_TEST_CASE(max_age_is_kept_between_a_minute_and_a_day) {
    BOOST_TEST((kept_for(0) == 60s));
    BOOST_TEST((kept_for(60) == 60s));
    BOOST_TEST((kept_for(22000) == 22000s));
    BOOST_TEST((kept_for(86400) == 24h));
    BOOST_TEST((kept_for(864000) == 24h));
}

BOOST_AUTO_TEST_CASE(the_background_refreshes_at_about_80_percent_of_max_age) {
    BOOST_TEST((rules::refresh_delay({}, start, 0.5) == 0ms));
    BOOST_TEST((rules::refresh_delay(fetched(1000s), start, 0) == 800s));
    BOOST_TEST((rules::refresh_delay(fetched(1000s), start, 1) == 720s));
    BOOST_TEST((rules::refresh_delay(fetched(1000s), start + 700s, 0) == 100s));
    BOOST_TEST((rules::refresh_delay(fetched(1000s), start + 900s, 0) == 0ms));
    BOOST_TEST((rules::refresh_delay(fetched(1000s, start + 1h), start, 0) == 0ms)); // set back
    BOOST_TEST((rules::refresh_delay(failed(fetched(1000s), start + 800s, 3), start + 800s, 0) == 4s));
}

BOOST_AUTO_TEST_CASE(usable_is_fresh_or_within_the_grace) {
    BOOST_TEST(!rules::is_usable({}, start));
    BOOST_TEST(rules::is_usable(fetched(), start + end_of_grace));
    BOOST_TEST(!rules::is_usable(fetched(), start + end_of_grace + 1ms));
}

BOOST_AUTO_TEST_SUITE_END()
