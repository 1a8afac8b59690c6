#include "core/json.hpp"
#include "google/firestore_write.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

namespace byot::google {
namespace {

const std::string front = "projects/p/databases/(default)/documents/users/";

page_query page(std::string collection, std::string after = "", std::size_t limit = 100) {
    return {std::move(collection), std::move(after), limit};
}

} // namespace

BOOST_AUTO_TEST_SUITE(firestore_read_bodies)

BOOST_AUTO_TEST_CASE(a_batch_names_its_documents_in_order) {
    const std::vector<std::string> names{front + "b", front + "a\"", front + "b"};
    const auto expected = R"({"documents":[")" + front + R"(b",")" + front + R"(a\"",")" + front + R"(b"]})";
    BOOST_TEST(batch_get_body(names) == expected);
    BOOST_TEST(batch_get_body({}) == R"({"documents":[]})");
}

BOOST_AUTO_TEST_CASE(a_page_is_asked_for_by_name_from_the_first_document) {
    const auto expected = parse_json(R"({"structuredQuery":{"from":[{"collectionId":"users"}],
        "orderBy":[{"field":{"fieldPath":"__name__"},"direction":"ASCENDING"}],"limit":7}})");
    BOOST_TEST(parse_json(run_query_body(page("users", "", 7))).value() == expected.value());
}

BOOST_AUTO_TEST_CASE(the_next_page_begins_behind_the_last_document) {
    const auto expected = parse_json(R"({"structuredQuery":{"from":[{"collectionId":"users"}],
        "orderBy":[{"field":{"fieldPath":"__name__"},"direction":"ASCENDING"}],
        "startAt":{"values":[{"referenceValue":")" +
                                     front + R"(ann"}],"before":false},"limit":100}})");
    BOOST_TEST(parse_json(run_query_body(page("users", front + "ann"))).value() == expected.value());
}

BOOST_AUTO_TEST_CASE(what_is_no_document_is_never_asked_for) {
    for (const std::string name : {"", "users/ann", "projects/p/databases/d/documents/users"}) {
        BOOST_CHECK_THROW(batch_get_body({&name, 1}), std::invalid_argument);
    }
    const auto not_utf8 = front + "\xFF";
    BOOST_CHECK_THROW(batch_get_body({&not_utf8, 1}), std::invalid_argument);
    BOOST_CHECK_THROW(run_query_body(page("users", "ann")), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(what_is_no_collection_or_limit_is_never_asked_for) {
    for (const std::string collection : {"", "a/b", ".", "__a__", "\xFF"}) {
        BOOST_CHECK_THROW(run_query_body(page(collection)), std::invalid_argument);
    }
    BOOST_CHECK_THROW(run_query_body(page("users", "", 0)), std::invalid_argument);
    BOOST_CHECK_THROW(run_query_body(page("users", "", 2147483648)), std::invalid_argument);
    BOOST_CHECK_NO_THROW(run_query_body(page("users", "", 2147483647)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::google
