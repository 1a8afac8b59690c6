#pragma once

#include "core/json.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

namespace byot::testing {

/// A pipe to log into.
class log_pipe {
public:
    log_pipe() { BOOST_REQUIRE(::pipe(ends_.data()) == 0); }
    log_pipe(const log_pipe&) = delete;
    log_pipe& operator=(const log_pipe&) = delete;
    ~log_pipe() {
        close_end(0);
        close_end(1);
    }

    int reading() const { return ends_[0]; }
    int writing() const { return ends_[1]; }
    void close_reading() { close_end(0); }

    /// Everything written, once nobody can write more.
    std::string read_all() {
        close_end(1);
        std::string all;
        while (read_some(all)) {
        }
        return all;
    }

    /// What is written until that text has come last.
    std::string read_until(std::string_view end) {
        std::string all;
        while (!all.ends_with(end) && read_some(all)) {
        }
        return all;
    }

private:
    bool read_some(std::string& all) {
        std::array<char, 4096> some{};
        const auto got = ::read(ends_[0], some.data(), some.size());
        if (got > 0) all.append(some.data(), static_cast<std::size_t>(got));
        return got > 0;
    }
    void close_end(std::size_t which) {
        if (ends_[which] >= 0) ::close(ends_[which]);
        ends_[which] = -1;
    }
    std::array<int, 2> ends_{-1, -1};
};

inline std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        BOOST_REQUIRE(end != std::string_view::npos);
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return lines;
}

inline boost::json::object parse_line(std::string_view line) {
    auto object = parse_json_object(line);
    BOOST_REQUIRE_MESSAGE(object.has_value(), "no JSON object: " << line);
    return std::move(*object);
}

} // namespace byot::testing
