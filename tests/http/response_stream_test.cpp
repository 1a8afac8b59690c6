#include "http/response_stream.hpp"
#include "net/fixture.hpp"
#include "net/no_more_pages.hpp"
#include "net/raw_socket.hpp"

#include <algorithm>

using namespace byot;
using namespace byot::net;
using namespace byot::net::testing;

namespace {

bool is_wiped(std::string_view bytes) {
    return std::ranges::all_of(bytes, [](char each) { return each == '\0'; });
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(wiping_sends, reactor_fixture)

BOOST_AUTO_TEST_CASE(what_is_sent_at_once_is_wiped) {
    pair p(home);
    std::string bytes = "a key";
    auto body = [&]() -> task<void> {
        http::wiping_send sending(*p.ours, bytes);
        const bool is_sent = co_await sending;
        BOOST_TEST(is_sent);
    };
    run(body());
    BOOST_TEST(is_wiped(bytes));
    BOOST_TEST(p.theirs.receive() == "a key");
}

BOOST_AUTO_TEST_CASE(what_waits_for_room_is_wiped_before_anything_else_runs) {
    pair p(home);
    std::string bytes(16 * 1024 * 1024, 'k');
    bool is_over = false;
    auto sender = [&]() -> task<void> {
        http::wiping_send sending(*p.ours, bytes);
        is_over = !co_await sending;
    };
    spawn(sender());
    BOOST_TEST(!is_over);
    BOOST_TEST(is_wiped(bytes));
    p.ours->close();
    BOOST_TEST(is_over);
}

BOOST_AUTO_TEST_CASE(a_send_without_memory_for_its_rest_goes_on_by_bad_alloc_and_wipes_all) {
    pair p(home);
    std::string bytes(16 * 1024 * 1024, 'k');
    bool is_out_of_memory = false;
    auto body = [&]() -> task<void> {
        try {
            const no_more_pages scarce;
            http::wiping_send sending(*p.ours, bytes);
            co_await sending;
        } catch (const std::bad_alloc&) {
            is_out_of_memory = true;
        }
    };
    run(body());
    BOOST_TEST(is_out_of_memory);
    BOOST_TEST(is_wiped(bytes));
}

BOOST_AUTO_TEST_SUITE_END()
