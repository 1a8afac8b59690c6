#include "google/token_source.hpp"

#include "auth/little_server.hpp"
#include "google/token_issuer.hpp"
#include "net/fixture.hpp"

#include <atomic>
#include <thread>

using namespace byot;
using namespace byot::google;
using namespace std::chrono_literals;

namespace {

little_server::answer gives(std::string_view token, int seconds = 3600) {
    return {200,
            fmt::format(R"({{"access_token":"{}","expires_in":{},"token_type":"Bearer"}})", token, seconds)};
}

/// A token endpoint, and what reactors are told that ask the source in front of it.
struct token_scene : net::testing::reactor_fixture {
    little_server server{gives("first")};
    net::connector connector{home, net::make_client_tls()};
    net::connection_pool pool{home, connector};
    token_issuer issuer{pool, user_of(server), ""};
    token_source source{home, [this](steady_time limit) { return issuer.issue(limit); }};
    const wall_time start = wall_now();

    static std::shared_ptr<const credentials> user_of(const little_server& server) {
        authorized_user user{"id", secret::copy_of("secret"), secret::copy_of("refresh"),
                             server.address("/token")};
        return std::make_shared<const credentials>(std::move(user));
    }

    /// The token so long after the start, or the reason's name.
    std::string ask(std::chrono::milliseconds at) {
        std::string told;
        run(ask_into(told, home, at));
        return told;
    }
    task<void> ask_into(std::string& told, net::reactor& here, std::chrono::milliseconds at) {
        const auto token = co_await source.token(here, start + at);
        told = token ? std::string((*token)->expose()) : std::string(describe(token.error().why()).name);
    }
    bool has_current(std::chrono::milliseconds at) { return source.current(start + at) != nullptr; }
    void refuse(std::string_view text, std::chrono::milliseconds at) {
        source.refuse(secret::copy_of(text), start + at);
    }
    task<void> wait_for_fetches(std::uint64_t count) {
        while (source.fetches() < count) co_await home.sleep_until(steady_now() + 5ms);
        co_await source.settle();
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(token_sources)

BOOST_FIXTURE_TEST_CASE(nothing_is_fetched_before_the_first_question, token_scene) {
    BOOST_TEST(source.fetches() == 0u);
    BOOST_TEST(!source.is_ready());
    BOOST_TEST(!has_current(0s));
    BOOST_TEST(ask(0s) == "first");
    BOOST_TEST(source.is_ready());
    BOOST_TEST(source.current(start)->expose() == "first");
    BOOST_TEST(server.requests() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_token_is_fetched_once_and_again_behind_an_answer_ahead_of_its_expiry, token_scene) {
    for (auto at = 0min; at < 56min; at += 1min) BOOST_TEST(ask(at) == "first");
    BOOST_TEST(source.fetches() == 1u);
    server.answers(gives("second", 7200));
    BOOST_TEST(ask(57min) == "first");
    run(wait_for_fetches(2));
    BOOST_TEST(ask(57min) == "second");
    BOOST_TEST(source.fetches() == 2u);
}

BOOST_FIXTURE_TEST_CASE(an_unexpired_token_is_given_while_its_refresh_fails_and_not_longer, token_scene) {
    BOOST_TEST(ask(0s) == "first");
    server.answers({503, ""});
    BOOST_TEST(ask(57min) == "first");
    run(wait_for_fetches(2));
    BOOST_TEST(ask(57min) == "first"); // and pauses
    BOOST_TEST(source.fetches() == 2u);
    BOOST_TEST(ask(1h - 11s) == "first");
    run(wait_for_fetches(3));
    BOOST_TEST(has_current(1h - 11s));
    BOOST_TEST(!has_current(1h));
    BOOST_TEST(ask(1h) == "IDENTITY_UNAVAILABLE");
    server.answers(gives("second", 7200));
    BOOST_TEST(ask(1h + 30s) == "second");
}

BOOST_AUTO_TEST_CASE(any_bad_answer_to_a_cold_source_is_unavailable_and_followed_by_a_pause) {
    const little_server::answer answers[] = {
        {400, R"({"error":"invalid_grant"})"}, {0, ""}, {200, ""}, gives("two words"), gives("short", 5)};
    for (const auto& answer : answers) {
        token_scene cold;
        cold.server.answers(answer);
        BOOST_TEST(cold.ask(0s) == "IDENTITY_UNAVAILABLE", answer.body);
        cold.server.answers(gives("first"));
        BOOST_TEST(cold.ask(999ms) == "IDENTITY_UNAVAILABLE");
        BOOST_TEST(cold.source.fetches() == 1u);
        BOOST_TEST(cold.ask(1s) == "first");
    }
}

BOOST_FIXTURE_TEST_CASE(a_refused_token_is_fetched_anew_once_an_interval, token_scene) {
    BOOST_TEST(ask(0s) == "first");
    refuse("an older one", 1s);
    BOOST_TEST(has_current(1s));
    refuse("first", 1s);
    BOOST_TEST(!has_current(1s));
    server.answers(gives("second"));
    BOOST_TEST(ask(1s) == "second");
    for (int n = 0; n < 20; ++n) {
        refuse("second", 2s);
        BOOST_TEST(ask(2s) == "second");
    }
    BOOST_TEST(source.fetches() == 2u);
    refuse("second", 11s);
    BOOST_TEST(!has_current(11s));
}

namespace {

/// Asks from the reactor `here`, counting the good answers.
task<void> count_good(token_scene& all, net::reactor& here, std::atomic<int>& good, std::atomic<int>& ended) {
    std::string told;
    co_await all.ask_into(told, here, 1s);
    if (told == "first") ++good;
    if (++ended == 100) all.home.post([&all] { all.home.stop(); });
}

/// A hundred questions at once from two reactors, all of them before the answer comes.
int ask_a_hundred_times(token_scene& all) {
    net::reactor other(1);
    std::atomic<int> good = 0;
    std::atomic<int> ended = 0;
    all.server.hold();
    for (int n = 0; n < 50; ++n) spawn(count_good(all, all.home, good, ended));
    other.post([&] {
        for (int n = 0; n < 50; ++n) spawn(count_good(all, other, good, ended));
        all.home.post([&] { all.server.release(); }); // behind the fifty questions in the mailbox
    });
    std::thread thread([&] { other.run(); });
    all.home.run();
    other.post([&] { other.stop(); });
    thread.join();
    return good;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_hundred_questions_of_two_reactors_make_one_fetch, token_scene) {
    BOOST_TEST(ask_a_hundred_times(*this) == 100);
    BOOST_TEST(source.fetches() == 1u);
    BOOST_TEST(server.requests() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_hundred_questions_end_when_the_one_fetch_fails, token_scene) {
    server.answers({503, ""});
    BOOST_TEST(ask_a_hundred_times(*this) == 0);
    BOOST_TEST(source.fetches() == 1u);
}

BOOST_FIXTURE_TEST_CASE(keeping_fresh_fetches_without_a_question_and_ends_with_stop, token_scene) {
    source.keep_fresh();
    run(wait_for_fetches(1));
    BOOST_TEST(source.is_ready());
    source.stop();
    auto sleep = [this]() -> task<void> {
        // The background's own wait, after which its frame is gone.
        co_await home.sleep_until(steady_now() + 1500ms);
    };
    run(sleep());
    BOOST_TEST(source.fetches() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
