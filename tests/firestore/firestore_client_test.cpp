#include "firestore/emulator.hpp"

#include <algorithm>

using namespace byot;
using namespace byot::google;
using namespace byot::google::testing;
using vault::testing::running_reactor;

namespace {

/// A client called as if nothing suspended.
struct emulator_fixture {
    running_reactor reactor;
    emulator_client below{reactor, new_database()};

    static steady_time soon() { return steady_now() + std::chrono::seconds(20); }
    std::string name(std::string_view id) { return below.client().document_name("things", id); }

    std::optional<firestore_document> get(std::string_view id) {
        const auto work = [this, id] { return below.client().get(name(id), soon()); };
        return reactor.wait<result<std::optional<firestore_document>>>(work).value();
    }
    commit_end commit(std::vector<firestore_write> writes) {
        const auto work = [this, writes] { return below.client().commit(writes, soon()); };
        return reactor.wait<result<commit_end>>(work).value();
    }
    std::vector<std::string> page(std::string after, std::size_t limit) {
        page_query query;
        query.collection = "things";
        if (!after.empty()) query.after = name(after);
        query.limit = limit;
        const auto work = [this, query] { return below.client().run_query(query, soon()); };
        std::vector<std::string> ids;
        for (const auto& document : reactor.wait<result<std::vector<firestore_document>>>(work).value())
            ids.push_back(document.name.substr(document.name.rfind('/') + 1));
        return ids;
    }
    firestore_write write(std::string_view id, std::int64_t number) {
        firestore_write one;
        one.name = name(id);
        one.fields.emplace("n", firestore_value(number));
        return one;
    }
    std::int64_t number_in(std::string_view id) { return *get(id)->fields.at("n").as<std::int64_t>(); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(firestore_client_suite, emulator_fixture)

BOOST_AUTO_TEST_CASE(every_kind_that_is_used_comes_back_as_it_was_written) {
    auto all = write("all", 1);
    all.fields.emplace("least", firestore_value(std::numeric_limits<std::int64_t>::min()));
    all.fields.emplace("time", firestore_value(firestore_timestamp{1767323045, 678901000}));
    all.fields.emplace("text", firestore_value(std::string("ä€😀\"\\\n")));
    all.fields.emplace("bytes", firestore_value(firestore_bytes{std::string("\0\xff\x80", 3)}));
    firestore_fields map{{"empty", firestore_value(firestore_fields())}};
    all.fields.emplace("map", firestore_value(std::move(map)));
    all.fields.emplace("a.b `c\\", firestore_value(std::string("a name that needs quotes")));
    BOOST_TEST((commit({all}) == commit_end::made));
    BOOST_TEST((get("all")->fields == all.fields));
}

BOOST_AUTO_TEST_CASE(preconditions_are_met_or_refuse_the_whole_commit) {
    auto first = write("x", 1);
    first.needs.what = precondition::kind::missing;
    BOOST_TEST((commit({first}) == commit_end::made));
    BOOST_TEST((commit({first}) == commit_end::refused));
    const auto version = get("x")->update_time;
    auto second = write("x", 2);
    second.needs = {precondition::kind::unchanged_since, version};
    auto beside = write("y", 1);
    BOOST_TEST((commit({second, beside}) == commit_end::made));
    auto third = write("x", 3);
    third.needs = {precondition::kind::unchanged_since, version};
    auto more = write("z", 1);
    BOOST_TEST((commit({third, more}) == commit_end::refused));
    BOOST_TEST(number_in("x") == 2);
    BOOST_TEST(!get("z").has_value());
    auto absent = write("absent", 1);
    absent.needs.what = precondition::kind::exists;
    BOOST_TEST((commit({absent}) == commit_end::refused));
}

BOOST_AUTO_TEST_CASE(a_mask_writes_what_it_names_and_removes_what_is_not_given) {
    auto whole = write("m", 1);
    whole.fields.emplace("keep", firestore_value(std::string("kept")));
    whole.fields.emplace("go", firestore_value(std::string("gone")));
    commit({whole});
    auto part = write("m", 2);
    part.mask = {"n", "go"};
    BOOST_TEST((commit({part}) == commit_end::made));
    const auto there = get("m").value();
    BOOST_TEST(there.fields.size() == 2U);
    BOOST_TEST(there.fields.contains("keep"));
    BOOST_TEST(number_in("m") == 2);
}

BOOST_AUTO_TEST_CASE(an_increment_counts_from_nothing_too_and_leaves_the_other_fields) {
    auto whole = write("t", 1);
    whole.fields.emplace("keep", firestore_value(std::string("kept")));
    commit({whole});
    firestore_write counted;
    counted.name = name("t");
    counted.increments.push_back({"n", 5});
    counted.increments.push_back({"new", -2});
    BOOST_TEST((commit({counted}) == commit_end::made));
    const auto there = get("t").value();
    BOOST_TEST(there.fields.size() == 3U);
    BOOST_TEST(number_in("t") == 6);
    BOOST_TEST((there.fields.at("new") == firestore_value(std::int64_t{-2})));
}

BOOST_AUTO_TEST_CASE(a_document_can_be_deleted) {
    commit({write("d", 1)});
    firestore_write deletion;
    deletion.name = name("d");
    deletion.deletes = true;
    deletion.needs.what = precondition::kind::exists;
    BOOST_TEST((commit({deletion}) == commit_end::made));
    BOOST_TEST(!get("d").has_value());
    BOOST_TEST((commit({deletion}) == commit_end::refused));
}

BOOST_AUTO_TEST_CASE(pages_come_in_the_order_of_names_behind_the_one_given) {
    for (const auto* id : {"b", "a", "~x", "c", "B", "ö"}) commit({write(id, 1)});
    const std::vector<std::string> all{"B", "a", "b", "c", "~x", "ö"};
    BOOST_TEST(page("", 10) == all, boost::test_tools::per_element());
    const std::vector<std::string> two{"b", "c"};
    BOOST_TEST(page("a", 2) == two, boost::test_tools::per_element());
    BOOST_TEST(page("aa", 2) == two, boost::test_tools::per_element()); // one that is not there
    BOOST_TEST(page("ö", 2).empty());
}

BOOST_AUTO_TEST_CASE(several_documents_are_read_at_once_and_a_missing_one_is_named) {
    commit({write("one", 1)});
    const auto work = [this] {
        std::vector<std::string> names{name("one"), name("two")};
        return below.client().batch_get(names, soon());
    };
    const auto found = reactor.wait<result<std::vector<firestore_document>>>(work).value();
    BOOST_TEST_REQUIRE(found.size() == 2U);
    for (const auto& document : found) {
        BOOST_TEST(document.update_time.empty() == document.name.ends_with("/two"));
    }
}

BOOST_AUTO_TEST_CASE(an_id_that_is_long_or_full_of_escapes_is_found_again) {
    for (const auto& id : {std::string(750, 'a'), std::string("%2F%zz?#&=+ "), std::string("ö\"'`\\")}) {
        commit({write(id, 7)});
        BOOST_TEST(number_in(id) == 7, id);
    }
    BOOST_TEST(number_in(std::string(750, 'a')) == 7);
}

BOOST_AUTO_TEST_SUITE_END()
