#include "google/firestore_document.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace byot::google {
namespace {

const std::string front = "projects/p/databases/d/documents/users/";
const std::string read_time = R"("readTime":"2026-01-02T03:04:07Z")";

std::string document(const std::string& id) {
    return R"({"name":")" + front + id +
           R"(","createTime":"2026-01-02T03:04:05Z","updateTime":"2026-01-02T03:04:06.000001Z"})";
}
std::string found(const std::string& id) {
    return R"({"found":)" + document(id) + "," + read_time + "}";
}
std::string missing(const std::string& id) {
    return R"({"missing":")" + front + id + "\"," + read_time + "}";
}
std::string result(const std::string& id) {
    return R"({"document":)" + document(id) + "," + read_time + "}";
}

const std::string an_error = R"({"error":{"code":503,"message":"m","status":"UNAVAILABLE"}})";
const std::string a_transaction = R"({"transaction":"EUoAAAAAAAAA"})";

using documents = std::optional<std::vector<firestore_document>>;

// "ID@UPDATE_TIME" of each.
std::vector<std::string> told(const documents& read) {
    BOOST_REQUIRE(read.has_value());
    std::vector<std::string> lines;
    for (const auto& one : *read) lines.push_back(one.name.substr(front.size()) + "@" + one.update_time);
    return lines;
}

const std::string no_stream[] = {
    "",
    "null",
    "{}",
    an_error,
    "[" + an_error + "]",
    "[null]",
    "[[]]",
    "[{}]",
    R"([{"readTime":"soon"}])",
    R"([{"readTime":1}])",
    R"([{"transaction":1}])",
    "[" + found("a") + "," + an_error + "]",
    "[" + result("a") + "," + an_error + "]",
    "[" + a_transaction + "," + an_error + "]",
    "[" + found("a") + "," + found("b"),
    "[" + result("a") + "," + result("b"),
    "[" + found("a") + "]]",
};

const std::string no_batch[] = {
    R"([{"found":)" + document("a") + "}]",
    R"([{"found":{},)" + read_time + "}]",
    R"([{"found":null,)" + read_time + "}]",
    R"([{"missing":"users/a",)" + read_time + "}]",
    R"([{"missing":null,)" + read_time + "}]",
    R"([{"missing":")" + front + R"(a"}])",
    R"([{"missing":")" + front + R"(a","found":)" + document("a") + "," + read_time + "}]",
    R"([{"found":)" + document("a") + R"(,"error":{},)" + read_time + "}]",
    "[{" + read_time + "}]",
    "[" + result("a") + "]",
    "[" + found("a") + "," + result("b") + "]",
};

const std::string no_query[] = {
    "[]",
    R"([{"document":)" + document("a") + "}]",
    R"([{"document":)" + document("a") + R"(,"transaction":"AA=="}])",
    R"([{"document":{},)" + read_time + "}]",
    R"([{"document":null,)" + read_time + "}]",
    R"([{"document":)" + document("a") + R"(,"error":null,)" + read_time + "}]",
    R"([{"done":true}])",
};

} // namespace

BOOST_AUTO_TEST_SUITE(stream_reading)

BOOST_AUTO_TEST_CASE(found_and_missing_documents_come_in_the_order_of_the_answer) {
    const auto lines = told(parse_batch_get("[" + found("b") + "," + missing("a") + "," + found("c") + "]"));
    const std::vector<std::string> expected{"b@2026-01-02T03:04:06.000001Z", "a@",
                                            "c@2026-01-02T03:04:06.000001Z"};
    BOOST_TEST(lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_batch_of_nothing_is_empty) {
    BOOST_TEST(told(parse_batch_get("[\n\n]")).empty());
}

BOOST_AUTO_TEST_CASE(a_query_s_documents_come_in_the_order_of_the_answer) {
    const auto lines = told(parse_run_query("[" + result("b") + "," + result("a") + ",{" + read_time + "}]"));
    const std::vector<std::string> expected{"b@2026-01-02T03:04:06.000001Z", "a@2026-01-02T03:04:06.000001Z"};
    BOOST_TEST(lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_query_that_finds_nothing_says_when) {
    BOOST_TEST(told(parse_run_query("[{" + read_time + R"(,"done":true}])")).empty());
    BOOST_TEST(told(parse_run_query("[{" + read_time + R"(,"skippedResults":3}])")).empty());
}

BOOST_AUTO_TEST_CASE(a_transaction_that_begins_with_the_request_brings_no_document) {
    BOOST_TEST(told(parse_batch_get("[" + a_transaction + "," + found("a") + "]")).size() == 1u);
    BOOST_TEST(told(parse_run_query("[" + a_transaction + "," + result("a") + "]")).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_member_that_google_adds_to_an_element_is_passed_over) {
    const auto added = R"(,"cost":{"reads":1},)" + read_time + "}]";
    BOOST_TEST(told(parse_batch_get(R"([{"found":)" + document("a") + added)).size() == 1u);
    BOOST_TEST(told(parse_run_query(R"([{"document":)" + document("a") + added)).size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_no_stream_of_documents_is_refused) {
    for (const auto& json : no_stream) {
        BOOST_TEST_CONTEXT(json) {
            BOOST_TEST(!parse_batch_get(json).has_value());
            BOOST_TEST(!parse_run_query(json).has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_batch_is_refused) {
    for (const auto& json : no_batch) BOOST_TEST(!parse_batch_get(json).has_value(), json);
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_to_a_query_is_refused) {
    for (const auto& json : no_query) BOOST_TEST(!parse_run_query(json).has_value(), json);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::google
