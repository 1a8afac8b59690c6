#include "google/firestore_document.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace byot::google {
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
    document(name + R"(,"fields":{"a":{"newValue":1}},)" + times),
    document(name + R"(,"fields":{"a":{"stringValue":"x","integerValue":"1"}},)" + times),
    document(name + R"(,"fields":{"a":{"stringValue":")" + "\xFF" + R"("}},)" + times),
    "[" + document(name + "," + times) + "]",
    document(name + R"(,"error":{"status":"ABORTED"},)" + times),
};

// A value that is so many maps in one another.
std::string nested_maps(std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += R"({"mapValue":{"fields":{"m":)";
    text += R"({"geoPointValue":{}})";
    return text.append(3 * depth, '}');
}

} // namespace

BOOST_AUTO_TEST_SUITE(document_reading)

BOOST_AUTO_TEST_CASE(a_document_is_its_name_fields_and_times) {
    const auto read =
        parse_firestore_document(document(name + R"(,"fields":{"a":{"booleanValue":true}},)" + times));
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->name == "projects/p/databases/d/documents/users/ann");
    BOOST_TEST((read->fields == firestore_fields{{"a", firestore_value(true)}}));
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

} // namespace byot::google
