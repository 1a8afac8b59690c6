#include "net/fixture.hpp"
#include "net/listener.hpp"
#include "net/raw_socket.hpp"

#include <sys/resource.h>

#include <atomic>
#include <barrier>
#include <thread>
#include <vector>

using namespace byot;
using namespace byot::net;
using namespace byot::net::testing;

namespace {

/// Answers each byte by the reactor's index, until the peer ends.
task<void> answer_index(std::unique_ptr<connection> c) {
    const char answer = static_cast<char>('0' + c->home().index());
    const std::string_view bytes(&answer, 1);
    while (co_await c->receive() == receive_outcome::arrived) {
        c->consume(c->received().size());
        const auto is_sent = co_await c->send(bytes);
        if (!is_sent) break;
    }
}

listener::accepted answering() {
    return [](std::unique_ptr<connection> c) { spawn(answer_index(std::move(c))); };
}

/// Fewer descriptors than are open: no further one can be had.
struct no_more_descriptors {
    rlimit before{};

    no_more_descriptors() {
        ::getrlimit(RLIMIT_NOFILE, &before);
        const auto next = ::dup(0);
        ::close(next);
        rlimit fewer = before;
        fewer.rlim_cur = static_cast<rlim_t>(next);
        ::setrlimit(RLIMIT_NOFILE, &fewer);
    }
    ~no_more_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(listeners, reactor_fixture)

BOOST_AUTO_TEST_CASE(who_waits_in_the_queue_is_handed_over_before_a_stop) {
    listener front(home, "127.0.0.1", 0);
    std::vector<std::unique_ptr<connection>> seen;
    std::vector<raw_socket> clients;
    for (int i = 0; i < 200; ++i) clients.push_back(connect_to(front.port()));
    front.accept_waiting();
    BOOST_TEST(seen.empty());
    front.start([&](std::unique_ptr<connection> c) { seen.push_back(std::move(c)); });
    front.accept_waiting(); // and no handler runs
    front.stop();
    BOOST_TEST(seen.size() == clients.size());
    front.accept_waiting();
    BOOST_TEST(seen.size() == clients.size());
}

BOOST_AUTO_TEST_CASE(a_client_is_handed_over_with_its_address) {
    listener front(home, "127.0.0.1", 0);
    std::string address;
    byot::async_event accepted;
    front.start([&](std::unique_ptr<connection> c) {
        address = c->peer_address();
        accepted.notify();
    });
    const auto client = connect_to(front.port());
    auto body = [&]() -> task<void> { co_await accepted.wait(); };
    run(body());
    BOOST_TEST(address == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(a_client_gets_all_that_was_sent_before_its_connection_was_closed_in_order) {
    listener front(home, "127.0.0.1", 0);
    const std::string answer(100'000, 'a');
    byot::async_event closed;
    const auto close_behind_answer = [&](std::unique_ptr<connection> c) -> task<void> {
        const auto is_sent = co_await c->send(answer);
        BOOST_TEST(is_sent);
        c->close();
        closed.notify();
    };
    front.start([&](std::unique_ptr<connection> c) { spawn(close_behind_answer(std::move(c))); });
    const auto client = connect_to(front.port());
    auto body = [&]() -> task<void> { co_await closed.wait(); };
    run(body());
    std::string got;
    while (got.size() < answer.size()) {
        const auto part = client.receive();
        if (part.empty()) break;
        got += part;
    }
    BOOST_TEST(got == answer);
    BOOST_TEST(client.how_it_ended() == 0);
}

BOOST_AUTO_TEST_CASE(an_address_that_is_not_of_this_machine_is_refused) {
    BOOST_CHECK_THROW(listener(home, "192.0.2.1", 0), boost::system::system_error);
    BOOST_CHECK_THROW(listener(home, "no address", 0), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(a_stopped_listener_takes_no_clients_and_frees_its_port) {
    listener front(home, "127.0.0.1", 0);
    front.start(answering());
    front.stop();
    BOOST_TEST(connect_to(front.port()).native() < 0);
}

BOOST_AUTO_TEST_CASE(a_handler_may_stop_its_listener) {
    auto front = std::make_unique<listener>(home, "127.0.0.1", 0);
    byot::async_event accepted;
    front->start([&](std::unique_ptr<connection>) {
        front.reset();
        accepted.notify();
    });
    const auto client = connect_to(front->port());
    auto body = [&]() -> task<void> { co_await accepted.wait(); };
    run(body());
}

// What the handler holds is on the heap, so that a use of it after its end is seen.
BOOST_AUTO_TEST_CASE(a_handler_may_end_its_listener_while_the_queue_is_emptied) {
    auto front = std::make_unique<listener>(home, "127.0.0.1", 0);
    std::vector<raw_socket> clients;
    for (int i = 0; i < 3; ++i) clients.push_back(connect_to(front->port()));
    int count = 0;
    front->start([&, text = std::vector<char>(1000, 'x')](std::unique_ptr<connection>) {
        front.reset();
        count += text.back() == 'x';
    });
    front->accept_waiting();
    BOOST_TEST(count == 1);
    BOOST_TEST(!front);
}

BOOST_AUTO_TEST_CASE(a_handler_may_put_another_in_its_place) {
    listener front(home, "127.0.0.1", 0);
    std::vector<raw_socket> clients;
    for (int i = 0; i < 3; ++i) clients.push_back(connect_to(front.port()));
    std::string taken;
    front.start([&, text = std::string(1000, 'a')](std::unique_ptr<connection>) {
        front.start(
            [&, next = std::string(1000, 'b')](std::unique_ptr<connection>) { taken += next.back(); });
        taken += text.back();
    });
    front.accept_waiting();
    BOOST_TEST(taken == "abb");
}

BOOST_AUTO_TEST_CASE(two_reactors_on_one_port_both_get_clients) {
    reactor other(1);
    reactor* const homes[] = {&home, &other};
    const auto both = listen_together(homes, "127.0.0.1", 0);
    const auto& first = *both[0];
    BOOST_TEST(both[1]->port() == first.port());
    for (const auto& one : both) one->start(answering());
    std::thread here([&] { home.run(); });
    std::thread there([&] { other.run(); });

    int answers[2] = {0, 0};
    for (int i = 0; i < 64; ++i) {
        const auto client = connect_to(first.port());
        client.send("?");
        const auto answer = client.receive();
        BOOST_REQUIRE(answer == "0" || answer == "1");
        ++answers[answer[0] - '0'];
        client.end();
        BOOST_TEST(client.receive().empty());
    }
    home.stop();
    other.stop();
    here.join();
    there.join();
    BOOST_TEST(answers[0] > 0);
    BOOST_TEST(answers[1] > 0);
}

BOOST_AUTO_TEST_CASE(a_port_is_not_shared_with_whoever_did_not_begin_it) {
    reactor others[] = {reactor(1), reactor(2), reactor(3)};
    reactor* const homes[] = {&home, &others[0]};
    reactor* const two_more[] = {&others[1], &others[2]};
    const std::span<reactor* const> one_more(two_more, 1);
    const listener alone(home, "127.0.0.1", 0);
    const auto together = listen_together(homes, "127.0.0.1", 0);
    for (const auto taken : {alone.port(), together.front()->port()}) {
        BOOST_TEST_CONTEXT(taken) {
            BOOST_CHECK_THROW(listener(others[1], "127.0.0.1", taken), boost::system::system_error);
            BOOST_CHECK_THROW(listen_together(two_more, "127.0.0.1", taken), boost::system::system_error);
            BOOST_CHECK_THROW(listen_together(two_more, "0.0.0.0", taken), boost::system::system_error);
            BOOST_CHECK_THROW(listen_together(one_more, "127.0.0.1", taken), boost::system::system_error);
            const listener elsewhere(others[1], "127.0.0.2", taken);
            BOOST_TEST(elsewhere.port() == taken);
        }
    }
}

BOOST_AUTO_TEST_CASE(of_two_who_begin_at_one_moment_at_most_one_gets_the_port) {
    const auto port = raw_listener().port();
    std::barrier<> both(2);
    for (int round = 0; round < 100; ++round) {
        std::atomic<int> served = 0;
        const auto begin = [&](unsigned first) {
            reactor one(first);
            reactor two(first + 1);
            reactor* const homes[] = {&one, &two};
            std::vector<std::unique_ptr<listener>> held;
            both.arrive_and_wait();
            try {
                held = listen_together(homes, "127.0.0.1", port);
                ++served;
            } catch (const boost::system::system_error&) { // the other was first, or both at once
            }
            both.arrive_and_wait();
        };
        std::thread other(begin, 2);
        begin(0);
        other.join();
        BOOST_REQUIRE(served <= 1);
    }
}

BOOST_AUTO_TEST_CASE(what_an_earlier_listener_left_does_not_keep_the_next_from_its_port) {
    reactor other(1);
    reactor* const homes[] = {&home, &other};
    auto first = listen_together(homes, "127.0.0.1", 0);
    const auto port = first.front()->port();
    std::vector<std::unique_ptr<connection>> kept;
    for (const auto& one : first)
        one->start([&](std::unique_ptr<connection> c) { kept.push_back(std::move(c)); });
    std::vector<raw_socket> clients;
    for (int i = 0; i < 8; ++i) clients.push_back(connect_to(port));
    for (const auto& one : first) one->accept_waiting();
    BOOST_REQUIRE(kept.size() == clients.size());
    first.clear();
    for (std::size_t i = 0; i < 4; ++i) kept[i]->close();
    for (const auto& client : clients) client.end(); // four are in TIME_WAIT then, and four half open
    const auto second = listen_together(homes, "127.0.0.1", port);
    BOOST_TEST(second.front()->port() == port);
}

BOOST_AUTO_TEST_CASE(running_out_of_descriptors_does_not_end_a_listener) {
    listener front(home, "127.0.0.1", 0);
    int count = 0;
    byot::async_event accepted;
    front.start([&](std::unique_ptr<connection>) {
        ++count;
        accepted.notify();
    });
    const auto first = connect_to(front.port());
    auto without = std::make_unique<no_more_descriptors>();
    auto body = [&]() -> task<void> {
        co_await home.sleep_until(std::chrono::steady_clock::now() + 10ms);
        BOOST_TEST(count == 0);
        without.reset();
        co_await accepted.wait();
    };
    run(body());
    BOOST_TEST(count == 1);
}

BOOST_AUTO_TEST_CASE(a_burst_of_clients_is_taken_whole) {
    listener front(home, "127.0.0.1", 0);
    int count = 0;
    byot::async_event all;
    front.start([&](std::unique_ptr<connection>) {
        if (++count == 200) all.notify();
    });
    std::vector<raw_socket> clients;
    for (int i = 0; i < 200; ++i) clients.push_back(connect_to(front.port()));
    auto body = [&]() -> task<void> { co_await all.wait(); };
    run(body());
    BOOST_TEST(count == 200);
}

BOOST_AUTO_TEST_SUITE_END()
