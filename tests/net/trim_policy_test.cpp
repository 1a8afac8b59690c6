#include "net/reactor_state.hpp"

#include "net/fixture.hpp"
#include "net/raw_socket.hpp"

using namespace byot;
using namespace byot::net;
using namespace byot::net::testing;

namespace {

/// How many of `looks` looks at `open` connections found that memory is to be given back.
unsigned found(trim_policy& which, std::size_t open, unsigned looks) {
    unsigned count = 0;
    for (unsigned i = 0; i < looks; ++i) count += which.is_due(open) ? 1 : 0;
    return count;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(trim_policies, reactor_fixture)

BOOST_AUTO_TEST_CASE(a_crowd_that_has_gone_is_a_lull_once) {
    trim_policy quiet;
    BOOST_TEST(found(quiet, 1000, 100) == 0u);
    BOOST_TEST(found(quiet, 500, trim_policy::patience - 1) == 0u);
    BOOST_TEST(found(quiet, 500, 1) == 1u);
    BOOST_TEST(found(quiet, 500, 100) == 0u);
}

BOOST_AUTO_TEST_CASE(those_who_stayed_are_the_crowd_of_the_next_lull) {
    trim_policy quiet;
    found(quiet, 1000, 1);
    found(quiet, 400, trim_policy::patience);
    BOOST_TEST(found(quiet, 201, 100) == 0u);
    BOOST_TEST(found(quiet, 200, 100) == 1u);
}

BOOST_AUTO_TEST_CASE(a_crowd_that_comes_back_in_time_is_none) {
    trim_policy quiet;
    found(quiet, 1000, 1);
    for (int i = 0; i < 100; ++i) {
        BOOST_TEST(found(quiet, 0, trim_policy::patience - 1) == 0u);
        BOOST_TEST(found(quiet, 501, 1) == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_few_are_no_crowd) {
    trim_policy quiet;
    found(quiet, trim_policy::crowd - 1, 1);
    BOOST_TEST(found(quiet, 0, 100) == 0u);
    found(quiet, trim_policy::crowd, 1);
    BOOST_TEST(found(quiet, 0, 100) == 1u);
}

BOOST_AUTO_TEST_CASE(a_reactor_tells_when_its_crowd_has_gone_and_serves_on) {
    std::size_t told = 0;
    home.on_trim([&] { ++told; });
    const raw_listener listener(256);
    auto body = [&]() -> task<void> {
        const auto limit = soon();
        for (int round = 0; round < 2; ++round) {
            std::vector<std::unique_ptr<connection>> crowd;
            std::vector<raw_socket> others;
            for (std::size_t i = 0; i < trim_policy::crowd; ++i) {
                auto other = connect_to(listener.port());
                crowd.push_back(std::make_unique<connection>(home, listener.accept().release()));
                others.push_back(std::move(other));
            }
            const auto seen = std::chrono::steady_clock::now() + 3 * reactor::sweep_interval;
            co_await home.sleep_until(seen);
            others.front().send("hello");
            const auto outcome = co_await crowd.front()->receive();
            BOOST_TEST((outcome == receive_outcome::arrived));
            crowd.clear();
            const auto before = told;
            while (told == before && std::chrono::steady_clock::now() < limit) {
                const auto next = std::chrono::steady_clock::now() + 10ms;
                co_await home.sleep_until(next);
            }
        }
    };
    run(body());
    BOOST_TEST(told == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
