#include "google/firestore_write.hpp"

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
