#include "google/retry.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(retry)

using namespace byot;
using namespace byot::google;
using namespace std::chrono_literals;

namespace {

using end = attempt_end::kind;
using step = retry_step::kind;

constexpr steady_time begin{1000s};

call_history history_of(repeatability nature) {
    call_history history;
    history.nature = nature;
    history.limit = begin + 5s;
    return history;
}

attempt_end answered(rpc_status status) {
    return {end::answered, status};
}

bool is_repeated(repeatability nature, attempt_end how) {
    auto history = history_of(nature);
    return retry_decision(history, how, begin, 0).what == step::again;
}

} // namespace

BOOST_AUTO_TEST_CASE(what_may_be_repeated_depends_on_the_call_and_on_how_it_ended) {
    using r = rpc_status;
    const struct {
        attempt_end how;
        bool read, conditional, unconditional;
    } rows[] = {
        {answered(r::ok), false, false, false},
        {answered(r::cancelled), false, false, false},
        {answered(r::unknown), true, true, false},
        {answered(r::invalid_argument), false, false, false},
        {answered(r::deadline_exceeded), true, true, false},
        {answered(r::not_found), false, false, false},
        {answered(r::already_exists), false, false, false},
        {answered(r::permission_denied), false, false, false},
        {answered(r::resource_exhausted), true, true, true},
        {answered(r::failed_precondition), false, false, false},
        {answered(r::aborted), true, true, true},
        {answered(r::out_of_range), false, false, false},
        {answered(r::unimplemented), false, false, false},
        {answered(r::internal), true, true, false},
        {answered(r::unavailable), true, true, false},
        {answered(r::data_loss), false, false, false},
        {{end::not_sent, r::unavailable}, true, true, true},
        {{end::lost, r::unavailable}, true, true, false},
    };
    for (const auto& row : rows) {
        BOOST_TEST_CONTEXT(static_cast<int>(row.how.what) << " " << name_of(row.how.status)) {
            BOOST_TEST(is_repeated(repeatability::read, row.how) == row.read);
            BOOST_TEST(is_repeated(repeatability::conditional, row.how) == row.conditional);
            BOOST_TEST(is_repeated(repeatability::unconditional, row.how) == row.unconditional);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_write_whose_answer_did_not_say_may_have_been_made) {
    using r = rpc_status;
    const struct {
        attempt_end how;
        bool may_have_been_made;
    } rows[] = {
        {{end::lost, r::unavailable}, true},
        {answered(r::unavailable), true},
        {answered(r::internal), true},
        {answered(r::deadline_exceeded), true},
        {answered(r::unknown), true},
        {answered(r::resource_exhausted), false},
        {answered(r::aborted), false},
        {{end::not_sent, r::unavailable}, false},
        {answered(r::failed_precondition), false},
        {answered(r::unauthenticated), false},
    };
    for (const auto& row : rows) {
        auto history = history_of(repeatability::conditional);
        retry_decision(history, row.how, begin, 0);
        BOOST_TEST(history.may_have_been_made == row.may_have_been_made, name_of(row.how.status));
        retry_decision(history, answered(r::failed_precondition), begin, 0);
        BOOST_TEST(history.may_have_been_made == row.may_have_been_made); // it is not forgotten
    }
    auto read = history_of(repeatability::read);
    retry_decision(read, {end::lost, r::unavailable}, begin, 0);
    BOOST_TEST(!read.may_have_been_made);
}

BOOST_AUTO_TEST_CASE(a_new_token_is_asked_for_once) {
    for (const auto nature :
         {repeatability::read, repeatability::conditional, repeatability::unconditional}) {
        auto history = history_of(nature);
        const auto refused = answered(rpc_status::unauthenticated);
        const auto first = retry_decision(history, refused, begin, 0);
        BOOST_TEST((first.what == step::again_with_new_token));
        BOOST_TEST(first.pause.count() == 0);
        BOOST_TEST((retry_decision(history, refused, begin, 0).what == step::finish));
    }
}

BOOST_AUTO_TEST_CASE(pauses_grow_by_a_third_and_jitter_takes_up_to_half_off) {
    const auto pauses = [](double jitter) {
        auto history = history_of(repeatability::read);
        std::vector<long> all;
        for (int i = 0; i < 4; ++i) {
            const auto how = answered(rpc_status::unavailable);
            all.push_back(static_cast<long>(retry_decision(history, how, begin, jitter).pause.count()));
        }
        return all;
    };
    const std::vector<long> whole{100, 130, 169, 220};
    const std::vector<long> half{50, 65, 85, 110};
    BOOST_TEST(pauses(0) == whole, boost::test_tools::per_element());
    BOOST_TEST(pauses(1) == half, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_pause_is_never_longer_than_a_minute) {
    auto history = history_of(repeatability::read);
    history.limit = begin + 24h;
    history.attempts = 1000;
    BOOST_TEST(retry_decision(history, answered(rpc_status::unavailable), begin, 0).pause.count() == 60'000);
}

BOOST_AUTO_TEST_CASE(no_pause_reaches_beyond_the_limit) {
    const auto at = [](steady_time now) {
        auto history = history_of(repeatability::read);
        return retry_decision(history, answered(rpc_status::unavailable), now, 0).what;
    };
    BOOST_TEST((at(begin + 4899ms) == step::again));
    BOOST_TEST((at(begin + 4900ms) == step::finish));
    BOOST_TEST((at(begin + 1h) == step::finish));
    auto history = history_of(repeatability::read);
    const auto late = retry_decision(history, answered(rpc_status::unauthenticated), begin + 5s, 0);
    BOOST_TEST((late.what == step::finish));
}

BOOST_AUTO_TEST_SUITE_END()
