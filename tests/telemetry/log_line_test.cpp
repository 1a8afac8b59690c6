#include "core/encoding.hpp"
#include "core/secret.hpp"
#include "telemetry/log_line.hpp"
#include "telemetry/log_reader.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <limits>
#include <string>

using namespace std::string_view_literals;
using byot::wall_time;
using byot::telemetry::level;
using byot::telemetry::log_format;
using byot::telemetry::log_line;
using byot::testing::parse_line;

namespace {

const wall_time moment{std::chrono::milliseconds(1767323045678)};

log_line json_line(std::string_view message) {
    return log_line(log_format::json, level::info, moment, message);
}

log_line text_line(std::string_view message) {
    return log_line(log_format::text, level::info, moment, message);
}

template <class T>
concept can_be_logged = requires(log_line& line, const T& value) { line.add("name", value); };

static_assert(can_be_logged<std::string> && can_be_logged<std::string_view> && can_be_logged<const char*>);
static_assert(can_be_logged<int> && can_be_logged<std::size_t> && can_be_logged<bool>);
static_assert(!can_be_logged<byot::secret>);
static_assert(!can_be_logged<void*> && !can_be_logged<double> && !can_be_logged<byot::bytes_view>);

} // namespace

BOOST_AUTO_TEST_SUITE(log_lines)

BOOST_AUTO_TEST_CASE(a_line_of_json_has_what_cloud_logging_reads) {
    auto line = json_line("started");
    line.add("port", 8080).add("role", "all").add("ready", true);
    BOOST_TEST(std::move(line).finish() ==
               R"({"severity":"INFO","time":"2026-01-02T03:04:05.678Z","message":"started",)"
               R"("port":8080,"role":"all","ready":true})"
               "\n");
}

BOOST_AUTO_TEST_CASE(a_line_for_people_reads_from_left_to_right) {
    auto line = text_line("started");
    line.add("port", 8080).add("role", "all").add("note", "two words").add("none", "").add("ready", false);
    BOOST_TEST(
        std::move(line).finish() ==
        R"(2026-01-02T03:04:05.678Z INFO    started port=8080 role=all note="two words" none="" ready=false)"
        "\n");
}

BOOST_AUTO_TEST_CASE(each_level_has_the_name_of_cloud_logging) {
    const std::pair<level, const char*> names[] = {
        {level::debug, "DEBUG"}, {level::info, "INFO"}, {level::warning, "WARNING"}, {level::error, "ERROR"}};
    for (const auto& [severity, name] : names) {
        const auto line = parse_line(log_line(log_format::json, severity, moment, "m").finish());
        BOOST_TEST((byot::string_member(line, "severity") == std::string_view(name)));
    }
}

BOOST_AUTO_TEST_CASE(numbers_are_whole_at_their_limits) {
    auto line = json_line("m");
    line.add("low", std::numeric_limits<std::int64_t>::min());
    line.add("high", std::numeric_limits<std::uint64_t>::max());
    const auto read = parse_line(std::move(line).finish());
    BOOST_TEST(read.at("low").as_int64() == std::numeric_limits<std::int64_t>::min());
    BOOST_TEST(read.at("high").as_uint64() == std::numeric_limits<std::uint64_t>::max());
}

BOOST_AUTO_TEST_CASE(an_object_in_a_line_is_closed_and_the_line_goes_on) {
    auto line = json_line("m");
    line.begin("in").add("a", 1).add("b", "x").end();
    line.begin("empty").end();
    line.add("c", 2);
    const auto read = parse_line(std::move(line).finish());
    BOOST_TEST(boost::json::serialize(read.at("in")) == R"({"a":1,"b":"x"})");
    BOOST_TEST(read.at("empty").as_object().empty());
    BOOST_TEST(read.at("c").as_int64() == 2);
}

BOOST_AUTO_TEST_CASE(an_object_in_text_names_its_members) {
    auto line = text_line("m");
    line.begin("in").add("a", 1).end().add("b", 2);
    BOOST_TEST(std::move(line).finish().ends_with(" m in.a=1 b=2\n"));
}

BOOST_AUTO_TEST_CASE(whatever_the_bytes_a_line_is_one_line_of_json_with_those_names) {
    for (int byte = 0; byte < 256; ++byte) {
        for (const auto around : {""sv, "x"sv, "\xC3"sv, "\""sv, "\\"sv, "\r\n"sv}) {
            std::string hostile(around);
            hostile += static_cast<char>(byte);
            hostile += R"(","severity":"ERROR","x":")";
            auto line = json_line(hostile);
            line.add("value", hostile);
            const auto text = std::move(line).finish();
            BOOST_REQUIRE_EQUAL(text.find('\n'), text.size() - 1);
            const auto read = parse_line(text);
            BOOST_REQUIRE_EQUAL(read.size(), 4u);
            BOOST_REQUIRE((byot::string_member(read, "severity") == "INFO"sv));
        }
    }
}

BOOST_AUTO_TEST_CASE(whatever_the_bytes_a_line_for_people_is_one_line_without_controls) {
    for (int byte = 0; byte < 256; ++byte) {
        std::string hostile = "a b\xC2\x9B";
        hostile += static_cast<char>(byte);
        auto line = text_line(hostile);
        line.add("value", hostile).add("next", 1);
        const auto text = std::move(line).finish();
        BOOST_REQUIRE_EQUAL(text.find('\n'), text.size() - 1);
        BOOST_REQUIRE(byot::is_utf8(text));
        BOOST_REQUIRE(text.ends_with("\" next=1\n"));
        for (std::size_t at = 0; at + 1 < text.size(); ++at) {
            const auto c = static_cast<unsigned char>(text[at]);
            BOOST_REQUIRE(c >= 0x20 && c != 0x7F);
            if (c == 0xC2) BOOST_REQUIRE(static_cast<unsigned char>(text[at + 1]) >= 0xA0);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_value_cannot_pass_for_another_in_a_line_for_people) {
    auto line = text_line("m");
    line.add("agent", "x uid=root").add("path", "a=b").add("quote", "a\"b");
    BOOST_TEST(std::move(line).finish().ends_with(" m agent=\"x uid=root\" path=\"a=b\" quote=\"a\\\"b\"\n"));
}

BOOST_AUTO_TEST_SUITE_END()
