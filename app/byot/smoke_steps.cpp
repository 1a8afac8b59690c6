// Steps about the service itself, and their order.
#include "smoke_steps.hpp"

#include "core/encoding.hpp"
#include "core/json.hpp"
#include "limits/client_address.hpp"

#include <fmt/format.h>

#include <array>

namespace byot::app {
namespace {

using verdict = smoke_verdict;

/// Of RFC 5737: nobody has them.
constexpr std::array<std::string_view, 6> forged{"192.0.2.77",  "198.51.100.77",  "203.0.113.77",
                                                 "192.0.2.178", "198.51.100.178", "203.0.113.178"};
constexpr std::string_view foreign_origin = "https://byot-smoke.invalid";

verdict passed_unless(std::string problem) {
    return problem.empty() ? verdict::passed() : verdict::failed(std::move(problem));
}

std::pair<std::string, std::string> forged_list() {
    std::string list;
    for (const auto each : forged) list.append(list.empty() ? "" : ", ").append(each);
    return {"X-Forwarded-For", std::move(list)};
}

/// The 401 that an API gateway itself makes (ESPv2): {"code":401,"message":"…"}.
bool is_of_gateway(const http::client_answer& answer) {
    const auto body = parse_json_object(answer.body);
    const auto* const code = body ? body->if_contains("code") : nullptr;
    return code && code->is_int64() && code->get_int64() == answer.status && string_member(*body, "message");
}

bool names(std::string_view list, std::string_view name) {
    std::string lower(list);
    for (char& c : lower) c = to_lower(c);
    return lower.find(name) != lower.npos;
}

std::string wrong_preflight(const http::client_answer& answer, const std::string& origin) {
    const auto allowed = answer.field("access-control-allow-origin");
    if (allowed != origin) {
        return fmt::format("answers {} and {}; is it one of BYOT_ALLOWED_ORIGINS, written exactly so?",
                           answer.status, allowed.empty() ? "allows no origin" : "allows another origin");
    }
    if (answer.status / 100 != 2)
        return fmt::format("answers {}: something in front answers it", answer.status);
    for (const auto* const name : {"authorization", "content-type", "x-byot-provider"}) {
        if (!names(answer.field("access-control-allow-headers"), name))
            return fmt::format("does not allow the field {}", name);
    }
    if (!names(answer.field("access-control-allow-methods"), "post")) return "does not allow POST";
    return {};
}

} // namespace

std::span<const smoke_steps::step> smoke_steps::in_order() noexcept {
    static constexpr step all[] = {
        {"identity", &smoke_steps::identity},
        {"live", &smoke_steps::live},
        {"ready", &smoke_steps::ready},
        {"refused without token", &smoke_steps::refusal},
        {"pages (CORS)", &smoke_steps::cors},
        {"status", &smoke_steps::nothing_stored},
        {"hop count, keys", &smoke_steps::keys_address},
        {"hop count, flows", &smoke_steps::ai_address},
        {"key stored, sealed", &smoke_steps::stored},
        {"key listed", &smoke_steps::listed},
        {"flow asked", &smoke_steps::answered},
        {"flow streamed", &smoke_steps::streamed},
        {"key removed", &smoke_steps::removed},
        {"key no longer listed", &smoke_steps::not_listed},
        {"key no longer used", &smoke_steps::no_longer_used},
    };
    return all;
}

task<verdict> smoke_steps::identity() {
    if (inputs_.token) {
        state_.token = inputs_.token;
    } else {
        const std::string advice = "give an ID token by --token-file or BYOT_SMOKE_TOKEN";
        if (!inputs_.is_on_this_machine) co_return verdict::failed(advice);
        smoke_question question;
        question.method = "POST";
        question.path = "/dev/token";
        question.has_token = false;
        question.body = R"({"uid":"byot-smoke"})";
        const auto answer = co_await service_.ask(std::move(question));
        const auto body = answer.has_value() ? parse_json_object(answer.value().body) : std::nullopt;
        const auto token = body ? string_member(*body, "idToken") : std::nullopt;
        if (!token) {
            co_return verdict::failed(fmt::format("{}; only `byot dev` gives one itself, and {} {}", advice,
                                                  inputs_.options.url, service_.words_of(answer)));
        }
        state_.token = std::make_shared<const secret>(secret::copy_of(*token));
        state_.is_own_user = true;
    }
    const auto user = user_of_token(state_.token->expose());
    if (!user) co_return verdict::failed("the token is no ID token of a user's (a JWT with `sub`)");
    state_.user = *user;
    co_return verdict::passed(fmt::format("user {}", service_.shown(user->uid())));
}

task<std::string> smoke_steps::probe(std::string path) {
    for (const bool is_ai : {false, true}) {
        if (is_ai && !inputs_.has_two_services) break;
        smoke_question question;
        question.path = path;
        question.is_for_ai = is_ai;
        question.has_token = false;
        const auto answer = co_await service_.ask(std::move(question));
        const bool is_good = answer.has_value() && answer.value().status == 200 &&
                             parse_json_object(answer.value().body).has_value();
        if (!is_good) {
            co_return fmt::format("{}{} {}", is_ai ? inputs_.options.ai_url : inputs_.options.url, path,
                                  service_.words_of(answer));
        }
    }
    co_return std::string();
}

task<verdict> smoke_steps::live() {
    auto problem = co_await probe("/health/live");
    if (!problem.empty()) problem += "; is this the address of byot, and does everyone reach it?";
    co_return passed_unless(std::move(problem));
}

task<verdict> smoke_steps::ready() {
    auto problem = co_await probe("/health/ready");
    if (!problem.empty())
        problem +=
            "; what is false there is not at hand: the log says why (store, credentials, certificates)";
    co_return passed_unless(std::move(problem));
}

task<std::string> smoke_steps::refusal_at(std::string method, std::string path, bool is_ai) {
    smoke_question question;
    question.method = std::move(method);
    question.path = path;
    question.is_for_ai = is_ai;
    question.has_token = false;
    const auto answer = co_await service_.ask(std::move(question));
    const bool is_unauthenticated = answer.has_value() && answer.value().status == 401;
    if (is_unauthenticated && (reason_in(answer.value()) == "TOKEN_MISSING" || is_of_gateway(answer.value())))
        co_return std::string();
    std::string problem = fmt::format("without a token {} {}", path, service_.words_of(answer));
    if (answer.has_value() && answer.value().status == 403)
        problem += "; a service that takes invokers only is asked through its gateway or load balancer";
    co_return problem;
}

task<verdict> smoke_steps::refusal() {
    auto problem = co_await refusal_at("GET", "/api/key/status", false);
    if (problem.empty()) problem = co_await refusal_at("POST", "/api/ai/byot-smoke", true);
    co_return passed_unless(std::move(problem));
}

task<std::string> smoke_steps::preflight(std::string path, bool is_ai) {
    for (const auto& origin : {inputs_.options.origin, std::string(foreign_origin)}) {
        smoke_question question;
        question.method = "OPTIONS";
        question.path = path;
        question.is_for_ai = is_ai;
        question.has_token = false;
        question.fields = {{"Origin", origin},
                           {"Access-Control-Request-Method", "POST"},
                           {"Access-Control-Request-Headers", "authorization,content-type,x-byot-provider"}};
        const auto answer = co_await service_.ask(std::move(question));
        const auto about = fmt::format("the preflight of {} from {} ", path, service_.shown(origin));
        if (answer.has_error()) co_return about + service_.words_of(answer);
        if (origin == foreign_origin) {
            if (!answer.value().field("access-control-allow-origin").empty())
                co_return about + "is allowed, and it is nobody's: something in front answers for every page";
        } else if (const auto wrong = wrong_preflight(answer.value(), origin); !wrong.empty()) {
            co_return about + wrong;
        }
    }
    co_return std::string();
}

task<verdict> smoke_steps::cors() {
    if (inputs_.options.origin.empty()) co_return verdict::skipped("no --origin");
    auto problem = co_await preflight("/api/key", false);
    if (problem.empty()) problem = co_await preflight("/api/ai/byot-smoke", true);
    co_return passed_unless(std::move(problem));
}

task<verdict> smoke_steps::keys_address() {
    smoke_question question;
    question.path = "/api/key/status";
    question.fields.push_back(forged_list());
    const auto answer = co_await service_.ask(std::move(question));
    co_return judge_address(answer);
}

// Of the ai role's answers this one alone tells it. It needs no flow; with --replace it has an earlier key
// tried at its provider.
task<verdict> smoke_steps::ai_address() {
    smoke_question question;
    question.method = "POST";
    question.path = "/api/key/check";
    question.query = "provider=" + inputs_.options.provider;
    question.is_for_ai = true;
    question.fields.push_back(forged_list());
    const auto answer = co_await service_.ask(std::move(question));
    co_return judge_address(answer);
}

verdict smoke_steps::judge_address(const smoke_answer& answer) const {
    const auto told = answer.has_value() ? answer.value().field("x-byot-client-address") : std::string_view();
    const auto account = limits::read_address_account(told);
    if (!account) {
        return verdict::failed(
            "the answer does not tell our address (an older byot, or a path that leads to another "
            "role): it " +
            service_.words_of(answer));
    }
    const limits::address_question asked{forged, inputs_.is_on_this_machine, inputs_.options.client_address};
    const auto seen = service_.shown(account->address);
    const auto entries = limits::added_by_proxies(*account, asked);
    const auto counts = fmt::format("BYOT_TRUSTED_HOPS is {}, and proxies added {} to X-Forwarded-For",
                                    account->hops, entries);
    switch (limits::judge_hops(*account, asked)) {
    case limits::hop_verdict::right:
        return verdict::passed(fmt::format("seen as {}; {}", seen, counts));
    case limits::hop_verdict::too_high:
        return verdict::failed(
            fmt::format("too high: {}, so a client can make its address up (seen as {}): set it to {}",
                        counts, seen, entries));
    case limits::hop_verdict::too_low:
        return verdict::failed(fmt::format(
            "too low: {}, so clients share a proxy's address and its limit (seen as {}): set it to {}",
            counts, seen, entries));
    case limits::hop_verdict::internal:
        return verdict::failed(
            fmt::format("seen as {}, which is nobody's on the internet: {}, so a proxy in front tells no "
                        "client's address",
                        seen, counts));
    case limits::hop_verdict::other:
        return verdict::failed(fmt::format("seen as {}, and not --client-address {}; {}", seen,
                                           service_.shown(inputs_.options.client_address), counts));
    }
    return verdict::failed("no verdict");
}

} // namespace byot::app
