#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace byot::test {

/// The bytes as a person can read them in a test's report, cut after 200.
inline std::string legible(std::string_view bytes) {
    std::string text;
    for (const char c : bytes.substr(0, 200)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f) {
            text += c;
        } else {
            text += fmt::format("\\x{:02x}", byte);
        }
    }
    return text;
}

/// A request with this request line and these field lines behind a good Host.
inline std::string request_of(std::string_view line, std::string_view fields = "") {
    return fmt::format("{}\r\nHost: byot.example\r\n{}\r\n", line, fields);
}

} // namespace byot::test
