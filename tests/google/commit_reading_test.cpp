#include "google/firestore_document.hpp"

#include <boost/test/unit_test.hpp>

namespace byot::google {
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

} // namespace byot::google
