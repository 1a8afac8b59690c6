// A body is passed on as what it was, however it arrives: its content is the same, chunked it stays in proper
// framing at every moment, and a stream that needs an end is given it exactly once. The first two bytes
// choose framing, form and cuts.

#include "fuzz/framing_walk.hpp"
#include "fuzz/require.hpp"
#include "http/body_framing.hpp"
#include "relay/body_forwarder.hpp"
#include "relay/event_tracker.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace byot;
using namespace byot::relay;
using fuzz::walked;
using kind = http::framing_step::kind;

struct passed {
    std::string bytes;
    std::size_t used = 0;
    std::size_t content = 0;
    unsigned completions = 0;
    forwarded last;
    stream_state state = stream_state::unfinished;
};

passed pass_on(http::body_framing body, std::string_view input, http::body_form form, std::size_t piece,
               bool is_stream) {
    passed all;
    event_tracker events;
    std::size_t arrived = 0;
    while (!all.last.is_finished && !all.last.is_malformed && (arrived < input.size() || arrived == 0)) {
        arrived = std::min(arrived + piece, input.size());
        const auto present = input.substr(all.used, arrived - all.used);
        std::vector<char> memory(present.size() + 1024);
        http::body_writer out(memory, form);
        all.last = forward_body(body, present, out, is_stream ? &events : nullptr);
        all.bytes += all.last.bytes;
        all.used += all.last.used;
        all.content += all.last.content;
        all.completions += all.last.was_completed;
        if (input.empty()) break;
    }
    all.state = events.state();
    return all;
}

// `may_grow`: a body whose length is told can be given nothing more.
void check(const passed& out, const walked& in, bool leaves_chunked, bool is_stream, bool may_grow) {
    fuzz::require(out.last.is_finished == (in.end == kind::finished));
    fuzz::require(out.last.is_malformed == (in.end == kind::malformed));
    fuzz::require(out.content == in.content.size());
    fuzz::require(out.last.is_malformed || out.used == in.used);
    event_tracker whole; // event_stream_fuzz holds it against a plain reading
    whole.follow(in.content);
    fuzz::require(!is_stream || out.state == whole.state());
    const bool is_ended = is_stream && may_grow && out.last.is_finished;
    const auto closing = is_ended ? whole.closing(ended_without_result) : std::string();
    fuzz::require(out.completions == (is_ended && whole.state() == stream_state::unfinished ? 1u : 0u));

    std::string content = out.bytes;
    if (leaves_chunked) {
        const auto read =
            fuzz::walk(http::body_framing::chunked(), out.bytes, [&] { return out.bytes.size() + 1; });
        fuzz::require(read.end == (out.last.is_finished ? kind::finished : kind::need_more));
        fuzz::require(read.used == out.bytes.size());
        content = read.content;
    }
    fuzz::require(content == in.content + closing);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
    auto body = http::body_framing::chunked();
    if (data[0] % 8 == 0) body = http::body_framing::of_length(data[1] % 64u);
    if (data[0] % 8 == 1) body = http::body_framing::until_close();
    auto form = body.is_chunked() ? http::body_form::chunked : http::body_form::length;
    if (data[0] & 64) form = http::body_form::chunked;
    if (data[0] & 16) form = http::body_form::plain;
    const bool is_stream = (data[0] & 32) != 0;
    const bool leaves_chunked = form == http::body_form::chunked;
    const bool may_grow = form != http::body_form::length;

    const auto in = fuzz::walk(body, bytes, [&] { return bytes.size() + 1; });
    for (const std::size_t piece : {bytes.size() + 1, std::size_t{1}, std::size_t{1} + data[1] % 37})
        check(pass_on(body, bytes, form, piece, is_stream), in, leaves_chunked, is_stream, may_grow);
    return 0;
}
