#include "relay/answer_fields.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>
#include <string>

namespace {

using namespace byot::relay;

struct passing_case {
    std::string_view name;
    unsigned status;
    bool passes;
};

constexpr passing_case cases[] = {
    {"Retry-After", 429, true},
    {"retry-after", 503, true},
    {"RETRY-AFTER", 200, true},
    {"Content-Language", 200, true},
    {"Content-Disposition", 200, true},
    {"Content-Encoding", 200, true},
    {"ETag", 200, true},
    {"Last-Modified", 200, true},
    {"Location", 201, true},
    {"Location", 302, true},
    {"Location", 308, true},
    {"Location", 200, false},
    {"Location", 404, false},
    {"Allow", 405, true},
    {"Allow", 200, false},
    {"Content-Range", 206, true},
    {"Content-Range", 416, true},
    {"Content-Range", 200, false},
    {"Accept-Post", 415, true},
    {"Accept", 415, true},
    {"Accept", 200, false},
    {"Deprecation", 200, true},
    {"Sunset", 200, true},
    {"Link", 200, true},
    {"X-Genkit-Trace-Id", 200, true},
    {"x-genkit-", 500, true},
    {"x-genkit", 200, false},
    {"WWW-Authenticate", 401, false},
    {"Proxy-Authenticate", 407, false},
    {"Authentication-Info", 200, false},
    {"Set-Cookie", 200, false},
    {"Server", 200, false},
    {"Via", 200, false},
    {"Vary", 200, false},
    {"Warning", 200, false},
    {"Trailer", 200, false},
    {"Alt-Svc", 200, false},
    {"Clear-Site-Data", 200, false},
    {"Refresh", 200, false},
    {"Access-Control-Allow-Origin", 200, false},
    {"Content-Security-Policy", 200, false},
    {"Strict-Transport-Security", 200, false},
    {"RateLimit", 429, false},
    {"Cache-Control", 200, false},
    {"X-Accel-Buffering", 200, false},
    {"X-Accel-Redirect", 200, false},
    {"Content-Type", 200, false},
    {"Content-Length", 200, false},
    {"Transfer-Encoding", 200, false},
    {"Connection", 200, false},
    {"Keep-Alive", 200, false},
    {"x-byot-key-state", 200, false},
    {"x-byot-credential", 200, false},
    {"Retry-After2", 429, false},
    {"X-Unknown", 200, false},
    {"", 200, false},
};

} // namespace

BOOST_AUTO_TEST_SUITE(answer_fields_table)

BOOST_AUTO_TEST_CASE(lets_through_what_the_status_and_the_body_need) {
    for (const auto& [name, status, passes] : cases) {
        BOOST_TEST(passes_to_client(name, status) == passes, name << " with " << status);
    }
}

BOOST_AUTO_TEST_CASE(names_each_field_once_in_lower_case_with_a_reason) {
    std::set<std::string_view> names;
    for (const auto& row : answer_fields()) {
        BOOST_TEST(names.insert(row.name).second, row.name);
        BOOST_TEST(
            std::none_of(row.name.begin(), row.name.end(), [](char c) { return c >= 'A' && c <= 'Z'; }));
        BOOST_TEST(!row.why.empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
