#include "net/mailbox.hpp"

#include "net/fixture.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace byot;
using namespace byot::net;
using namespace byot::net::testing;

namespace {

/// Notes its arrival in `order`, and stops its reactor when it is the last of `many`.
struct numbered final : message {
    reactor* home = nullptr;
    std::vector<int>* order = nullptr;
    std::size_t many = 0;
    int number = 0;

    void arrive() noexcept override {
        order->push_back(number);
        if (order->size() == many) home->stop();
    }
};

struct counted final : message {
    int& discarded;
    explicit counted(int& count) : discarded(count) {}
    void arrive() noexcept override {}
    void discard() noexcept override { ++discarded; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(messages, reactor_fixture)

BOOST_AUTO_TEST_CASE(letters_arrive_in_the_order_they_were_posted) {
    std::vector<int> order;
    std::array<numbered, 100> sent;
    for (std::size_t i = 0; i < sent.size(); ++i) {
        sent[i].home = &home;
        sent[i].order = &order;
        sent[i].many = sent.size();
        sent[i].number = static_cast<int>(i);
        home.post(sent[i]);
    }
    home.run();
    BOOST_TEST(std::is_sorted(order.begin(), order.end()));
    BOOST_TEST(order.size() == sent.size());
}

BOOST_AUTO_TEST_CASE(letters_of_many_threads_all_arrive) {
    constexpr std::size_t each = 2000;
    std::vector<int> order;
    std::vector<numbered> sent(4 * each);
    for (auto& one : sent) {
        one.home = &home;
        one.order = &order;
        one.many = sent.size();
    }
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (std::size_t i = 0; i < each; ++i) home.post(sent[t * each + i]);
        });
    }
    home.run();
    for (auto& thread : threads) thread.join();
    BOOST_TEST(order.size() == sent.size());
}

BOOST_AUTO_TEST_CASE(a_letter_whose_reactor_ends_first_is_discarded) {
    int discarded = 0;
    counted one(discarded);
    {
        reactor there(1);
        there.post(one);
    }
    BOOST_TEST(discarded == 1);
}

BOOST_AUTO_TEST_CASE(a_handler_that_finds_no_memory_loses_its_turn_and_no_more) {
    bool is_next_run = false;
    home.post([] { throw std::bad_alloc(); });
    home.post([&] {
        is_next_run = true;
        home.stop();
    });
    home.run();
    BOOST_TEST(is_next_run);
}

BOOST_AUTO_TEST_CASE(what_work_on_another_reactor_throws_reaches_the_caller) {
    reactor there(1);
    std::thread running([&] { there.run(); });
    bool is_caught = false;
    auto body = [&]() -> task<void> {
        auto work = []() -> task<int> {
            throw std::bad_alloc();
            co_return 0;
        };
        auto sent = run_on<int>(there, home, work);
        try {
            co_await sent;
        } catch (const std::bad_alloc&) {
            is_caught = true;
        }
    };
    run(body());
    there.stop();
    running.join();
    BOOST_TEST(is_caught);
}

BOOST_AUTO_TEST_SUITE_END()
