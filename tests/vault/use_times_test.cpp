#include "vault/use_times.hpp"

#include "vault/samples.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;
using namespace std::chrono_literals;

namespace {

constexpr int as_many_as_are_kept = 4096;

key_record credential(int number) {
    key_record record;
    record.credential_id = "cred_" + std::to_string(number);
    return record;
}

} // namespace

BOOST_AUTO_TEST_SUITE(use_times_suite)

BOOST_AUTO_TEST_CASE(a_use_is_due_once_in_its_interval) {
    use_times uses(5min);
    BOOST_TEST(uses.is_due(credential(1), now()));
    BOOST_TEST(!uses.is_due(credential(1), now() + 5min - 1ms));
    BOOST_TEST(uses.is_due(credential(1), now() + 5min));
}

BOOST_AUTO_TEST_CASE(what_the_store_recorded_lately_is_not_due) {
    use_times uses(5min);
    auto record = credential(1);
    for (const auto used : {now() - 5min + 1ms, now() + 5min - 1ms}) {
        record.last_used_at = used;
        BOOST_TEST(!uses.is_due(record, now()));
    }
    record.last_used_at = now() + 5min; // a clock that is too wrong to wait for
    BOOST_TEST(uses.is_due(record, now()));
}

BOOST_AUTO_TEST_CASE(old_times_make_room_and_recent_ones_stay) {
    use_times uses(5min);
    for (int i = 0; i + 1 < as_many_as_are_kept; ++i) BOOST_TEST(uses.is_due(credential(i), now()));
    BOOST_TEST(uses.is_due(credential(-1), now() + 4min));
    BOOST_TEST(uses.is_due(credential(-2), now() + 6min));
    BOOST_TEST(!uses.is_due(credential(-1), now() + 6min));
}

BOOST_AUTO_TEST_CASE(more_credentials_than_are_kept_are_recorded_too_often_and_never_too_seldom) {
    use_times uses(5min);
    for (int i = 0; i < as_many_as_are_kept; ++i) BOOST_TEST(uses.is_due(credential(i), now()));
    BOOST_TEST(!uses.is_due(credential(0), now()));
    BOOST_TEST(uses.is_due(credential(-1), now()));
    BOOST_TEST(uses.is_due(credential(0), now()));
}

BOOST_AUTO_TEST_SUITE_END()
