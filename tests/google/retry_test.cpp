#include "google/retry.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <vector>

namespace byot::google::firestore_error_cases {
namespace {

std::string error(std::string_view status) {
    return R"({"error":{"code":400,"message":"NOT_FOUND","status":")" + std::string(status) + R"("}})";
}

struct named_status {
    std::string_view name;
    rpc_status status;
};

constexpr named_status statuses[] = {
    {"CANCELLED", rpc_status::cancelled},
    {"UNKNOWN", rpc_status::unknown},
    {"INVALID_ARGUMENT", rpc_status::invalid_argument},
    {"DEADLINE_EXCEEDED", rpc_status::deadline_exceeded},
    {"NOT_FOUND", rpc_status::not_found},
    {"ALREADY_EXISTS", rpc_status::already_exists},
    {"PERMISSION_DENIED", rpc_status::permission_denied},
    {"RESOURCE_EXHAUSTED", rpc_status::resource_exhausted},
    {"FAILED_PRECONDITION", rpc_status::failed_precondition},
    {"ABORTED", rpc_status::aborted},
    {"OUT_OF_RANGE", rpc_status::out_of_range},
    {"UNIMPLEMENTED", rpc_status::unimplemented},
    {"INTERNAL", rpc_status::internal},
    {"UNAVAILABLE", rpc_status::unavailable},
    {"DATA_LOSS", rpc_status::data_loss},
    {"UNAUTHENTICATED", rpc_status::unauthenticated},
};

struct http_case {
    unsigned http_status;
    rpc_status status;
};

constexpr http_case without_a_body[] = {
    {200, rpc_status::ok},
    {204, rpc_status::unknown},
    {302, rpc_status::unknown},
    {400, rpc_status::invalid_argument},
    {401, rpc_status::unauthenticated},
    {403, rpc_status::permission_denied},
    {404, rpc_status::unimplemented},
    {405, rpc_status::unimplemented},
    {408, rpc_status::deadline_exceeded},
    {409, rpc_status::aborted},
    {413, rpc_status::invalid_argument},
    {418, rpc_status::unknown},
    {429, rpc_status::resource_exhausted},
    {499, rpc_status::cancelled},
    {500, rpc_status::internal},
    {501, rpc_status::unimplemented},
    {502, rpc_status::unavailable},
    {503, rpc_status::unavailable},
    {504, rpc_status::deadline_exceeded},
    {0, rpc_status::unknown},
};

const std::string saying_nothing[] = {
    "",
    "Not Found",
    "<html>NOT_FOUND</html>",
    "NOT_FOUND",
    R"("NOT_FOUND")",
    "null",
    "{}",
    "[]",
    "[[]]",
    R"({"status":"NOT_FOUND"})",
    R"({"error":"NOT_FOUND"})",
    R"({"error":null})",
    R"({"error":["NOT_FOUND"]})",
    R"({"error":{"message":"NOT_FOUND"}})",
    R"({"error":{"code":404}})",
    R"({"error":{"status":5}})",
    R"({"error":{"status":null}})",
    R"({"error":{"status":"NOT_FOUND","status":"ABORTED"}})",
    R"([{"document":{}},{"error":{"status":"NOT_FOUND"}}])",
    error("OK"),
    error("not_found"),
    error("NOT_FOUND "),
    error("NEWLY_INVENTED"),
    error(""),
    error("NOT_FOUND") + "x",
};

} // namespace

BOOST_AUTO_TEST_SUITE(firestore_error)

BOOST_AUTO_TEST_CASE(an_error_is_the_status_that_its_body_names_whatever_the_http_status) {
    for (const auto& [name, status] : statuses) {
        BOOST_TEST_CONTEXT(name) {
            for (const unsigned http_status : {400u, 409u, 500u, 418u}) {
                BOOST_TEST((classify(http_status, error(name)) == status));
                BOOST_TEST((classify(http_status, "[" + error(name) + "]") == status));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_status_has_the_name_that_google_gives_it) {
    std::set<std::string_view> names{name_of(rpc_status::ok)};
    for (const auto& [name, status] : statuses) {
        BOOST_TEST(name_of(status) == name);
        BOOST_TEST(names.insert(name).second);
    }
    BOOST_TEST(names.size() == 17u);
    BOOST_TEST(name_of(rpc_status::ok) == "OK");
}

BOOST_AUTO_TEST_CASE(where_the_body_says_nothing_the_http_status_does) {
    for (const auto& [http_status, status] : without_a_body) {
        for (const auto& body : saying_nothing) {
            BOOST_TEST_CONTEXT(http_status << " with " << body) {
                BOOST_TEST((classify(http_status, body) == status));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(no_answer_without_a_status_of_its_own_speaks_of_a_document) {
    for (unsigned http_status = 0; http_status < 1000; ++http_status) {
        const auto status = classify(http_status, "");
        BOOST_TEST((status != rpc_status::not_found && status != rpc_status::already_exists), http_status);
    }
}

BOOST_AUTO_TEST_CASE(details_do_not_hide_the_status) {
    const std::string body = R"({"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[
        {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMIT_EXCEEDED","metadata":{"a":"b"}}]}})";
    BOOST_TEST((classify(500, body) == rpc_status::resource_exhausted));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::google::firestore_error_cases

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
    counted.increments.push_back({"n", 1});
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
