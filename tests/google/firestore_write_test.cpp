#include "google/firestore_write.hpp"

#include "core/json.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

namespace byot::google {
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

const firestore_fields one_field{{"a", firestore_value(true)}};
const field_transform count_up{"n", firestore_value(std::int64_t{1})};
const field_transform now{"at", std::nullopt};

firestore_write needing(firestore_write write, precondition::kind what, std::string update_time = "") {
    write.needs = {what, std::move(update_time)};
    return write;
}
firestore_write masked(firestore_write write, std::vector<std::string> mask) {
    write.mask = std::move(mask);
    return write;
}
firestore_write with(firestore_write write, std::vector<field_transform> transforms) {
    write.transforms = std::move(transforms);
    return write;
}
firestore_write renamed(firestore_write write, std::string name) {
    write.name = std::move(name);
    return write;
}

const std::string updates_one = R"("update":{"name":")" + ann + R"(","fields":{"a":{"booleanValue":true}}})";
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
    {with(write_of({}), {now, {"d", firestore_value(0.5)}}),
     updates_none +
         R"(,"updateMask":{},"updateTransforms":[{"fieldPath":"at","setToServerValue":"REQUEST_TIME"},)"
         R"({"fieldPath":"d","increment":{"doubleValue":0.5}}])"},
    {needing(with(masked(write_of(one_field), {"a"}), {count_up}), kind::exists),
     updates_one + R"(,"updateMask":{"fieldPaths":["a"]},)" + counts_up +
         R"(,"currentDocument":{"exists":true})"},
};

const firestore_write contradictions[] = {
    masked(deletion(), {"a"}),
    masked(deletion(), {}),
    with(deletion(), {now}),
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
    with(write_of({}), {{"n", firestore_value(std::string("1"))}}),
    with(write_of({}), {{"n", firestore_value()}}),
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

} // namespace byot::google
