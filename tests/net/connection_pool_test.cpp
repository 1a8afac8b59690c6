#include "net/connection_pool.hpp"
#include "net/fixture.hpp"
#include "net/raw_socket.hpp"

using namespace byot;
using namespace byot::net;
using namespace byot::net::testing;

namespace {

struct pool_fixture : reactor_fixture {
    raw_listener upstream;
    connector open{home, make_client_tls()};
    connection_pool pool{home, open};
    const origin where{false, "127.0.0.1", upstream.port()};

    task<lease> take() {
        auto taken = co_await pool.acquire(where, soon());
        BOOST_REQUIRE(taken.has_value());
        co_return std::move(*taken);
    }
    task<void> until_idle(std::size_t count) {
        while (pool.idle() != count) co_await home.sleep_until(std::chrono::steady_clock::now() + 1ms);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(connection_pools, pool_fixture)

BOOST_AUTO_TEST_CASE(a_connection_given_back_is_used_again) {
    auto body = [&]() -> task<void> {
        auto first = co_await take();
        BOOST_TEST(!first.is_reused());
        const auto* const same = &*first;
        first.give_back();
        BOOST_TEST(!first);
        auto second = co_await take();
        BOOST_TEST(second.is_reused());
        BOOST_TEST((&*second == same));
        BOOST_TEST(pool.idle() == 0u);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(the_last_one_used_is_used_first) {
    auto body = [&]() -> task<void> {
        auto a = co_await take();
        auto b = co_await take();
        const auto* const last = &*a;
        b.give_back();
        a.give_back();
        BOOST_TEST(pool.idle() == 2u);
        auto next = co_await take();
        BOOST_TEST((&*next == last));
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_lease_that_is_not_given_back_closes_its_connection) {
    auto body = [&]() -> task<void> {
        {
            auto taken = co_await take();
        }
        BOOST_TEST(pool.idle() == 0u);
    };
    run(body());
    BOOST_TEST(upstream.accept().receive_all().empty());
}

BOOST_AUTO_TEST_CASE(a_connection_whose_peer_closes_is_dropped_at_once) {
    auto body = [&]() -> task<void> {
        auto taken = co_await take();
        auto peer = upstream.accept();
        taken.give_back();
        peer.close();
        co_await until_idle(0);
        BOOST_TEST(!pool.take_idle(where));
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_connection_whose_peer_speaks_unasked_is_dropped_at_once) {
    auto body = [&]() -> task<void> {
        auto taken = co_await take();
        const auto peer = upstream.accept();
        taken.give_back();
        peer.send("HTTP/1.1 408 Request Timeout\r\n\r\n");
        co_await until_idle(0);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_connection_with_bytes_left_is_not_taken_back) {
    auto body = [&]() -> task<void> {
        auto taken = co_await take();
        const auto peer = upstream.accept();
        peer.send("more than asked");
        const auto outcome = co_await taken->receive();
        BOOST_TEST((outcome == receive_outcome::arrived));
        taken.give_back();
        BOOST_TEST(pool.idle() == 0u);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(an_interruption_meant_for_one_user_does_not_reach_the_next) {
    auto body = [&]() -> task<void> {
        auto taken = co_await take();
        const auto peer = upstream.accept();
        taken->interrupt();
        taken.give_back();
        auto next = co_await take();
        BOOST_TEST(next.is_reused());
        peer.send("x");
        const auto outcome = co_await next->receive();
        BOOST_TEST((outcome == receive_outcome::arrived));
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_dropped_after_its_limit) {
    connection_pool brief(home, open, std::chrono::milliseconds(1));
    auto body = [&]() -> task<void> {
        auto taken = co_await brief.acquire(where, soon());
        BOOST_REQUIRE(taken.has_value());
        taken->give_back();
        BOOST_TEST(brief.idle() == 1u);
        while (brief.idle() > 0) co_await home.sleep_until(std::chrono::steady_clock::now() + 1ms);
    };
    run(body());
    BOOST_TEST(upstream.accept().receive_all().empty());
}

BOOST_AUTO_TEST_CASE(an_idle_connection_past_its_limit_is_not_used_even_before_the_sweep) {
    connection_pool brief(home, open, std::chrono::milliseconds(0));
    auto body = [&]() -> task<void> {
        auto taken = co_await brief.acquire(where, soon());
        BOOST_REQUIRE(taken.has_value());
        taken->give_back();
        BOOST_TEST(!brief.take_idle(where));
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_connection_in_use_does_not_expire_by_the_idle_limit) {
    connection_pool brief(home, open, std::chrono::milliseconds(150));
    auto body = [&]() -> task<void> {
        auto first = co_await brief.acquire(where, soon());
        BOOST_REQUIRE(first.has_value());
        first->give_back();
        auto again = brief.take_idle(where);
        BOOST_REQUIRE(static_cast<bool>(again));
        co_await home.sleep_until(std::chrono::steady_clock::now() + 300ms);
        BOOST_TEST(again->is_quiet());
        BOOST_TEST(!again->is_expired());
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(origins_do_not_share_connections) {
    const raw_listener elsewhere;
    const origin other{false, "127.0.0.1", elsewhere.port()};
    auto body = [&]() -> task<void> {
        auto taken = co_await take();
        taken.give_back();
        BOOST_TEST(!pool.take_idle(other));
        BOOST_TEST(pool.idle() == 1u);
        pool.clear();
        BOOST_TEST(pool.idle() == 0u);
    };
    run(body());
}

BOOST_AUTO_TEST_SUITE_END()
