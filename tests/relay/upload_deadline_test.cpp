#include "relay/upload_deadline.hpp"

#include <boost/test/unit_test.hpp>

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
