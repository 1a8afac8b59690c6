#include "core/failure.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>
#include <stdexcept>
#include <string>

using byot::describe;
using byot::failure;
using byot::reason;
using byot::result;
using std::chrono::seconds;

namespace {

result<int> half(int number) {
    if (number % 2 != 0) {
        return failure(reason::field_invalid, "The number is odd.").with("field", "number");
    }
    return number / 2;
}

/// google.rpc.Code, with the HTTP codes a client may see for each here.
const std::map<std::string_view, std::set<unsigned>> http_of_rpc{
    {"INVALID_ARGUMENT", {400, 413, 415, 431}},
    {"FAILED_PRECONDITION", {400}},
    {"UNAUTHENTICATED", {401}},
    {"PERMISSION_DENIED", {403}},
    {"NOT_FOUND", {404}},
    {"UNIMPLEMENTED", {405}},
    {"RESOURCE_EXHAUSTED", {429}},
    {"INTERNAL", {500}},
    {"UNAVAILABLE", {502, 503}},
    {"DEADLINE_EXCEEDED", {408, 504}},
};

} // namespace

BOOST_AUTO_TEST_SUITE(failures)

BOOST_AUTO_TEST_CASE(a_result_holds_a_value_or_the_failure) {
    BOOST_TEST(half(8).value() == 4);
    const auto odd = half(7);
    BOOST_REQUIRE(odd.has_error());
    BOOST_TEST((odd.error().why() == reason::field_invalid));
    BOOST_TEST(odd.error().message() == "The number is odd.");
    BOOST_REQUIRE_EQUAL(odd.error().metadata().size(), 1u);
    BOOST_TEST(odd.error().metadata()[0].first == "field");
    BOOST_TEST(odd.error().metadata()[0].second == "number");
}

BOOST_AUTO_TEST_CASE(a_result_may_have_no_value) {
    const result<void> good;
    const result<void> bad = failure(reason::internal);
    BOOST_TEST(good.has_value());
    BOOST_TEST(bad.has_error());
}

BOOST_AUTO_TEST_CASE(a_failure_taken_for_a_value_is_a_bug) {
    BOOST_CHECK_THROW(half(7).value(), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_failure_without_a_sentence_has_that_of_the_table) {
    for (const auto& row : byot::reason_table()) BOOST_TEST(failure(row.why).message() == row.message);
}

BOOST_AUTO_TEST_CASE(a_wait_given_replaces_that_of_the_table) {
    BOOST_TEST((failure(reason::rate_limited).retry_after() == seconds(1)));
    BOOST_TEST((failure(reason::rate_limited).retry_after(seconds(30)).retry_after() == seconds(30)));
    BOOST_TEST((failure(reason::rate_limited).retry_after(seconds(0)).retry_after() == seconds(0)));
    BOOST_TEST((failure(reason::token_missing).retry_after() == seconds(0)));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(reasons)

BOOST_AUTO_TEST_CASE(every_reason_has_its_own_row) {
    std::set<std::string_view> names;
    for (const auto& row : byot::reason_table()) {
        BOOST_TEST_CONTEXT(row.name) {
            BOOST_TEST(&describe(row.why) == &row);
            BOOST_TEST(names.insert(row.name).second);
        }
    }
    BOOST_TEST(names.size() == 30u);
}

BOOST_AUTO_TEST_CASE(the_status_of_google_rpc_fits_the_code_of_http) {
    for (const auto& row : byot::reason_table()) {
        BOOST_TEST_CONTEXT(row.name) {
            const auto codes = http_of_rpc.find(row.rpc_status);
            BOOST_REQUIRE(codes != http_of_rpc.end());
            BOOST_TEST(codes->second.contains(row.http_status));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_wait_is_named_exactly_for_429_and_503) {
    for (const auto& row : byot::reason_table()) {
        const bool asks_to_wait = row.http_status == 429 || row.http_status == 503;
        BOOST_TEST_CONTEXT(row.name) {
            BOOST_TEST((row.retry_after > seconds(0)) == asks_to_wait);
        }
    }
}

BOOST_AUTO_TEST_CASE(only_a_problem_of_the_token_is_a_401) {
    for (const auto& row : byot::reason_table()) {
        BOOST_TEST_CONTEXT(row.name) {
            BOOST_TEST((row.http_status == 401) == row.name.starts_with("TOKEN_"));
        }
    }
}

BOOST_AUTO_TEST_CASE(every_row_says_one_sentence_in_plain_ascii) {
    for (const auto& row : byot::reason_table()) {
        BOOST_TEST_CONTEXT(row.name) {
            BOOST_TEST(row.message.size() > 15u);
            BOOST_TEST(row.message.back() == '.');
            BOOST_TEST((row.message.front() >= 'A' && row.message.front() <= 'Z'));
            BOOST_TEST((row.message.find_first_of("\"\\\n") == std::string_view::npos));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
