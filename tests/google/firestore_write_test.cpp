#include "google/firestore_write.hpp"

#include "core/json.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

BOOST_AUTO_TEST_SUITE(field_path)

using byot::google::field_path;
using names = std::vector<std::string_view>;

BOOST_AUTO_TEST_CASE(a_path_is_what_firestore_reads_as_those_names) {
    const std::pair<names, std::string_view> paths[] = {
        {{"a"}, "a"},
        {{"_", "A9_z"}, "_.A9_z"},
        {{"keys", "googleai", "sealed"}, "keys.googleai.sealed"},
        {{"9a"}, "`9a`"},
        {{"a.b"}, "`a.b`"},
        {{"a-b", "c"}, "`a-b`.c"},
        {{"a`b"}, "`a\\`b`"},
        {{"a\\b"}, "`a\\\\b`"},
        {{"\\`"}, "`\\\\\\``"},
        {{" "}, "` `"},
        {{"\xC3\xB6"}, "`\xC3\xB6`"},
        {{"__name__"}, "__name__"},
    };
    for (const auto& [parts, path] : paths) BOOST_TEST(field_path(parts) == path);
}

BOOST_AUTO_TEST_CASE(a_path_without_a_name_is_never_made) {
    BOOST_CHECK_THROW(field_path(names{}), std::invalid_argument);
    BOOST_CHECK_THROW(field_path(names{""}), std::invalid_argument);
    BOOST_CHECK_THROW((field_path(names{"a", "", "b"})), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

namespace byot::google::firestore_write_cases {
namespace {

const std::string ann = "projects/p/databases/(default)/documents/users/ann";

firestore_write write_of(firestore_fields fields) {
    firestore_write write;
    write.name = ann;
    write.fields = std::move(fields);
    return write;
}

firestore_write deletion() {
    firestore_write write;
    write.name = ann;
    write.deletes = true;
    return write;
}

const firestore_fields one_field{{"a", firestore_value(std::string("b"))}};
const field_increment count_up{"n", 1};

firestore_write needing(firestore_write write, precondition::kind what, std::string update_time = "") {
    write.needs = {what, std::move(update_time)};
    return write;
}
firestore_write masked(firestore_write write, std::vector<std::string> mask) {
    write.mask = std::move(mask);
    return write;
}
firestore_write with(firestore_write write, std::vector<field_increment> increments) {
    write.increments = std::move(increments);
    return write;
}
firestore_write renamed(firestore_write write, std::string name) {
    write.name = std::move(name);
    return write;
}

const std::string updates_one = R"("update":{"name":")" + ann + R"(","fields":{"a":{"stringValue":"b"}}})";
const std::string updates_none = R"("update":{"name":")" + ann + R"(","fields":{}})";
const std::string deletes = R"("delete":")" + ann + "\"";
const std::string counts_up = R"("updateTransforms":[{"fieldPath":"n","increment":{"integerValue":"1"}}])";

using kind = precondition::kind;
constexpr auto version = "2026-01-02T03:04:05.000001Z";

struct write_case {
    firestore_write write;
    std::string members;
};

const write_case cases[] = {
    {write_of(one_field), updates_one},
    {write_of({}), updates_none},
    {masked(write_of(one_field), {"a", "`b.c`"}),
     updates_one + R"(,"updateMask":{"fieldPaths":["a","`b.c`"]})"},
    {masked(write_of({}), {"a"}), updates_none + R"(,"updateMask":{"fieldPaths":["a"]})"},
    {masked(write_of({}), {}), updates_none + R"(,"updateMask":{})"},
    {needing(write_of(one_field), kind::exists), updates_one + R"(,"currentDocument":{"exists":true})"},
    {needing(write_of(one_field), kind::missing), updates_one + R"(,"currentDocument":{"exists":false})"},
    {needing(write_of(one_field), kind::unchanged_since, version),
     updates_one + R"(,"currentDocument":{"updateTime":"2026-01-02T03:04:05.000001Z"})"},
    {deletion(), deletes},
    {needing(deletion(), kind::exists), deletes + R"(,"currentDocument":{"exists":true})"},
    {with(write_of({}), {count_up}), updates_none + R"(,"updateMask":{},)" + counts_up},
    {with(write_of(one_field), {count_up}), updates_one + "," + counts_up},
    {with(masked(write_of(one_field), {"a"}), {count_up}),
     updates_one + R"(,"updateMask":{"fieldPaths":["a"]},)" + counts_up},
    {with(write_of({}), {count_up, {"d", -5}}),
     updates_none +
         R"(,"updateMask":{},"updateTransforms":[{"fieldPath":"n","increment":{"integerValue":"1"}},)"
         R"({"fieldPath":"d","increment":{"integerValue":"-5"}}])"},
    {needing(with(masked(write_of(one_field), {"a"}), {count_up}), kind::exists),
     updates_one + R"(,"updateMask":{"fieldPaths":["a"]},)" + counts_up +
         R"(,"currentDocument":{"exists":true})"},
};

const firestore_write contradictions[] = {
    masked(deletion(), {"a"}),
    masked(deletion(), {}),
    with(deletion(), {count_up}),
    [] {
        auto write = deletion();
        write.fields = one_field;
        return write;
    }(),
    renamed(write_of({}), ""),
    renamed(write_of({}), "users/ann"),
    renamed(deletion(), ann + "/keys"),
    renamed(write_of({}), ann + "\xFF"),
    masked(write_of({}), {"a\xFF"}),
    needing(write_of({}), kind::unchanged_since),
    needing(write_of({}), kind::unchanged_since, "soon"),
    with(write_of({}), {{"n\xFF", 1}}),
    write_of({{"a", firestore_value(other_kind())}}),
    write_of({{"a", firestore_value(std::string("\xFF"))}}),
};

boost::json::value body_of(std::span<const firestore_write> writes) {
    return parse_json(commit_body(writes)).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(firestore_writes)

BOOST_AUTO_TEST_CASE(a_write_is_written_as_commit_takes_it) {
    for (const auto& [write, members] : cases) {
        BOOST_TEST_CONTEXT(members) {
            const auto expected = parse_json(R"({"writes":[{)" + members + "}]}");
            BOOST_TEST(body_of({&write, 1}) == expected.value());
        }
    }
}

BOOST_AUTO_TEST_CASE(writes_keep_their_order) {
    const firestore_write writes[] = {deletion(), write_of(one_field), deletion()};
    const auto expected =
        parse_json(R"({"writes":[{)" + deletes + "},{" + updates_one + "},{" + deletes + "}]}");
    BOOST_TEST(body_of(writes) == expected.value());
    BOOST_TEST(commit_body({}) == R"({"writes":[]})");
}

BOOST_AUTO_TEST_CASE(a_write_that_contradicts_itself_is_never_sent) {
    for (const auto& write : contradictions) {
        BOOST_CHECK_THROW(commit_body({&write, 1}), std::invalid_argument);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::google::firestore_write_cases

namespace byot::google::read_bodies_cases {
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

} // namespace byot::google::read_bodies_cases
