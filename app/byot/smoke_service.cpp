#include "smoke_service.hpp"

#include "core/json.hpp"
#include "printable_text.hpp"
#include "version.hpp"

#include <fmt/format.h>

#include <csignal>

namespace byot::app {
namespace {

constexpr std::size_t largest_answer = 16 * 1024 * 1024;
constexpr std::size_t longest_shown = 400;

/// The service's own error object: {"error":{…}}.
std::optional<boost::json::object> error_in(const http::client_answer& answer) {
    auto body = parse_json_object(answer.body);
    if (!body) return std::nullopt;
    const auto* const error = body->if_contains("error");
    if (!error || !error->is_object()) return std::nullopt;
    return error->get_object();
}

std::string why_none(const failure& why, bool is_tls) {
    switch (why.why()) {
    case reason::upstream_timeout:
        return "no whole answer came in time";
    case reason::upstream_invalid:
        return "what answers there speaks no HTTP, or its answer ended too soon";
    default:
        return is_tls ? "nobody answers there, or with a certificate that is not trusted"
                      : "nobody answers there";
    }
}

/// In one pass, for the text is the service's: up to `largest_answer`, with the secret over and over.
std::string without(std::string_view text, const std::shared_ptr<const secret>& hidden) {
    if (!hidden || hidden->empty()) return std::string(text);
    std::string kept;
    for (auto at = text.find(hidden->expose()); at != text.npos; at = text.find(hidden->expose())) {
        kept.append(text.substr(0, at)).append("[hidden]");
        text.remove_prefix(at + hidden->size());
    }
    return kept.append(text);
}

} // namespace

std::string reason_in(const http::client_answer& answer) {
    const auto error = error_in(answer);
    const auto* const details = error ? error->if_contains("details") : nullptr;
    if (!details || !details->is_array() || details->get_array().empty()) return {};
    const auto& first = details->get_array().front();
    if (!first.is_object() || string_member(first.get_object(), "domain") != "byot") return {};
    return std::string(string_member(first.get_object(), "reason").value_or(""));
}

smoke_service::smoke_service(const smoke_inputs& inputs, const smoke_state& state)
    : inputs_(inputs), state_(state), signals_(home_.context(), SIGTERM, SIGINT) {}

void smoke_service::run(task<void> work) {
    signals_.async_wait([this](const boost::system::error_code& error, int) {
        if (!error) home_.end_outgoing();
    });
    home_.post([this, &work] { spawn(carry_out(std::move(work))); });
    home_.run();
}

task<void> smoke_service::carry_out(task<void> work) {
    co_await std::move(work);
    pool_.clear();
    home_.stop();
}

task<smoke_answer> smoke_service::ask(smoke_question question) {
    http::client_request request;
    request.method = std::move(question.method);
    request.address = question.is_for_ai ? inputs_.ai : inputs_.keys;
    request.address.path += question.path;
    request.address.query = std::move(question.query);
    request.fields = std::move(question.fields);
    request.fields.emplace_back("User-Agent", fmt::format("byot-smoke/{}", program_version));
    if (!inputs_.options.gateway_key.empty())
        request.fields.emplace_back("x-api-key", inputs_.options.gateway_key);
    if (!question.body.empty()) request.fields.emplace_back("Content-Type", "application/json");
    request.body = std::move(question.body);
    if (question.has_token)
        http::add_secret_field(request, "Authorization", "Bearer ", state_.token->expose());
    request.limit = steady_now() + std::chrono::seconds(inputs_.options.timeout);
    request.max_body = largest_answer;
    request.watch_body = std::move(question.watch_body);
    co_return co_await http::fetch(pool_, std::move(request));
}

std::string smoke_service::words_of(const smoke_answer& answer) const {
    if (answer.has_error()) return why_none(answer.error(), inputs_.keys.origin.is_tls);
    const auto& came = answer.value();
    if (const auto why = reason_in(came); !why.empty()) {
        const auto error = error_in(came);
        return shown(fmt::format("answers {} {}: {}", came.status, why,
                                 string_member(*error, "message").value_or("")));
    }
    return shown(fmt::format("answers {}{}{}", came.status, came.body.empty() ? "" : ": ", came.body));
}

std::string smoke_service::shown(std::string_view text) const {
    const auto line = without(without(text, state_.token), inputs_.api_key);
    return printable_text(line, longest_shown, ' ') + (line.size() > longest_shown ? "…" : "");
}

} // namespace byot::app
