#include "net/fixture.hpp"
#include "net/no_more_pages.hpp"
#include "net/raw_socket.hpp"

#include <cstring>
#include <thread>

using namespace byot;
using namespace byot::net;
using namespace byot::net::testing;

namespace {

constexpr std::size_t large = 32 * 1024 * 1024;

/// Bytes that tell where they belong.
char expected_at(std::size_t offset) {
    return static_cast<char>((offset * 2654435761u) >> 13);
}

/// The part of the large text that begins there, in memory that is written over for each.
std::string_view part_at(std::span<char> scratch, std::size_t offset) {
    const auto size = std::min(scratch.size(), large - offset);
    for (std::size_t i = 0; i < size; ++i) scratch[i] = expected_at(offset + i);
    return {scratch.data(), size};
}

std::size_t first_difference(std::string_view bytes, std::size_t offset) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] != expected_at(offset + i)) return offset + i;
    }
    return large;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(sending, reactor_fixture)

BOOST_AUTO_TEST_CASE(a_small_send_does_not_suspend) {
    pair p(home);
    auto sending = p.ours->send("hello");
    BOOST_TEST(sending.await_ready());
    BOOST_TEST(sending.await_resume());
    BOOST_TEST(p.theirs.receive() == "hello");
    BOOST_TEST(p.ours->bytes_sent() == 5);
}

BOOST_AUTO_TEST_CASE(a_send_of_nothing_succeeds) {
    pair p(home);
    auto sending = p.ours->send("");
    BOOST_TEST(sending.await_ready());
    BOOST_TEST(sending.await_resume());
}

BOOST_AUTO_TEST_CASE(a_large_text_arrives_whole_though_scratch_is_written_over) {
    pair p(home);
    std::size_t arrived_bytes = 0;
    std::size_t difference = large;
    std::thread reader([&] {
        for (auto part = p.theirs.receive(); !part.empty(); part = p.theirs.receive()) {
            difference = std::min(difference, first_difference(part, arrived_bytes));
            arrived_bytes += part.size();
        }
    });
    auto body = [&]() -> task<void> {
        for (std::size_t offset = 0; offset < large;) {
            const auto part = part_at(home.scratch(), offset);
            auto sending = p.ours->send(part);
            const auto size = part.size();
            if (!sending.await_ready()) {
                // What waits was copied: the scratch memory is free for another use.
                const auto is_sent = co_await sending;
                BOOST_REQUIRE(is_sent);
            }
            offset += size;
        }
        p.ours->close();
    };
    run(body());
    reader.join();
    BOOST_TEST(arrived_bytes == large);
    BOOST_TEST(difference == large);
}

BOOST_AUTO_TEST_CASE(what_waits_to_be_sent_is_not_touched_by_a_new_use_of_scratch) {
    pair p(home);
    std::string sent(8 * 1024 * 1024, 'a');
    std::string got;
    std::thread reader;
    bool is_sent = false;
    byot::async_event finished;
    auto sender = [&]() -> task<void> {
        is_sent = co_await p.ours->send(sent);
        p.ours->close();
        finished.notify();
    };
    auto body = [&]() -> task<void> {
        spawn(sender());
        std::ranges::fill(sent, 'z');
        reader = std::thread([&] { got = p.theirs.receive_all(); });
        co_await finished.wait();
    };
    run(body());
    reader.join();
    BOOST_TEST(is_sent);
    BOOST_TEST((got == std::string(8 * 1024 * 1024, 'a')));
}

BOOST_AUTO_TEST_CASE(an_echo_of_a_large_text_comes_back_whole) {
    pair p(home);
    std::string text(4 * 1024 * 1024, '\0');
    for (std::size_t i = 0; i < text.size(); ++i) text[i] = expected_at(i);
    std::string back;
    std::thread writer([&] {
        p.theirs.send(text);
        p.theirs.end();
    });
    std::thread reader([&] { back = p.theirs.receive_all(); });
    auto body = [&]() -> task<void> {
        while (co_await p.ours->receive() == receive_outcome::arrived) {
            const auto is_sent = co_await p.ours->send(p.ours->received());
            BOOST_REQUIRE(is_sent);
            p.ours->consume(p.ours->received().size());
        }
        p.ours->close();
    };
    run(body());
    writer.join();
    reader.join();
    BOOST_TEST((back == text));
}

BOOST_AUTO_TEST_CASE(a_send_that_waits_is_false_when_the_deadline_passes) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.ours->expire_at(std::chrono::steady_clock::now());
        const std::string more_than_fits(16 * 1024 * 1024, 'x');
        const auto is_sent = co_await p.ours->send(more_than_fits);
        BOOST_TEST(!is_sent);
        p.ours->never_expire();
        const auto is_next_sent = co_await p.ours->send("after a gap");
        BOOST_TEST(!is_next_sent);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_send_without_memory_for_its_rest_ends_by_bad_alloc_and_so_does_the_way_out) {
    pair p(home);
    const std::string more_than_fits(16 * 1024 * 1024, 'x');
    bool is_out_of_memory = false;
    auto body = [&]() -> task<void> {
        try {
            const no_more_pages scarce;
            co_await p.ours->send(more_than_fits);
        } catch (const std::bad_alloc&) {
            is_out_of_memory = true;
        }
        const auto is_next_sent = co_await p.ours->send("after a gap");
        BOOST_TEST(!is_next_sent);
        BOOST_TEST(p.ours->is_open());
    };
    run(body());
    BOOST_TEST(is_out_of_memory);
}

BOOST_AUTO_TEST_CASE(a_send_that_waits_is_false_when_the_peer_goes) {
    pair p(home);
    const std::string more_than_fits(16 * 1024 * 1024, 'x');
    std::optional<bool> is_sent;
    byot::async_event finished;
    auto sender = [&]() -> task<void> {
        is_sent = co_await p.ours->send(more_than_fits);
        finished.notify();
    };
    auto body = [&]() -> task<void> {
        spawn(sender());
        BOOST_TEST(!is_sent);
        p.theirs.reset();
        co_await finished.wait();
    };
    run(body());
    BOOST_TEST(!*is_sent);
}

BOOST_AUTO_TEST_CASE(a_send_that_waits_is_false_when_the_connection_is_closed) {
    pair p(home);
    const std::string more_than_fits(16 * 1024 * 1024, 'x');
    std::optional<bool> is_sent;
    auto sender = [&]() -> task<void> { is_sent = co_await p.ours->send(more_than_fits); };
    spawn(sender());
    BOOST_TEST(!is_sent);
    p.ours->close();
    BOOST_TEST(!*is_sent);
}

BOOST_AUTO_TEST_CASE(destroying_the_connection_resumes_no_send) {
    pair p(home);
    const std::string more_than_fits(16 * 1024 * 1024, 'x');
    bool is_resumed = false;
    auto sender = [&]() -> owned_coroutine {
        co_await p.ours->send(more_than_fits);
        is_resumed = true;
    };
    auto waiting = sender();
    p.ours.reset();
    auto body = [&]() -> task<void> { co_await home.sleep_until(std::chrono::steady_clock::now() + 5ms); };
    run(body());
    BOOST_TEST(!is_resumed);
}

BOOST_AUTO_TEST_CASE(a_send_to_a_peer_that_is_gone_is_false) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.theirs.close();
        bool is_sent = true;
        while (is_sent) {
            is_sent = co_await p.ours->send("x");
            co_await home.sleep_until(std::chrono::steady_clock::now() + 1ms);
        }
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(an_answer_reaches_a_client_that_is_still_sending) {
    pair p(home);
    std::string answer;
    std::thread client([&] {
        const std::string body(192 * 1024, 'b');
        p.theirs.send(body);
        answer = p.theirs.receive_all();
        p.theirs.close();
    });
    auto body = [&]() -> task<void> {
        co_await p.ours->receive();
        const auto is_sent = co_await p.ours->send("413");
        BOOST_TEST(is_sent);
        co_await p.ours->linger(soon());
        BOOST_TEST(!p.ours->is_open());
        BOOST_TEST(p.ours->bytes_received() == 192 * 1024);
    };
    run(body());
    client.join();
    BOOST_TEST(answer == "413");
}

BOOST_AUTO_TEST_CASE(lingering_ends_at_its_limit) {
    pair p(home);
    auto body = [&]() -> task<void> {
        co_await p.ours->linger(std::chrono::steady_clock::now());
        BOOST_TEST(!p.ours->is_open());
    };
    run(body());
    BOOST_TEST(p.theirs.receive_all().empty());
}

BOOST_AUTO_TEST_CASE(lingering_reads_a_bounded_amount) {
    pair p(home);
    std::thread client([&] { p.theirs.send(std::string(64 * 1024 * 1024, 'b')); });
    auto body = [&]() -> task<void> {
        co_await p.ours->linger(soon());
        BOOST_TEST(p.ours->bytes_received() <= 258 * 1024);
    };
    run(body());
    client.join();
}

BOOST_AUTO_TEST_SUITE_END()
