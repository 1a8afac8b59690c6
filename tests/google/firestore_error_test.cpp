#include "google/firestore_error.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

namespace byot::google {
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

} // namespace byot::google
