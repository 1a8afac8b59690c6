#pragma once

#include "http/body_framing.hpp"
#include "http/hostile_text.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace byot::test {

/// What following a body to its end, or as far as it goes, came to.
struct followed {
    http::framing_step::kind end = http::framing_step::kind::need_more;
    std::string content;
    std::size_t used = 0;
    std::size_t whole_chunks = 0;
    bool ended_with_whole_chunk = false;
};

/// Feeds `bytes` in pieces of `piece_size`, keeping nothing that the framing has used.
inline followed follow(http::body_framing body, std::string_view bytes, std::size_t piece_size) {
    using kind = http::framing_step::kind;
    followed result;
    std::size_t arrived = 0;
    while (arrived < bytes.size() || result.used < arrived) {
        arrived = std::min(bytes.size(), std::max(arrived, result.used + piece_size));
        const auto step = body.next(bytes.substr(result.used, arrived - result.used));
        BOOST_REQUIRE(step.used <= arrived - result.used);
        BOOST_REQUIRE((step.what == kind::piece) == !step.content.empty());
        result.used += step.used;
        result.content += step.content;
        result.end = step.what;
        if (step.what == kind::piece) result.whole_chunks += step.is_whole_chunk ? 1 : 0;
        result.ended_with_whole_chunk = step.is_whole_chunk;
        if (step.what == kind::finished || step.what == kind::malformed) break;
        if (step.what == kind::need_more) {
            BOOST_REQUIRE(result.used == arrived);
            if (arrived == bytes.size()) break;
        }
    }
    if (result.end == kind::piece) result.end = kind::need_more; // whether asked again or not
    BOOST_TEST(body.content_seen() == result.content.size());
    BOOST_TEST(body.is_finished() == (result.end == kind::finished));
    return result;
}

/// The same whatever way the bytes arrive, but for chunks being whole.
inline followed follow_chunked(std::string_view bytes) {
    const auto at_once = follow(http::body_framing::chunked(), bytes, bytes.size());
    for (const std::size_t size : {1u, 2u, 3u, 7u}) {
        const auto in_pieces = follow(http::body_framing::chunked(), bytes, size);
        BOOST_TEST((in_pieces.end == at_once.end), legible(bytes));
        BOOST_TEST(in_pieces.content == at_once.content, legible(bytes));
        BOOST_TEST(in_pieces.used == at_once.used, legible(bytes));
    }
    return at_once;
}

} // namespace byot::test
