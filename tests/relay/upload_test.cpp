#include "relay/upload.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

namespace {

using namespace std::chrono_literals;
using byot::steady_time;
using byot::relay::upload_deadline;

constexpr auto wait = 30s;
constexpr auto enough = upload_deadline::renewing_progress;
constexpr steady_time start{1000s};

} // namespace

BOOST_AUTO_TEST_SUITE(upload_deadline_suite)

BOOST_AUTO_TEST_CASE(it_begins_when_the_client_is_first_waited_for) {
    upload_deadline deadline(wait);
    BOOST_TEST((deadline.after(500, start) == start + wait));
}

BOOST_AUTO_TEST_CASE(a_byte_now_and_then_does_not_renew_it) {
    upload_deadline deadline(wait);
    deadline.after(0, start);
    for (unsigned i = 1; i < 30; ++i) BOOST_TEST((deadline.after(i, start + i * 1s) == start + wait));
    BOOST_TEST((deadline.after(enough - 1, start + 29s) == start + wait));
}

BOOST_AUTO_TEST_CASE(enough_progress_since_the_last_renewal_renews_it) {
    upload_deadline deadline(wait);
    deadline.after(100, start);
    BOOST_TEST((deadline.after(100 + enough, start + 20s) == start + 20s + wait));
    BOOST_TEST((deadline.after(100 + 2 * enough - 1, start + 40s) == start + 20s + wait));
    BOOST_TEST((deadline.after(100 + 2 * enough, start + 45s) == start + 45s + wait));
}

BOOST_AUTO_TEST_CASE(time_in_which_the_upstream_was_waited_for_does_not_count) {
    upload_deadline deadline(wait);
    deadline.after(0, start);
    deadline.put_off(25s);
    BOOST_TEST((deadline.after(1, start + 26s) == start + 25s + wait));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

using namespace byot;
using relay::upload;
using act = relay::upload_step::act;

struct uploading {
    http::body_framing body;
    upload rules;
    std::array<char, 4096> memory{};
    std::string sent;

    explicit uploading(http::body_framing of) : body(of), rules(body, 10) {}
    relay::upload_step came(std::string_view bytes) {
        http::body_writer out(memory, body.is_chunked() ? http::body_form::chunked : http::body_form::length);
        auto step = rules.on_bytes(out, bytes);
        sent += step.bytes;
        return step;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(upload_rules)

BOOST_AUTO_TEST_CASE(a_body_goes_on_as_it_comes) {
    uploading u(http::body_framing::of_length(10));
    BOOST_TEST((u.came("01234").what == act::send));
    BOOST_TEST(u.came("56789GET").used == 5u);
    BOOST_TEST(u.sent == "0123456789");
    BOOST_TEST(u.body.is_finished());
}

BOOST_AUTO_TEST_CASE(a_malformed_chunk_fails_it) {
    uploading u(http::body_framing::chunked());
    const auto step = u.came("2\r\nhiXX");
    BOOST_TEST((step.what == act::fail));
    BOOST_TEST((step.why->why() == reason::request_malformed));
}

BOOST_AUTO_TEST_CASE(chunks_beyond_the_limit_fail_it) {
    uploading u(http::body_framing::chunked());
    BOOST_TEST((u.came("a\r\n0123456789\r\n").what == act::send));
    const auto step = u.came("1\r\nx\r\n");
    BOOST_TEST((step.what == act::fail));
    BOOST_TEST((step.why->why() == reason::body_too_large));
}

BOOST_AUTO_TEST_CASE(each_end_of_the_client_has_its_meaning) {
    const uploading u(http::body_framing::of_length(10));
    const auto late = u.rules.on_end(net::receive_outcome::expired);
    BOOST_TEST((late.what == act::fail));
    BOOST_TEST((late.why->why() == reason::request_timeout));
    BOOST_TEST((u.rules.on_end(net::receive_outcome::ended).what == act::leave));
    BOOST_TEST((u.rules.on_end(net::receive_outcome::failed).what == act::leave));
    BOOST_TEST((u.rules.on_end(net::receive_outcome::interrupted).what == act::finish));
}

BOOST_AUTO_TEST_SUITE_END()
