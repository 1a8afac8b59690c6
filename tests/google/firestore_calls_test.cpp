#include "google/firestore_calls.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

BOOST_AUTO_TEST_SUITE(firestore_calls)

using namespace byot;
using namespace byot::google;

namespace {

using kind = precondition::kind;

firestore_write write_with(kind needed) {
    firestore_write write;
    write.needs.what = needed;
    return write;
}

repeatability nature(std::vector<firestore_write> writes) {
    return nature_of(writes);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_commit_may_be_repeated_when_its_own_success_ends_each_precondition) {
    BOOST_TEST((nature({write_with(kind::missing)}) == repeatability::conditional));
    BOOST_TEST((nature({write_with(kind::unchanged_since)}) == repeatability::conditional));
    BOOST_TEST((nature({write_with(kind::none)}) == repeatability::unconditional));
    BOOST_TEST((nature({write_with(kind::exists)}) == repeatability::unconditional));
    BOOST_TEST((nature({write_with(kind::missing), write_with(kind::none)}) == repeatability::unconditional));
    auto counted = write_with(kind::missing);
    counted.transforms.push_back({"n", firestore_value(std::int64_t{1})});
    BOOST_TEST((nature({counted}) == repeatability::unconditional));
}

BOOST_AUTO_TEST_CASE(a_refusal_is_an_answer_that_says_so) {
    using r = rpc_status;
    for (const auto status : {r::failed_precondition, r::already_exists, r::not_found, r::aborted}) {
        BOOST_TEST(is_refusal({attempt_end::kind::answered, status}), name_of(status));
        BOOST_TEST(!is_refusal({attempt_end::kind::lost, status}), name_of(status));
    }
    for (const auto status : {r::ok, r::unavailable, r::permission_denied, r::invalid_argument, r::internal})
        BOOST_TEST(!is_refusal({attempt_end::kind::answered, status}), name_of(status));
}

BOOST_AUTO_TEST_CASE(a_failed_call_says_which_status_it_was_and_when_to_come_back) {
    const auto why = failed_call({attempt_end::kind::answered, rpc_status::permission_denied});
    BOOST_TEST((why.why() == reason::store_unavailable));
    BOOST_TEST(why.message().find("PERMISSION_DENIED") != std::string_view::npos);
    BOOST_TEST(why.retry_after().count() > 0);
    BOOST_TEST((unreadable_answer().why() == reason::store_unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
