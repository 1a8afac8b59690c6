#include "relay/body_forwarder.hpp"

namespace byot::relay {
namespace {

using http::framing_step;

/// Whether an error was put behind the stream.
bool complete_stream(http::body_writer& out, const event_tracker& tracker) {
    const auto closing = tracker.closing(ended_without_result);
    if (closing.empty()) return false;
    out.add(closing);
    return tracker.state() == stream_state::unfinished;
}

} // namespace

forwarded forward_body(http::body_framing& body, std::string_view input, http::body_writer& out,
                       event_tracker* tracker) {
    const bool may_be_added_to = tracker && out.form() != http::body_form::length;
    forwarded answer;
    while (!body.is_finished()) {
        const auto rest = input.substr(answer.used);
        const auto step = body.next(rest);
        if (step.what == framing_step::kind::malformed) {
            answer.is_malformed = true;
            break;
        }
        if (tracker) tracker->follow(step.content);
        if (step.what == framing_step::kind::finished && may_be_added_to)
            answer.was_completed = complete_stream(out, *tracker);
        out.pass(step, rest);
        answer.used += step.used;
        answer.content += step.content.size();
        if (step.what == framing_step::kind::need_more) break;
    }
    answer.is_finished = body.is_finished();
    if (answer.is_finished && body.length()) { // whose end is no step
        if (may_be_added_to) answer.was_completed = complete_stream(out, *tracker);
        out.end();
    }
    answer.bytes = out.bytes();
    return answer;
}

} // namespace byot::relay
