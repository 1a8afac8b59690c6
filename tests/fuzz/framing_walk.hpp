#pragma once

#include "fuzz/require.hpp"
#include "http/body_framing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>

namespace byot::fuzz {

/// What following a body came to, to be compared between ways of cutting the same bytes.
struct walked {
    http::framing_step::kind end = http::framing_step::kind::need_more;
    std::string content;
    std::size_t used = 0;
    /// The body as a relay would pass it on: whole chunks as they came, the rest framed anew.
    std::string passed_on;
};

/// Follows `bytes`, of which `next_size()` more arrive whenever all are used up.
inline walked walk(http::body_framing body, std::string_view bytes,
                   const std::function<std::size_t()>& next_size) {
    using kind = http::framing_step::kind;
    walked result;
    std::size_t arrived = 0;
    for (;;) {
        const auto present = bytes.substr(result.used, arrived - result.used);
        const auto step = body.next(present);
        require(step.used <= present.size() && is_within(step.content, present.substr(0, step.used)));
        require((step.what == kind::piece) == !step.content.empty());
        require(step.what != kind::need_more || step.used == present.size());
        require(!step.is_whole_chunk || step.what == kind::piece || step.what == kind::finished);
        result.used += step.used;
        result.content += step.content;
        result.end = step.what;
        if (step.is_whole_chunk) {
            result.passed_on += present.substr(0, step.used);
        } else if (step.what == kind::piece) {
            result.passed_on += fmt::format("{:x}\r\n{}\r\n", step.content.size(), step.content);
        } else if (step.what == kind::finished) {
            result.passed_on += "0\r\n\r\n";
        }
        if (step.what == kind::finished || step.what == kind::malformed) break;
        if (step.what == kind::piece) continue;
        if (arrived == bytes.size()) break;
        arrived += std::clamp<std::size_t>(next_size(), 1, bytes.size() - arrived);
    }
    require(body.content_seen() == result.content.size());
    require(body.is_finished() == (result.end == kind::finished));
    return result;
}

/// However the bytes arrive, they mean the same; and what is passed on of them does so too.
inline walked walk_every_way(const http::body_framing& body, std::string_view bytes) {
    const auto at_once = walk(body, bytes, [&] { return bytes.size(); });
    std::uint32_t state = static_cast<std::uint32_t>(bytes.size()) * 2654435761u + 1;
    const auto random_size = [&state] {
        state = state * 1664525u + 1013904223u;
        return std::size_t{1} + (state >> 16) % 40;
    };
    for (const std::function<std::size_t()>& sizes :
         {std::function<std::size_t()>([] { return std::size_t{1}; }),
          std::function<std::size_t()>(random_size)}) {
        const auto in_pieces = walk(body, bytes, sizes);
        require(in_pieces.end == at_once.end && in_pieces.used == at_once.used);
        require(in_pieces.content == at_once.content);
        if (!body.is_chunked()) continue;
        const auto passed = walk(body, in_pieces.passed_on, [&] { return bytes.size() + 1; });
        require(passed.content == at_once.content);
    }
    if (body.is_chunked()) {
        const auto passed = walk(body, at_once.passed_on, [&] { return bytes.size() + 1; });
        require(passed.content == at_once.content && passed.end != http::framing_step::kind::malformed);
        require((passed.end == http::framing_step::kind::finished) ==
                (at_once.end == http::framing_step::kind::finished));
    }
    return at_once;
}

} // namespace byot::fuzz
