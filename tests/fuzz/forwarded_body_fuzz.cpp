// A body is passed on as what it was, however it arrives: its content is the same, chunked it stays in proper
// framing at every moment, and a stream without a result is given an error exactly once. The first two bytes
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
    bool has_terminal_event = false;
};

passed pass_on(http::body_framing body, std::string_view input, outgoing how, std::size_t piece,
               bool is_stream) {
    passed all;
    event_tracker events;
    std::size_t arrived = 0;
    while (!all.last.is_finished && !all.last.is_malformed && (arrived < input.size() || arrived == 0)) {
        arrived = std::min(arrived + piece, input.size());
        const auto present = input.substr(all.used, arrived - all.used);
        std::vector<char> memory(present.size() + 1024);
        flat_buffer out(memory);
        all.last = forward_body(body, present, how, out, is_stream ? &events : nullptr);
        all.bytes += all.last.bytes;
        all.used += all.last.used;
        all.content += all.last.content;
        all.completions += all.last.was_completed;
        if (input.empty()) break;
    }
    all.has_terminal_event = events.has_terminal_event();
    return all;
}

bool is_terminal(std::string_view event) {
    event = event.substr(0, 24); // as much as is kept of one
    if (event.starts_with("error:")) return true;
    if (!event.starts_with("data:")) return false;
    event.remove_prefix(std::min(event.find_first_not_of(' ', 5), event.size()));
    return event.starts_with("{\"result\"") || event.starts_with("{\"error\"");
}

bool has_terminal_event(std::string_view content) {
    for (auto end = content.find("\n\n"); end != content.npos; end = content.find("\n\n")) {
        if (is_terminal(content.substr(0, end + 1))) return true;
        content.remove_prefix(end + 2);
    }
    return false;
}

// `may_grow`: a body whose length is told can be given nothing more.
void check(const passed& out, const walked& in, bool leaves_chunked, bool is_stream, bool may_grow) {
    fuzz::require(out.last.is_finished == (in.end == kind::finished));
    fuzz::require(out.last.is_malformed == (in.end == kind::malformed));
    fuzz::require(out.content == in.content.size());
    fuzz::require(out.last.is_malformed || out.used == in.used);
    const bool is_complete = has_terminal_event(in.content);
    fuzz::require(!is_stream || out.has_terminal_event == is_complete);
    const bool needs_error = is_stream && may_grow && out.last.is_finished && !is_complete;
    fuzz::require(out.completions == (needs_error ? 1u : 0u));

    std::string content = out.bytes;
    if (leaves_chunked) {
        const auto read =
            fuzz::walk(http::body_framing::chunked(), out.bytes, [&] { return out.bytes.size() + 1; });
        fuzz::require(read.end == (out.last.is_finished ? kind::finished : kind::need_more));
        fuzz::require(read.used == out.bytes.size());
        content = read.content;
    }
    fuzz::require(content.starts_with(in.content));
    const auto added = std::string_view(content).substr(in.content.size());
    fuzz::require(added.empty() != needs_error);
    fuzz::require(!needs_error || has_terminal_event(content));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
    auto body = http::body_framing::chunked();
    if (data[0] % 8 == 0) body = http::body_framing::of_length(data[1] % 64u);
    if (data[0] % 8 == 1) body = http::body_framing::until_close();
    const auto how = data[0] & 16 ? outgoing::plain : data[0] & 64 ? outgoing::chunked : outgoing::as_it_came;
    const bool is_stream = (data[0] & 32) != 0;
    const bool leaves_chunked =
        how == outgoing::chunked || (how == outgoing::as_it_came && body.is_chunked());
    const bool may_grow = how != outgoing::as_it_came || !body.length();

    const auto in = fuzz::walk(body, bytes, [&] { return bytes.size() + 1; });
    for (const std::size_t piece : {bytes.size() + 1, std::size_t{1}, std::size_t{1} + data[1] % 37})
        check(pass_on(body, bytes, how, piece, is_stream), in, leaves_chunked, is_stream, may_grow);
    return 0;
}
