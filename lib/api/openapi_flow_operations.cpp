#include "api/openapi_operation.hpp"

#include <array>

namespace byot::api::openapi {
namespace {

constexpr std::array parameters{
    parameter{"path", "path", R"({"type":"string","minLength":1,"examples":["interview"]})",
              "The flow's path below the upstream's base; it may hold further slashes."},
    parameter{"x-byot-provider", "header", R"({"$ref":"#/components/schemas/Provider"})",
              "Whose key pays; the default provider when absent."},
    parameter{"x-genkit-stream-id", "header", R"({"type":"string"})",
              "Of an earlier answer of the same user: follows that durable stream again."},
    parameter{"x-firebase-appcheck", "header", R"({"type":"string"})",
              "An App Check token, passed on to the flow."},
};
constexpr std::array requests{
    example{"interview", R"({"data":"Ask me about coroutines."})"},
    example{"object", R"({"data":{"topic":"coroutines","level":"senior"}})"},
};
constexpr std::string_view stream_example = "data: {\"message\":\"Why\"}\n\n"
                                            "data: {\"message\":\" coroutines?\"}\n\n"
                                            "data: {\"result\":\"Why coroutines?\"}\n\n";
constexpr std::array answers{
    answer{"200",
           "The flow's answer: one JSON object, or with `Accept: text/event-stream` an event per piece.",
           "application/json", "FlowAnswer", R"({"result":"Why coroutines?"})"},
    answer{"200", {}, "text/event-stream", {}, stream_example},
    answer{"default", "The flow's own answer, status and body as it gave them.", {}, {}, {}},
};
constexpr std::array reasons{
    reason::stream_not_yours,  reason::provider_unknown,  reason::key_required,
    reason::key_expired,       reason::key_undecryptable, reason::too_many_streams,
    reason::store_unavailable, reason::upstream_invalid,  reason::upstream_unreachable,
    reason::upstream_timeout,
};

constexpr std::string_view text = R"({"type":"string"})";
constexpr std::array receipt{
    answer_field{"Retry-After", text, "The flow's: when to ask again."},
    answer_field{"x-byot-credential", text, "Which key paid: `user/PROVIDER/CREDENTIAL`."},
    answer_field{"x-genkit-trace-id", text, "The flow's trace."},
    answer_field{"x-genkit-stream-id", text, "Of a durable stream; for this user alone."},
};

constexpr std::array operations{
    operation{
        "askFlow", "Flows", "Ask a Genkit flow",
        "Relays the request to the flow with the caller's own key, and the answer back as it comes: body, "
        "status, content type, `x-genkit-*` and what the status needs (Retry-After, Location …) unaltered. "
        "The flow is told who asks in `x-byot-uid` and, for a tenant's user, `x-byot-tenant`, "
        "percent-encoded as UTF-8 but for visible ASCII. Without a stored key the answer is KEY_REQUIRED; "
        "no other key is ever used in its place. The query goes to the flow too. A stream of Genkit's ends "
        "with a `result` or an `error` event; when the flow dies on the way, the last event is "
        "`data: {\"error\":{\"status\":\"UNAVAILABLE\",…}}`. A stream of another protocol that is cut short "
        "is reset. A flow whose provider refuses the key says so to this service by the answer's field "
        "`x-byot-key-state: rejected` or `exhausted`, which goes no further, or in a stream by a member of "
        "that name in the `details` of its error: the key's state shows it then.",
        parameters, "FlowRequest", requests, answers, reasons, receipt},
};

} // namespace

std::span<const operation> flow_operations() noexcept {
    return operations;
}

} // namespace byot::api::openapi
