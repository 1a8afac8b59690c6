#include "google/firestore_document.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(document_name)

using byot::google::is_document_name;

BOOST_AUTO_TEST_CASE(a_document_s_full_name_is_one) {
    for (const auto* const name : {
             "projects/p/databases/(default)/documents/users/ann",
             "projects/example.com:p/databases/d/documents/a/b/c/d",
             "projects/p/databases/d/documents/users/ö %2F",
             "projects/p/databases/d/documents/documents/documents",
         }) {
        BOOST_TEST(is_document_name(name), name);
    }
}

BOOST_AUTO_TEST_CASE(anything_else_is_none) {
    for (const auto* const name : {
             "",
             "/",
             "users/ann",
             "projects/p/databases/d/documents",
             "projects/p/databases/d/documents/",
             "projects/p/databases/d/documents/users",
             "projects/p/databases/d/documents/users/",
             "projects/p/databases/d/documents/users/ann/",
             "projects/p/databases/d/documents/users/ann/keys",
             "projects/p/databases/d/documents//ann",
             "projects/p/databases/d/documents/users//keys/k",
             "projects//databases/d/documents/users/ann",
             "projects/p/databases//documents/users/ann",
             "/projects/p/databases/d/documents/users/ann",
             "Projects/p/databases/d/documents/users/ann",
             "projects/p/database/d/documents/users/ann",
             "projects/p/databases/d/document/users/ann",
             "projects/p/databases/documents/d/users/ann",
         }) {
        BOOST_TEST(!is_document_name(name), name);
    }
}

BOOST_AUTO_TEST_SUITE_END()

namespace byot::google::document_reading_cases {
namespace {

const std::string name = R"("name":"projects/p/databases/d/documents/users/ann")";
const std::string times = R"("createTime":"2026-01-02T03:04:05.123456Z","updateTime":"2026-01-02T03:04:06Z")";

std::string document(const std::string& members) {
    return "{" + members + "}";
}

const std::string refused[] = {
    "",
    "null",
    "[]",
    "{}",
    document(name),
    document(times),
    document(name + "," + times) + "x",
    document(name + R"(,"createTime":"2026-01-02T03:04:05Z")"),
    document(name + R"(,"updateTime":"2026-01-02T03:04:05Z")"),
    document(name + R"(,"createTime":"soon","updateTime":"2026-01-02T03:04:05Z")"),
    document(name + R"(,"createTime":"2026-01-02T03:04:05Z","updateTime":"")"),
    document(name + R"(,"createTime":"2026-01-02T03:04:05Z","updateTime":1)"),
    document(R"("name":"users/ann",)" + times),
    document(R"("name":"projects/p/databases/d/documents/users",)" + times),
    document(R"("name":null,)" + times),
    document(name + "," + name + "," + times),
    document(name + R"(,"fields":null,)" + times),
    document(name + R"(,"fields":[],)" + times),
    document(name + R"(,"fields":{"a":1},)" + times),
    document(name + R"(,"fields":{"a":{"integerValue":1}},)" + times),
    document(name + R"(,"fields":{"a":{"":1}},)" + times),
    document(name + R"(,"fields":{"a":{"stringValue":"x","integerValue":"1"}},)" + times),
    document(name + R"(,"fields":{"a":{"stringValue":")" + "\xFF" + R"("}},)" + times),
    "[" + document(name + "," + times) + "]",
    document(name + R"(,"error":{"status":"ABORTED"},)" + times),
};

// A value that is so many maps in one another.
std::string nested_maps(std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += R"({"mapValue":{"fields":{"m":)";
    text += R"({"stringValue":""})";
    return text.append(3 * depth, '}');
}

} // namespace

BOOST_AUTO_TEST_SUITE(document_reading)

BOOST_AUTO_TEST_CASE(a_document_is_its_name_fields_and_times) {
    const auto read =
        parse_firestore_document(document(name + R"(,"fields":{"a":{"stringValue":"b"}},)" + times));
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->name == "projects/p/databases/d/documents/users/ann");
    BOOST_TEST((read->fields == firestore_fields{{"a", firestore_value(std::string("b"))}}));
    BOOST_TEST((read->created == firestore_timestamp{1767323045, 123'456'000}));
    BOOST_TEST(read->update_time == "2026-01-02T03:04:06Z");
}

BOOST_AUTO_TEST_CASE(a_document_without_fields_has_none) {
    const auto read = parse_firestore_document(document(name + "," + times));
    BOOST_TEST((read && read->fields.empty()));
}

BOOST_AUTO_TEST_CASE(the_update_time_is_kept_as_it_was_given) {
    const auto read = parse_firestore_document(document(
        name + R"(,"createTime":"2026-01-02T03:04:05Z","updateTime":"2026-01-02T03:04:05.10+00:00")"));
    BOOST_TEST((read && read->update_time == "2026-01-02T03:04:05.10+00:00"));
}

BOOST_AUTO_TEST_CASE(a_member_that_google_adds_is_passed_over) {
    const auto read = parse_firestore_document(document(name + R"(,"etag":{"a":[1]},)" + times));
    BOOST_TEST(read.has_value());
}

BOOST_AUTO_TEST_CASE(a_field_of_a_kind_that_is_not_used_is_there_and_hides_no_other) {
    const auto read = parse_firestore_document(document(
        name + R"(,"fields":{"a":{"newValue":1},"b":{"arrayValue":{}},"c":{"stringValue":"d"}},)" + times));
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST((read->fields == firestore_fields{{"a", firestore_value(other_kind())},
                                                 {"b", firestore_value(other_kind())},
                                                 {"c", firestore_value(std::string("d"))}}));
}

BOOST_AUTO_TEST_CASE(what_is_no_document_is_refused) {
    for (const auto& json : refused) {
        BOOST_TEST_CONTEXT(json) {
            BOOST_TEST(!parse_firestore_document(json).has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(maps_are_read_as_deeply_as_firestore_keeps_them) {
    const auto with = [](std::size_t depth) {
        const auto json = document(name + R"(,"fields":{"m":)" + nested_maps(depth) + "}," + times);
        return parse_batch_get(R"([{"found":)" + json + R"(,"readTime":"2026-01-02T03:04:05Z"}])");
    };
    BOOST_TEST(with(20).has_value());
    BOOST_TEST(!with(40).has_value());
    BOOST_TEST(!with(100'000).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::google::document_reading_cases

namespace byot::google::stream_reading_cases {
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

} // namespace byot::google::stream_reading_cases

namespace byot::google::commit_reading_cases {
namespace {

constexpr std::string_view refused[] = {
    "",
    "[]",
    "null",
    "{}",
    R"({"writeResults":[{"updateTime":"2026-01-02T03:04:05Z"}]})",
    R"({"writeResults":null,"commitTime":"2026-01-02T03:04:05Z"})",
    R"({"writeResults":{},"commitTime":"2026-01-02T03:04:05Z"})",
    R"({"writeResults":[null],"commitTime":"2026-01-02T03:04:05Z"})",
    R"({"writeResults":[{"updateTime":null}],"commitTime":"2026-01-02T03:04:05Z"})",
    R"({"writeResults":[{"updateTime":""}],"commitTime":"2026-01-02T03:04:05Z"})",
    R"({"writeResults":[{"updateTime":"soon"}],"commitTime":"2026-01-02T03:04:05Z"})",
    R"({"writeResults":[{}],"commitTime":"soon"})",
    R"({"writeResults":[{}],"commitTime":0})",
    R"({"writeResults":[{}],"commitTime":"2026-01-02T03:04:05Z","error":{"status":"ABORTED"}})",
    R"([{"writeResults":[{}],"commitTime":"2026-01-02T03:04:05Z"}])",
    R"({"writeResults":[{}],"commitTime":"2026-01-02T03:04:05Z"}{})",
};

} // namespace

BOOST_AUTO_TEST_SUITE(commit_reading)

BOOST_AUTO_TEST_CASE(each_write_has_its_update_time_or_none) {
    const auto times = parse_commit(R"({"writeResults":[{"updateTime":"2026-01-02T03:04:05.000001Z",
        "transformResults":[{"integerValue":"1"}]},{},{"updateTime":"2026-01-02T03:04:04Z"}],
        "commitTime":"2026-01-02T03:04:05.000001Z"})");
    BOOST_REQUIRE(times.has_value());
    const std::vector<std::string> expected{"2026-01-02T03:04:05.000001Z", "", "2026-01-02T03:04:04Z"};
    BOOST_TEST(*times == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_commit_of_nothing_has_only_its_time) {
    const auto times = parse_commit(R"({"commitTime":"2026-01-02T03:04:05Z","added":1})");
    BOOST_TEST((times && times->empty()));
}

BOOST_AUTO_TEST_CASE(what_is_no_commit_is_refused) {
    for (const auto json : refused) BOOST_TEST(!parse_commit(json).has_value(), json);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::google::commit_reading_cases
