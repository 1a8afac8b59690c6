#include "telemetry/log.hpp"

#include "telemetry/log_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>

using byot::string_member;
using byot::telemetry::level;
using byot::telemetry::log_format;
using byot::testing::lines_of;
using byot::testing::log_pipe;
using byot::testing::parse_line;

namespace {

constexpr std::size_t pipe_size = 4096;

} // namespace

BOOST_AUTO_TEST_SUITE(logs)

BOOST_AUTO_TEST_CASE(what_waits_is_written_before_the_log_is_gone) {
    log_pipe pipe;
    {
        byot::telemetry::log out(log_format::json, level::info, pipe.writing());
        out.write(level::info, "one");
        auto line = out.line(level::warning, "two");
        line.add("n", 2);
        out.write(std::move(line));
    }
    const auto lines = lines_of(pipe.read_all());
    BOOST_REQUIRE_EQUAL(lines.size(), 2u);
    BOOST_TEST((string_member(parse_line(lines[0]), "message") == std::string_view("one")));
    BOOST_TEST(parse_line(lines[1]).at("n").as_int64() == 2);
}

BOOST_AUTO_TEST_CASE(a_line_arrives_while_the_log_lives) {
    log_pipe pipe;
    byot::telemetry::log out(log_format::text, level::info, pipe.writing());
    out.write(level::info, "first");
    BOOST_TEST(pipe.read_until("\n").ends_with(" first\n"));
    out.write(level::info, "second");
    BOOST_TEST(pipe.read_until("\n").ends_with(" second\n"));
}

BOOST_AUTO_TEST_CASE(a_log_that_wrote_nothing_ends) {
    log_pipe pipe;
    {
        const byot::telemetry::log out(log_format::json, level::info, pipe.writing());
    }
    BOOST_TEST(pipe.read_all().empty());
}

BOOST_AUTO_TEST_CASE(less_than_the_least_level_is_not_written) {
    log_pipe pipe;
    {
        byot::telemetry::log out(log_format::json, level::warning, pipe.writing());
        BOOST_TEST(!out.takes(level::debug));
        BOOST_TEST(!out.takes(level::info));
        BOOST_TEST(out.takes(level::warning));
        BOOST_TEST(out.takes(level::error));
        out.write(level::debug, "d");
        out.write(level::info, "i");
        out.write(level::warning, "w");
        out.write(level::error, "e");
    }
    BOOST_TEST(lines_of(pipe.read_all()).size() == 2u);
}

BOOST_AUTO_TEST_CASE(lines_of_several_threads_stay_whole_and_each_thread_s_in_order) {
    constexpr int threads = 4;
    constexpr int each = 2000;
    log_pipe pipe;
    std::string all;
    std::thread reader;
    {
        byot::telemetry::log out(log_format::json, level::info, pipe.writing());
        std::vector<std::thread> writers;
        for (int who = 0; who < threads; ++who) {
            writers.emplace_back([&out, who] {
                for (int i = 0; i < each; ++i) {
                    auto line = out.line(level::info, "m");
                    line.add("who", who).add("i", i);
                    out.write(std::move(line));
                }
            });
        }
        reader = std::thread([&] { all = pipe.read_until("\"last\"}\n"); });
        for (auto& writer : writers) writer.join();
        out.write(level::info, "last");
    }
    reader.join();
    std::map<std::int64_t, std::int64_t> next;
    const auto lines = lines_of(all);
    BOOST_REQUIRE_EQUAL(lines.size(), static_cast<std::size_t>(threads * each + 1));
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
        const auto line = parse_line(lines[i]);
        BOOST_REQUIRE_EQUAL(line.at("i").as_int64(), next[line.at("who").as_int64()]++);
    }
}

BOOST_AUTO_TEST_CASE(beyond_eight_mebibytes_lines_are_dropped_and_their_number_is_told) {
    log_pipe pipe;
    BOOST_REQUIRE(::fcntl(pipe.writing(), F_SETPIPE_SZ, pipe_size) >= 0);
    constexpr std::uint64_t written = 12 * 1024;
    const std::string kilobyte(1024, 'x');
    auto out = std::make_unique<byot::telemetry::log>(log_format::json, level::info, pipe.writing());
    for (std::uint64_t i = 0; i < written; ++i) out->write(level::info, kilobyte);

    std::string all;
    std::thread reader([&] { all = pipe.read_until("\"end\"}\n"); });
    out = std::make_unique<byot::telemetry::log>(log_format::json, level::info, pipe.writing());
    out->write(level::info, "end");
    reader.join();
    std::uint64_t arrived = 0;
    std::uint64_t arrived_bytes = 0;
    std::uint64_t dropped = 0;
    for (const auto& text : lines_of(all)) {
        const auto line = parse_line(text);
        if (const auto* const count = line.if_contains("dropped")) {
            dropped += static_cast<std::uint64_t>(count->as_int64());
        } else if (string_member(line, "message") == kilobyte) {
            ++arrived;
            arrived_bytes += text.size() + 1;
        }
    }
    BOOST_TEST(dropped > 0u);
    BOOST_TEST(arrived + dropped == written);
    BOOST_TEST(arrived_bytes <= 8u * 1024 * 1024);
    BOOST_TEST(arrived_bytes > 8u * 1024 * 1024 - 2048);
}

BOOST_AUTO_TEST_CASE(a_reader_that_goes_away_does_not_end_the_process) {
    log_pipe pipe;
    struct sigaction standard{};
    standard.sa_handler = SIG_DFL;
    struct sigaction before{};
    BOOST_REQUIRE(::sigaction(SIGPIPE, &standard, &before) == 0);
    {
        byot::telemetry::log out(log_format::json, level::info, pipe.writing());
        pipe.close_reading();
        out.write(level::info, "nobody reads this");
    }
    ::sigaction(SIGPIPE, &before, nullptr);
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_CASE(a_descriptor_that_does_not_block_loses_nothing) {
    log_pipe pipe;
    BOOST_REQUIRE(::fcntl(pipe.writing(), F_SETPIPE_SZ, pipe_size) >= 0);
    BOOST_REQUIRE(::fcntl(pipe.writing(), F_SETFL, O_NONBLOCK) == 0);
    std::string all;
    std::thread reader;
    {
        byot::telemetry::log out(log_format::json, level::info, pipe.writing());
        for (int i = 0; i < 1000; ++i) out.write(level::info, std::string(100, 'x'));
        out.write(level::info, "end");
        reader = std::thread([&] { all = pipe.read_until("\"end\"}\n"); });
    }
    reader.join();
    BOOST_TEST(lines_of(all).size() == 1001u);
}

BOOST_AUTO_TEST_SUITE_END()
