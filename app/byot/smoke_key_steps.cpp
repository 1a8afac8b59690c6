// Steps about the key: stored, listed, removed, and no longer used.
#include "core/encoding.hpp"
#include "core/json.hpp"
#include "smoke_steps.hpp"
#include "vault/key_record.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace byot::app {
namespace {

using verdict = smoke_verdict;
using namespace std::chrono_literals;

constexpr auto between_removals = 1s;
constexpr int attempts_to_tidy_up = 5;
/// A service has ended a save by then, whoever waits for it: it asks Firebase, the provider and the store,
/// with a limit of seconds each.
constexpr auto longest_save = 30s;

std::optional<boost::json::object> key_in(const boost::json::object& status, std::string_view provider) {
    const auto* const keys = status.if_contains("keys");
    if (!keys || !keys->is_array()) return std::nullopt;
    for (const auto& each : keys->get_array()) {
        if (each.is_object() && string_member(each.get_object(), "provider") == provider)
            return each.get_object();
    }
    return std::nullopt;
}

std::string_view advice_on_token(const smoke_answer& answer) {
    if (answer.has_error() || answer.value().status != 401) return "";
    return "; is the token fresh, and of the project that BYOT_FIREBASE_PROJECT names? Behind a gateway, is "
           "BYOT_TOKEN_FIELD X-Forwarded-Authorization?";
}

std::string_view advice_on_saving(const smoke_answer& answer, bool is_made_up) {
    if (answer.has_error()) return "";
    const auto why = reason_in(answer.value());
    if (why == "KEY_REJECTED_BY_PROVIDER" && is_made_up)
        return " The key was made up, and BYOT_KEY_CHECK is on: give a real one by --key-file or "
               "BYOT_SMOKE_KEY";
    if (why == "PROVIDER_UNKNOWN") return " Choose one of BYOT_PROVIDERS by --provider";
    return "";
}

/// What DELETE /api/key says: whether there was a key. Nothing when it says no such thing.
std::optional<bool> is_removed(const smoke_answer& answer) {
    const auto body = answer.has_value() && answer.value().status == 200
                          ? parse_json_object(answer.value().body)
                          : std::nullopt;
    const auto* const told = body ? body->if_contains("removed") : nullptr;
    if (!told || !told->is_bool()) return std::nullopt;
    return told->get_bool();
}

/// Not so when there is no answer, or one of something in front that gave up waiting.
bool is_answered_by_service(const smoke_answer& answer) {
    return answer.has_value() && (answer.value().status < 500 || !reason_in(answer.value()).empty());
}

std::string saved_body(std::string_view provider, std::string_view key_id, std::string_view sealed,
                       const secret& api_key) {
    boost::json::object body{
        {"provider", provider}, {"keyId", key_id}, {"sealedKey", base64_encode(as_bytes(sealed))}};
    if (const auto hint = vault::hint_of(api_key); !hint.empty()) body["hint"] = hint;
    return boost::json::serialize(body);
}

} // namespace

task<smoke_steps::stored_key> smoke_steps::look_up_key() {
    stored_key found;
    smoke_question question;
    question.path = "/api/key/status";
    if (!inputs_.options.origin.empty()) question.fields.emplace_back("Origin", inputs_.options.origin);
    const auto answer = co_await service_.ask(std::move(question));
    const auto status = answer.has_value() && answer.value().status == 200
                            ? parse_json_object(answer.value().body)
                            : std::nullopt;
    if (!status || !status->contains("hasKey")) {
        found.problem =
            fmt::format("/api/key/status {}{}", service_.words_of(answer), advice_on_token(answer));
        co_return found;
    }
    const auto allowed = answer.value().field("access-control-allow-origin");
    if (!inputs_.options.origin.empty() && allowed != inputs_.options.origin)
        found.problem = "the answer to a page of --origin does not allow it, though its preflight did";
    found.key = key_in(*status, inputs_.options.provider);
    co_return found;
}

task<verdict> smoke_steps::nothing_stored() {
    auto found = co_await look_up_key();
    if (!found.problem.empty()) co_return verdict::failed(std::move(found.problem));
    state_.had_key = found.key.has_value();
    if (!found.key) co_return verdict::passed("no key is stored");
    if (!inputs_.options.may_replace && !state_.is_own_user) {
        co_return verdict::failed(fmt::format(
            "the user has a key for {}, which this test would replace and then remove: take a user "
            "of its own, or say --replace",
            inputs_.options.provider));
    }
    co_return verdict::passed("a key is stored, and will be replaced and removed");
}

task<verdict> smoke_steps::stored() {
    smoke_question question;
    question.path = "/api/key/public-key";
    const auto answer = co_await service_.ask(std::move(question));
    const auto published = answer.has_value() ? parse_json_object(answer.value().body) : std::nullopt;
    const auto key_id = published ? string_member(*published, "keyId") : std::nullopt;
    const auto text = published ? string_member(*published, "publicKey") : std::nullopt;
    const auto bytes = text ? base64_decode(*text) : std::nullopt;
    vault::keyring_entry entry;
    if (!key_id || !bytes || bytes->size() != entry.box_public.size())
        co_return verdict::failed("/api/key/public-key " + service_.words_of(answer));
    entry.id = *key_id;
    std::ranges::copy(as_bytes(*bytes), entry.box_public.begin());
    auto sealed = vault::seal_key(entry, state_.user, inputs_.options.provider, *inputs_.api_key);
    auto problem = co_await save(entry.id, std::move(sealed));
    if (!problem.empty()) co_return verdict::failed(std::move(problem));
    co_return verdict::passed(fmt::format("under {}{}", service_.shown(entry.id),
                                          inputs_.is_key_made_up ? ", a key that was made up" : ""));
}

task<std::string> smoke_steps::save(std::string key_id, std::string sealed) {
    smoke_question question;
    question.method = "POST";
    question.path = "/api/key";
    question.body = saved_body(inputs_.options.provider, key_id, sealed, *inputs_.api_key);
    state_.may_be_stored = true;
    const auto asked_at = steady_now();
    const auto answer = co_await service_.ask(std::move(question));
    if (!is_answered_by_service(answer)) state_.may_land_until = asked_at + longest_save;
    if (answer.has_value() && answer.value().status / 100 == 4) state_.may_be_stored = false;
    const auto saved = answer.has_value() && answer.value().status == 200
                           ? parse_json_object(answer.value().body)
                           : std::nullopt;
    const auto id = saved ? string_member(*saved, "credentialId") : std::nullopt;
    if (!id) {
        co_return fmt::format("POST /api/key {}{}", service_.words_of(answer),
                              advice_on_saving(answer, inputs_.is_key_made_up));
    }
    state_.credential_id = *id;
    co_return std::string();
}

task<verdict> smoke_steps::listed() {
    auto found = co_await look_up_key();
    if (!found.problem.empty()) co_return verdict::failed(std::move(found.problem));
    if (!found.key || string_member(*found.key, "credentialId") != state_.credential_id)
        co_return verdict::failed("/api/key/status does not list the key that was stored");
    const auto state = string_member(*found.key, "state").value_or("");
    if (state == "undecryptable" || state == "expired")
        co_return verdict::failed(
            fmt::format("the key is listed as {}; have all services the same keyring?", state));
    co_return verdict::passed("as " + service_.shown(state));
}

task<verdict> smoke_steps::removed() {
    smoke_question question;
    question.method = "DELETE";
    question.path = "/api/key";
    question.query = "provider=" + inputs_.options.provider;
    const auto answer = co_await service_.ask(std::move(question));
    const auto told = is_removed(answer);
    if (!told) co_return verdict::failed("DELETE /api/key " + service_.words_of(answer));
    if (!*told) co_return verdict::failed("DELETE /api/key says that there was none");
    co_return verdict::passed();
}

task<verdict> smoke_steps::not_listed() {
    auto found = co_await look_up_key();
    if (!found.problem.empty()) co_return verdict::failed(std::move(found.problem));
    if (found.key)
        co_return verdict::failed("/api/key/status lists it still, though DELETE said that it was removed");
    state_.may_be_stored = false;
    co_return verdict::passed();
}

// No flow has that name: a service that still had the key would pass the request on, at nobody's cost.
task<verdict> smoke_steps::no_longer_used() {
    const auto began = steady_now();
    const auto limit = began + std::chrono::seconds(inputs_.options.removal_limit);
    for (;;) {
        auto question = flow_question("byot-smoke-after-removal", "application/json");
        const auto answer = co_await service_.ask(std::move(question));
        const auto took = std::chrono::duration_cast<std::chrono::seconds>(steady_now() - began);
        if (answer.has_value() && reason_in(answer.value()) == "KEY_REQUIRED")
            co_return verdict::passed(fmt::format("KEY_REQUIRED after {} s", took.count()));
        if (steady_now() + between_looks > limit || service_.is_interrupted()) {
            co_return verdict::failed(fmt::format(
                "{} s after the removal a flow's request {}, and is not refused with KEY_REQUIRED: "
                "BYOT_KEY_CACHE_TTL is the bound for it (--removal-limit, where it is longer)",
                took.count(), service_.words_of(answer)));
        }
        co_await service_.sleep_until(steady_now() + between_looks);
    }
}

// A 200 alone is not believed: the step that failed may be the removal.
task<std::string> smoke_steps::remove_and_look() {
    smoke_question question;
    question.method = "DELETE";
    question.path = "/api/key";
    question.query = "provider=" + inputs_.options.provider;
    const auto answer = co_await service_.ask(std::move(question));
    if (answer.has_error() || answer.value().status != 200)
        co_return "DELETE /api/key " + service_.words_of(answer);
    if (is_removed(answer).value_or(false)) {
        if (!state_.had_key) state_.may_land_until.reset(); // it was this test's
        state_.had_key = false;
    }
    auto found = co_await look_up_key();
    if (!found.key) co_return std::move(found.problem);
    co_return std::string("/api/key/status lists it still");
}

// A save that was not answered may come after the first removal: so it is looked for until it cannot come.
task<verdict> smoke_steps::tidy_up() {
    std::string problem;
    for (int failures = 0; failures < attempts_to_tidy_up;) {
        problem = co_await remove_and_look();
        const bool may_land = state_.may_land_until && steady_now() < *state_.may_land_until;
        if (problem.empty() && !may_land) co_return verdict::passed("after the failure");
        if (!problem.empty()) ++failures;
        if (problem.empty()) problem = "the save that was not answered may still come";
        if (service_.is_interrupted()) break;
        if (failures < attempts_to_tidy_up) co_await service_.sleep_until(steady_now() + between_removals);
    }
    co_return verdict::failed(fmt::format(
        "{}: THE KEY MAY STILL BE STORED for the user {}; remove it by DELETE /api/key?provider={}", problem,
        service_.shown(state_.user.uid()), inputs_.options.provider));
}

} // namespace byot::app
