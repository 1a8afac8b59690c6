#include "net/name_lookup.hpp"

#include "net/fixture.hpp"

using namespace byot;
using namespace byot::net;
using namespace byot::net::testing;

using outcome = found_names::outcome;

BOOST_FIXTURE_TEST_SUITE(name_lookups, reactor_fixture)

BOOST_AUTO_TEST_CASE(a_name_gives_its_addresses) {
    name_lookup names(home);
    auto body = [&]() -> task<void> {
        const auto found = co_await names.look_up("localhost", soon());
        BOOST_TEST((found.what == outcome::found));
        BOOST_REQUIRE(!found.endpoints.empty());
        BOOST_TEST(found.endpoints.front().address().is_loopback());
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_name_that_nobody_has_is_unknown) {
    name_lookup names(home);
    auto body = [&]() -> task<void> {
        const auto found = co_await names.look_up("no such name", soon());
        BOOST_TEST((found.what == outcome::unknown));
        BOOST_TEST(found.endpoints.empty());
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_limit_that_has_passed_asks_nobody) {
    name_lookup names(home);
    auto body = [&]() -> task<void> {
        const auto found = co_await names.look_up("localhost", steady_now());
        BOOST_TEST((found.what == outcome::late));
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(many_who_want_one_name_all_get_it) {
    name_lookup names(home);
    int waiting = 100;
    int found = 0;
    byot::async_event all_told;
    auto ask = [&]() -> task<void> {
        const auto answer = co_await names.look_up("localhost", soon());
        if (answer.what == outcome::found) ++found;
        if (--waiting == 0) all_told.notify();
    };
    auto body = [&]() -> task<void> {
        for (int i = 0; i < 100; ++i) spawn(ask());
        co_await all_told.wait();
    };
    run(body());
    BOOST_TEST(found == 100);
}

BOOST_AUTO_TEST_CASE(a_lookup_that_goes_while_it_asks_resumes_nobody) {
    bool is_resumed = false;
    {
        name_lookup names(home);
        auto ask = [&]() -> owned_coroutine {
            auto asking = names.look_up("localhost", soon());
            co_await asking;
            is_resumed = true;
        };
        const auto waiting = ask();
    }
    auto body = [&]() -> task<void> { co_await home.sleep_until(steady_now() + 20ms); };
    run(body());
    BOOST_TEST(!is_resumed);
}

BOOST_AUTO_TEST_CASE(a_lookup_whose_asker_goes_tells_the_others) {
    name_lookup names(home);
    bool is_resumed = false;
    auto ask = [&]() -> owned_coroutine {
        auto asking = names.look_up("localhost", soon());
        co_await asking;
        is_resumed = true;
    };
    auto body = [&]() -> task<void> {
        {
            const auto leaving = ask();
        }
        const auto found = co_await names.look_up("localhost", soon());
        BOOST_TEST((found.what == outcome::found));
    };
    run(body());
    BOOST_TEST(!is_resumed);
}

BOOST_AUTO_TEST_SUITE_END()
