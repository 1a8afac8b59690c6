#include "relay/body_forwarder.hpp"

#include <array>
#include <charconv>

namespace byot::relay {
namespace {

using http::framing_step;

/// Collects what goes on: a run of the input while it can go as it is, a copy in `out` from then on.
class collector {
public:
    explicit collector(flat_buffer& out) noexcept : out_(out), is_copying_(!out.empty()) {}

    /// The next bytes of the input, as they are.
    void pass(std::string_view bytes) {
        if (is_copying_) {
            out_.append(bytes);
        } else if (run_.empty() || run_.data() + run_.size() == bytes.data()) {
            run_ = {run_.empty() ? bytes.data() : run_.data(), run_.size() + bytes.size()};
        } else {
            begin_copy();
            out_.append(bytes);
        }
    }
    void chunk(std::string_view content) {
        begin_copy();
        append_chunk(out_, content);
    }
    void copy(std::string_view bytes) {
        begin_copy();
        out_.append(bytes);
    }
    void end_chunks() {
        begin_copy();
        out_.append(last_chunk);
    }
    std::string_view bytes() const noexcept { return is_copying_ ? out_.view() : run_; }

private:
    void begin_copy() {
        if (is_copying_) return;
        is_copying_ = true;
        out_.append(run_);
    }

    flat_buffer& out_;
    std::string_view run_;
    bool is_copying_;
};

/// Puts one step's bytes where they belong.
void collect(collector& to, const framing_step& step, std::string_view bytes, bool is_chunked) {
    if (!is_chunked) {
        if (!step.content.empty()) to.pass(step.content);
    } else if (step.is_whole_chunk) {
        to.pass(bytes.substr(0, step.used));
    } else if (step.what == framing_step::kind::finished) {
        to.end_chunks();
    } else if (!step.content.empty()) {
        to.chunk(step.content);
    }
}

/// A stream of Genkit's that ends in order, but without a result or an error, would leave its client waiting
/// for ever.
bool complete_stream(collector& to, const event_tracker& tracker, bool is_chunked) {
    const auto closing = tracker.closing(ended_without_result);
    if (closing.empty()) return false;
    if (is_chunked) {
        to.chunk(closing);
    } else {
        to.copy(closing);
    }
    return tracker.state() == stream_state::unfinished;
}

} // namespace

void append_chunk(flat_buffer& out, std::string_view content) {
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), content.size(), 16).ptr;
    out.append({digits.data(), static_cast<std::size_t>(end - digits.data())});
    out.append("\r\n");
    out.append(content);
    out.append("\r\n");
}

std::optional<std::uint64_t> length_if_whole(http::body_framing body, std::string_view bytes) noexcept {
    std::uint64_t length = 0;
    while (!body.is_finished()) {
        const auto step = body.next(bytes);
        if (step.what == framing_step::kind::need_more || step.what == framing_step::kind::malformed)
            return std::nullopt;
        length += step.content.size();
        bytes.remove_prefix(step.used);
    }
    return length;
}

forwarded forward_body(http::body_framing& body, std::string_view input, outgoing how, flat_buffer& out,
                       event_tracker* tracker) {
    const bool is_chunked = how == outgoing::chunked || (how == outgoing::as_it_came && body.is_chunked());
    const bool may_grow = is_chunked || how == outgoing::plain;
    collector to(out);
    forwarded answer;
    const auto complete = [&] {
        if (tracker && may_grow) answer.was_completed = complete_stream(to, *tracker, is_chunked);
    };
    while (!body.is_finished()) {
        const auto rest = input.substr(answer.used);
        const auto step = body.next(rest);
        if (step.what == framing_step::kind::malformed) {
            answer.is_malformed = true;
            break;
        }
        if (tracker) tracker->follow(step.content);
        if (step.what == framing_step::kind::finished) complete();
        collect(to, step, rest, is_chunked);
        answer.used += step.used;
        answer.content += step.content.size();
        if (step.what == framing_step::kind::need_more) break;
    }
    answer.is_finished = body.is_finished();
    if (answer.is_finished && body.length()) { // whose end is no step
        complete();
        if (is_chunked) to.end_chunks();
    }
    answer.bytes = to.bytes();
    return answer;
}

} // namespace byot::relay
