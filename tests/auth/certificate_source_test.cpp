#include "auth/scene.hpp"

BOOST_AUTO_TEST_SUITE(certificates)

using namespace byot;
using namespace std::chrono_literals;

namespace {

const std::string& known = forge::keys().good_kid;
const std::string fresh_kid = "fresh";

std::string rotated_certificates() {
    return forge::certificates_json({{known, forge::keys().good}, {fresh_kid, forge::keys().second}});
}

} // namespace

BOOST_FIXTURE_TEST_CASE(nothing_is_fetched_before_the_first_question, scene) {
    BOOST_TEST(source.fetches() == 0u);
    BOOST_TEST(!source.is_ready());
    BOOST_TEST(has(known, 0s));
    BOOST_TEST(source.fetches() == 1u);
    BOOST_TEST(server.requests() == 1u);
    BOOST_TEST(server.last_request().starts_with("GET /certificates HTTP/1.1\r\n"));
}

BOOST_FIXTURE_TEST_CASE(a_set_answers_for_its_whole_max_age_and_not_longer, scene) {
    for (auto at = 0s; at <= 100s; at += 5s) BOOST_TEST(has(known, at));
    BOOST_TEST(source.fetches() == 1u);
    BOOST_TEST(has(known, 100s + 1ms));
    BOOST_TEST(source.fetches() == 2u);
    BOOST_TEST(has(known, 200s));
    BOOST_TEST(source.fetches() == 2u);
    BOOST_TEST(has(known, 201s));
    BOOST_TEST(source.fetches() == 3u);
}

BOOST_FIXTURE_TEST_CASE(an_answer_without_max_age_is_kept_for_a_minute, scene) {
    server.answers({200, forge::both_certificates(), "no-cache"});
    BOOST_TEST(has(known, 0s));
    BOOST_TEST(has(known, 60s));
    BOOST_TEST(source.fetches() == 1u);
    BOOST_TEST(has(known, 60s + 1ms));
    BOOST_TEST(source.fetches() == 2u);
}

BOOST_AUTO_TEST_CASE(any_bad_answer_to_a_cold_source_is_unavailable) {
    const little_server::answer answers[] = {
        {404, forge::both_certificates()},
        {503, forge::both_certificates()},
        {301, forge::both_certificates()},
        {204, ""},
        {0, ""},
        {200, ""},
        {200, "not-json"},
        {200, "{}"},
        {200, R"({"error":{"code":1}})"},
        {200, R"({"foo":"bar"})"},
        {200, std::string(300 * 1024, ' ') + forge::both_certificates()},
    };
    for (const auto& answer : answers) {
        scene cold;
        cold.server.answers(answer);
        BOOST_TEST(cold.is_unavailable(known, 0s), answer.status << " " << answer.body.substr(0, 40));
        BOOST_TEST(cold.source.fetches() == 1u);
        BOOST_TEST(!cold.source.is_ready());
    }
}

BOOST_FIXTURE_TEST_CASE(an_answer_that_does_not_come_is_unavailable_within_the_limit, scene) {
    server.hold();
    const auto before = steady_now();
    BOOST_TEST(is_unavailable(known, 0s));
    BOOST_TEST((steady_now() - before < net::fetch_limit + 2s));
    server.release();
}

BOOST_FIXTURE_TEST_CASE(an_address_where_nobody_listens_is_unavailable, scene) {
    auto nowhere = server.address();
    {
        net::listener closed(home, "127.0.0.1", 0);
        nowhere.origin.port = closed.port();
        closed.stop();
    }
    source = auth::certificate_source(home, pool, nowhere);
    BOOST_TEST(is_unavailable(known, 0s));
}

BOOST_FIXTURE_TEST_CASE(failures_are_followed_by_a_pause_and_then_forgotten, scene) {
    server.answers({503, ""});
    BOOST_TEST(is_unavailable(known, 0s));
    server.answers({200, forge::both_certificates()});
    BOOST_TEST(is_unavailable(known, 999ms));
    BOOST_TEST(source.fetches() == 1u);
    BOOST_TEST(has(known, 1s));
    BOOST_TEST(source.fetches() == 2u);
    BOOST_TEST(has(known, 1s));
    BOOST_TEST(source.fetches() == 2u);
}

BOOST_FIXTURE_TEST_CASE(an_old_set_goes_on_answering_for_the_grace_when_the_server_died, scene) {
    BOOST_TEST(has(known, 0s));
    server.answers({0, ""});
    const auto end = 100s + auth::certificate_source::grace;
    for (const std::chrono::milliseconds at : {101000ms, 101001ms, 110000ms, 3600000ms})
        BOOST_TEST(has(known, at));
    BOOST_TEST(has(known, end));
    BOOST_TEST(is_unavailable(known, end + 1h));
    server.answers({200, forge::both_certificates()});
    BOOST_TEST(has(known, end + 2h));
}

BOOST_FIXTURE_TEST_CASE(unknown_kids_cause_at_most_one_fetch_in_their_interval, scene) {
    BOOST_TEST(has(known, 0s));
    for (int n = 0; n < 50; ++n) BOOST_TEST(!has("unknown-" + std::to_string(n), 1s + n * 10ms));
    BOOST_TEST(source.fetches() == 2u);
    BOOST_TEST(!has("unknown", 31s - 1ms));
    BOOST_TEST(source.fetches() == 2u);
    BOOST_TEST(!has("unknown", 31s));
    BOOST_TEST(source.fetches() == 3u);
}

BOOST_FIXTURE_TEST_CASE(an_unknown_kid_on_a_cold_source_is_settled_by_one_fetch, scene) {
    BOOST_TEST(!has("unknown", 0s));
    BOOST_TEST(source.fetches() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_key_published_after_the_fetch_is_found_by_its_first_token, scene) {
    BOOST_TEST(has(known, 0s));
    server.answers({200, rotated_certificates()});
    BOOST_TEST(has(fresh_kid, 1s));
    BOOST_TEST(source.fetches() == 2u);
    BOOST_TEST(!has(forge::keys().second_kid, 2s));
}

BOOST_FIXTURE_TEST_CASE(while_the_server_is_dead_an_unknown_kid_is_no_fault_of_the_token, scene) {
    BOOST_TEST(has(known, 0s));
    server.answers({503, ""});
    BOOST_TEST(is_unavailable("unknown", 1s));
    BOOST_TEST(is_unavailable("unknown", 1s + 1ms));
    BOOST_TEST(source.fetches() == 2u);
    BOOST_TEST(has(known, 2s));
}

namespace {

/// Asks from the reactor `here`, counting the good answers.
task<void> count_good(scene& all, net::reactor& here, std::string kid, std::atomic<int>& good,
                      std::atomic<int>& ended) {
    auto wanted = kid;
    const auto keys = co_await all.source.keys_for(here, std::move(kid), forge::now + 1s);
    if (keys && (*keys)->contains(wanted)) ++good;
    if (++ended == 100) all.home.post([&all] { all.home.stop(); });
}

/// A hundred questions at once from two reactors, all of them before the answer comes.
int ask_a_hundred_times(scene& all, const std::string& kid) {
    net::reactor other(1);
    std::atomic<int> good = 0;
    std::atomic<int> ended = 0;
    all.server.hold();
    for (int n = 0; n < 50; ++n) spawn(count_good(all, all.home, kid, good, ended));
    other.post([&] {
        for (int n = 0; n < 50; ++n) spawn(count_good(all, other, kid, good, ended));
        all.home.post([&] { all.server.release(); }); // behind the fifty questions in the mailbox
    });
    std::thread thread([&] { other.run(); });
    all.home.run();
    other.post([&] { other.stop(); });
    thread.join();
    return good;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_hundred_questions_of_two_reactors_to_a_cold_source_make_one_fetch, scene) {
    BOOST_TEST(ask_a_hundred_times(*this, known) == 100);
    BOOST_TEST(source.fetches() == 1u);
    BOOST_TEST(server.requests() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_hundred_questions_for_a_fresh_key_make_one_fetch_and_all_find_it, scene) {
    BOOST_TEST(has(known, 0s));
    server.answers({200, rotated_certificates()});
    BOOST_TEST(ask_a_hundred_times(*this, fresh_kid) == 100);
    BOOST_TEST(source.fetches() == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_hundred_questions_end_when_the_one_fetch_fails, scene) {
    server.answers({503, ""});
    BOOST_TEST(ask_a_hundred_times(*this, known) == 0);
    BOOST_TEST(source.fetches() == 1u);
}

namespace {

task<void> wait_until_ready(net::reactor& home, auth::certificate_source& source) {
    while (!source.is_ready()) co_await home.sleep_until(steady_now() + 5ms);
}

} // namespace

BOOST_FIXTURE_TEST_CASE(keeping_fresh_makes_it_ready_without_a_question_and_ends_with_stop, scene) {
    source.keep_fresh();
    run(wait_until_ready(home, source));
    BOOST_TEST(source.fetches() == 1u);
    source.stop();
    auto sleep = [this]() -> task<void> {
        // The background's own wait, after which its frame is gone.
        co_await home.sleep_until(steady_now() + 1500ms);
    };
    run(sleep());
    BOOST_TEST(source.fetches() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
