#include "api/key_input.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using byot::api::query_parameter;

struct query_case {
    std::string_view query;
    bool is_good;
    std::optional<std::string_view> value;
};

constexpr query_case cases[] = {
    {"", true, std::nullopt},
    {"provider=openai", true, "openai"},
    {"a=1&provider=openai&b=2", true, "openai"},
    {"provider=", true, ""},
    {"provider", true, ""},
    {"&&provider=x", true, "x"},
    {"provider=a=b", true, "a=b"},
    {"%70rovider=open%61i", true, "openai"},
    {"provider=a+b", true, "a b"},
    {"providers=x", true, std::nullopt},
    {"provider=a&provider=a", false, std::nullopt},
    {"provider=%4", false, std::nullopt},
    {"provider=%zz", false, std::nullopt},
    {"provider=%-1", false, std::nullopt},
    {"%zz", false, std::nullopt},
    {"other=%zz&provider=a", false, std::nullopt},
    {"provider&provider", false, std::nullopt},
    {"provider=a&%70rovider=b", false, std::nullopt},
    {"&", true, std::nullopt},
    {"=a", true, std::nullopt},
    {"Provider=a", true, std::nullopt},
    {"provider+=a", true, std::nullopt},
};

} // namespace

BOOST_AUTO_TEST_SUITE(query)

BOOST_AUTO_TEST_CASE(each_query_gives_its_parameter_or_none) {
    for (const auto& each : cases) {
        const auto found = query_parameter(each.query, "provider");
        BOOST_TEST_CONTEXT(each.query) {
            BOOST_REQUIRE(found.has_value() == each.is_good);
            if (!each.is_good) continue;
            BOOST_REQUIRE(found.value().has_value() == each.value.has_value());
            if (each.value) BOOST_TEST(*found.value() == *each.value);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
