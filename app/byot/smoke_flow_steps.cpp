// Steps about the flow: asked, and streamed.
#include "core/json.hpp"
#include "smoke_steps.hpp"

#include <fmt/format.h>

namespace byot::app {
namespace {

using verdict = smoke_verdict;

verdict no_flow() {
    return verdict::skipped("NO FLOW WAS ASKED: name one by --flow");
}

/// What to look at when a flow is not answered well.
std::string_view advice_on(const smoke_answer& answer) {
    if (answer.has_error()) return "";
    const auto why = reason_in(answer.value());
    if (why.starts_with("UPSTREAM"))
        return " Look at the Genkit server, BYOT_GENKIT_URL and BYOT_GENKIT_AUDIENCE";
    if (why == "ROUTE_UNKNOWN")
        return " Does /api/ai lead to the service of role ai? If it has an address of its own: --ai-url";
    if (why.starts_with("KEY_")) return " Have the services of roles keys and ai the same keyring and store?";
    if (why.empty())
        return "; this is the flow's own answer: is --flow right, --data what it takes, and the key good?";
    return "";
}

std::string in_words(const stream_arrivals& events) {
    return fmt::format("{} events, the first after {} ms, the last after {} ms", events.count(),
                       events.until_first().count(), events.until_last().count());
}

verdict judge_pace(const stream_arrivals& events) {
    switch (events.pace()) {
    case stream_pace::apart:
        return verdict::passed(in_words(events));
    case stream_pace::cannot_tell:
        return verdict::passed(in_words(events) +
                               "; too few or too quick to tell whether they are held back on the way");
    case stream_pace::in_one_lump:
        return verdict::failed(
            in_words(events) +
            ": they came in one lump, so something on the way holds them back; look at the proxies' "
            "buffering (and that they heed X-Accel-Buffering), or the gateway's streaming mode");
    }
    return verdict::failed("no verdict");
}

} // namespace

smoke_question smoke_steps::flow_question(std::string_view flow, std::string_view accept) const {
    smoke_question question;
    question.method = "POST";
    question.path = fmt::format("/api/ai/{}", flow);
    question.is_for_ai = true;
    question.fields = {{"Accept", std::string(accept)}, {"x-byot-provider", inputs_.options.provider}};
    if (!inputs_.options.origin.empty()) question.fields.emplace_back("Origin", inputs_.options.origin);
    question.body = fmt::format("{{\"data\":{}}}", inputs_.options.data);
    return question;
}

std::string smoke_steps::wrong_receipt(const http::client_answer& answer) const {
    const auto receipt = answer.field("x-byot-credential");
    if (receipt == fmt::format("user/{}/{}", inputs_.options.provider, state_.credential_id)) return {};
    return fmt::format("the answer was not paid by the key of this test: its x-byot-credential is \"{}\"",
                       service_.shown(receipt));
}

// Another instance may still have an earlier key of this user in its cache: that is within its bound.
task<smoke_answer> smoke_steps::ask_flow(std::string flow, std::string accept, stream_arrivals& events) {
    const auto limit = steady_now() + std::chrono::seconds(inputs_.options.removal_limit);
    for (;;) {
        auto question = flow_question(flow, accept);
        events = stream_arrivals(steady_now());
        question.watch_body = [&events](std::string_view so_far) { events.note(so_far, steady_now()); };
        auto answer = co_await service_.ask(std::move(question));
        const bool is_earlier_key = answer.has_value() &&
                                    !answer.value().field("x-byot-credential").empty() &&
                                    !wrong_receipt(answer.value()).empty();
        const bool is_last = steady_now() + between_looks > limit || service_.is_interrupted();
        if (!is_earlier_key || is_last) co_return answer;
        co_await service_.sleep_until(steady_now() + between_looks);
    }
}

task<verdict> smoke_steps::answered() {
    const auto flow = state_.is_own_user && inputs_.options.flow.empty() ? "interview" : inputs_.options.flow;
    if (flow.empty()) co_return no_flow();
    stream_arrivals unused(steady_now());
    const auto answer = co_await ask_flow(flow, "application/json", unused);
    if (answer.has_error() || answer.value().status != 200)
        co_return verdict::failed(
            fmt::format("/api/ai/{} {}{}", flow, service_.words_of(answer), advice_on(answer)));
    if (auto wrong = wrong_receipt(answer.value()); !wrong.empty())
        co_return verdict::failed(std::move(wrong));
    const auto body = parse_json_object(answer.value().body);
    const bool is_genkits = body && body->contains("result");
    co_return verdict::passed(fmt::format("{}, paid by {}",
                                          is_genkits ? "a result" : "an answer that is not in Genkit's form",
                                          service_.shown(state_.credential_id)));
}

task<verdict> smoke_steps::streamed() {
    const auto flow = state_.is_own_user && inputs_.options.flow.empty() ? "interview" : inputs_.options.flow;
    if (flow.empty()) co_return no_flow();
    stream_arrivals events(steady_now());
    const auto answer = co_await ask_flow(flow, "text/event-stream", events);
    if (answer.has_error() || answer.value().status != 200)
        co_return verdict::failed(
            fmt::format("/api/ai/{} {}{}", flow, service_.words_of(answer), advice_on(answer)));
    if (auto wrong = wrong_receipt(answer.value()); !wrong.empty())
        co_return verdict::failed(std::move(wrong));
    if (!answer.value().field("content-type").starts_with("text/event-stream"))
        co_return verdict::passed("the flow does not stream");
    if (const auto last = parse_json_object(events.last_data()); last && last->contains("error"))
        co_return verdict::failed("the stream ends with an error: " + service_.shown(events.last_data()));
    co_return judge_pace(events);
}

} // namespace byot::app
