#include "net/connect_operation_fixture.hpp"
#include "net/fixture.hpp"

using namespace byot;
using namespace byot::net;
using namespace byot::net::testing;
using boost::asio::ip::tcp;

BOOST_FIXTURE_TEST_SUITE(connects, connect_operation_fixture)

BOOST_AUTO_TEST_CASE(the_first_address_that_answers_is_taken) {
    const raw_listener first;
    const raw_listener second;
    open({at(first.port()), at(second.port())}, soon());
    BOOST_TEST(port == first.port());
}

BOOST_AUTO_TEST_CASE(an_address_that_fails_starts_the_next_at_once) {
    const raw_listener last;
    for (const auto& failing : {nobody(), unroutable()}) {
        is_connected = false;
        std::vector<tcp::endpoint> where(many, failing);
        where.push_back(at(last.port()));
        open(where, soon());
        BOOST_TEST(is_connected);
        BOOST_TEST(port == last.port());
        BOOST_TEST((took < many * 250ms));
    }
}

BOOST_AUTO_TEST_CASE(a_silent_address_is_passed_by_after_the_delay_and_closed) {
    const full_listener silent;
    const raw_listener open_one;
    before = open_descriptors();
    open({silent.where(), at(open_one.port())}, soon());
    BOOST_TEST(port == open_one.port());
    BOOST_TEST((took >= 250ms));
    settle();
    BOOST_TEST(open_descriptors() == before);
}

BOOST_AUTO_TEST_CASE(two_silent_ones_and_one_that_refuses_do_not_spoil_the_last) {
    const full_listener silent;
    const full_listener silent_too;
    const raw_listener open_one;
    open({silent.where(), nobody(), silent_too.where(), at(open_one.port())}, soon());
    BOOST_TEST(port == open_one.port());
    BOOST_TEST((took >= 500ms), "each silent one has its time");
}

// Other clients break an attempt off when the next begins, and fail where each address is merely slow.
BOOST_AUTO_TEST_CASE(an_attempt_goes_on_beside_the_next_and_may_still_win) {
    full_listener slow;
    const full_listener silent;
    auto make_room = [&]() -> task<void> {
        co_await home.sleep_until(steady_now() + 400ms); // the second attempt has begun by then
        slow.waiting.clear();
        slow.listener.accept().close(); // the kernel asks again a second after its first question
    };
    home.post([&] { spawn(make_room()); });
    open({slow.where(), silent.where()}, soon());
    BOOST_TEST(is_connected);
    BOOST_TEST(port == slow.listener.port());
}

BOOST_AUTO_TEST_CASE(when_all_refuse_it_fails_at_once) {
    std::vector<tcp::endpoint> where(many, nobody());
    where.push_back(unroutable());
    open(where, soon());
    BOOST_TEST(!is_connected);
    BOOST_TEST(!is_out_of_means);
    BOOST_TEST((took < many * 250ms));
    settle();
    BOOST_TEST(open_descriptors() == before);
}

BOOST_AUTO_TEST_CASE(when_all_are_silent_it_fails_at_the_limit) {
    const full_listener silent;
    before = open_descriptors();
    const auto limit = steady_now() + 60ms;
    open({silent.where(), silent.where(), silent.where()}, limit);
    BOOST_TEST(!is_connected);
    BOOST_TEST((steady_now() >= limit));
    settle();
    BOOST_TEST(open_descriptors() == before);
}

BOOST_AUTO_TEST_CASE(a_short_limit_is_shared_so_that_the_last_address_is_tried) {
    const full_listener silent;
    const raw_listener last;
    open({silent.where(), silent.where(), at(last.port())}, steady_now() + 200ms);
    BOOST_TEST(is_connected);
}

BOOST_AUTO_TEST_CASE(no_address_is_none) {
    open({}, soon());
    BOOST_TEST(!is_connected);
    BOOST_TEST(!is_out_of_means);
}

BOOST_AUTO_TEST_CASE(no_descriptor_for_the_first_is_told_as_that) {
    const raw_listener open_one;
    {
        const few_descriptors none(0);
        open({at(open_one.port()), at(open_one.port())}, soon());
    }
    BOOST_TEST(!is_connected);
    BOOST_TEST(is_out_of_means);
}

BOOST_AUTO_TEST_CASE(no_descriptor_for_the_second_leaves_the_first_its_time) {
    const full_listener silent;
    const raw_listener second;
    {
        const few_descriptors one(1);
        open({silent.where(), at(second.port())}, steady_now() + 400ms);
    }
    BOOST_TEST(!is_connected);
    BOOST_TEST(!is_out_of_means, "it was late and not poor");
}

BOOST_AUTO_TEST_CASE(the_descriptor_of_one_that_failed_does_for_the_next) {
    const raw_listener second;
    const auto refused = nobody();
    {
        const few_descriptors one(1);
        open({refused, refused, at(second.port())}, soon());
    }
    BOOST_TEST(port == second.port());
}

BOOST_AUTO_TEST_CASE(the_end_of_what_is_outgoing_ends_a_race) {
    const full_listener silent;
    before = open_descriptors();
    home.post([this] { home.end_outgoing(); });
    open({silent.where(), silent.where()}, soon());
    BOOST_TEST(!is_connected);
    const raw_listener open_one;
    open({at(open_one.port())}, soon());
    BOOST_TEST(!is_connected);
}

BOOST_AUTO_TEST_CASE(it_ends_between_two_attempts_too) {
    const full_listener silent;
    auto end_later = [&]() -> task<void> {
        co_await home.sleep_until(steady_now() + 300ms);
        home.end_outgoing();
    };
    home.post([&] { spawn(end_later()); });
    open({silent.where(), silent.where(), silent.where(), silent.where()}, soon());
    BOOST_TEST(!is_connected);
}

BOOST_AUTO_TEST_CASE(a_winner_that_closes_right_after_is_a_connection_that_ended) {
    const raw_listener brief;
    auto body = [&]() -> task<void> {
        const auto attempt = std::make_shared<connect_operation>(home);
        const std::vector<tcp::endpoint> where{nobody(), at(brief.port())};
        const bool is_open = co_await attempt->connect(where, soon());
        BOOST_TEST(is_open);
        brief.accept().close();
        connection c(home, attempt->release());
        const auto outcome = co_await c.receive();
        BOOST_TEST((outcome == receive_outcome::ended));
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(an_address_that_does_not_answer_does_not_spoil_the_next_opening) {
    const full_listener silent;
    const raw_listener open_one;
    auto body = [&]() -> task<void> {
        const auto attempt = std::make_shared<connect_operation>(home);
        const std::vector<tcp::endpoint> first{silent.where()};
        const std::vector<tcp::endpoint> second{at(open_one.port())};
        const auto is_first = co_await attempt->connect(first, steady_now() + 20ms);
        BOOST_TEST(!is_first);
        const auto is_second = co_await attempt->connect(second, soon());
        BOOST_TEST(is_second);
        const raw_socket connected(attempt->release());
        BOOST_TEST(connected.native() >= 0);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_step_that_was_abandoned_resumes_nobody) {
    const full_listener silent;
    bool is_resumed = false;
    const auto attempt = std::make_shared<connect_operation>(home);
    const std::vector<tcp::endpoint> where{silent.where(), silent.where()};
    auto caller = [&]() -> owned_coroutine {
        auto connecting = attempt->connect(where, steady_now() + 5ms);
        co_await connecting;
        is_resumed = true;
    };
    {
        auto waiting = caller();
        attempt->abandon();
    }
    auto body = [&]() -> task<void> { co_await home.sleep_until(steady_now() + 20ms); };
    run(body());
    BOOST_TEST(!is_resumed);
}

BOOST_AUTO_TEST_SUITE_END()
