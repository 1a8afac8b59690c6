#include "start_checks.hpp"

#include "free_port.hpp"
#include "google_parts.hpp"
#include "live_ring.hpp"
#include "vault/keyring.hpp"
#include "vault/sqlite_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <string_view>

namespace byot::app {
namespace {

using config::configuration;
using problems = std::vector<config::problem>;

constexpr const char* admin_address = "127.0.0.1";

bool are_sound(const problems& told, std::initializer_list<std::string_view> names) {
    return std::none_of(told.begin(), told.end(), [&](const config::problem& one) {
        return std::find(names.begin(), names.end(), one.variable) != names.end();
    });
}

problems look_at_keyring(const configuration& values) {
    const auto loaded = vault::load_keyring(values.keyring, place_of_keyring(values));
    if (loaded.has_error()) return {{"BYOT_KEYRING", loaded.error().message}};
    const auto lack = vault::lack_of(loaded.value(), needs_of(values.role));
    if (!lack.empty()) return {{"BYOT_KEYRING", lack}};
    return {};
}

problems look_at_store(const configuration& values) {
    if (!values.sqlite) return {};
    if (auto why = vault::why_no_sqlite_store(values.sqlite->path)) return {{"BYOT_STORE", std::move(*why)}};
    return {};
}

void append(problems more, problems& out) {
    std::move(more.begin(), more.end(), std::back_inserter(out));
}

/// Who is to blame when nobody else listens there: the address, which is given, or the port.
struct blame {
    std::string_view if_wrong;
    std::string_view if_taken;
};

void look_at_port(const std::string& address, std::uint16_t port, blame whose, start_problems& out) {
    auto why = why_no_listener(address, port);
    if (!why) return;
    if (why->is_taken) {
        out.taken.push_back({std::string(whose.if_taken), std::move(why->message)});
    } else {
        out.wrong.push_back({std::string(whose.if_wrong), std::move(why->message)});
    }
}

} // namespace

start_problems look_before_start(const config::parsed& environment) {
    const auto& [values, told] = environment;
    start_problems found{told, {}};
    if (are_sound(told, {"BYOT_KEYRING", "BYOT_ROLE"})) append(look_at_keyring(values), found.wrong);
    if (are_sound(told, {"BYOT_STORE"})) append(look_at_store(values), found.wrong);
    if (are_sound(told, {"BYOT_STORE", "BYOT_ROLE", "BYOT_REVOCATION_CHECK", "BYOT_GENKIT_AUDIENCE",
                         "GOOGLE_APPLICATION_CREDENTIALS", "GCE_METADATA_HOST", "FIRESTORE_EMULATOR_HOST",
                         "FIREBASE_AUTH_EMULATOR_HOST"}))
        append(check_credentials(values), found.wrong);
    if (are_sound(told, {"BYOT_BIND", "PORT"}))
        look_at_port(values.bind, values.port, {"BYOT_BIND", "PORT"}, found);
    if (are_sound(told, {"BYOT_ADMIN_PORT"}) && values.admin_port != 0)
        look_at_port(admin_address, values.admin_port, {"BYOT_ADMIN_PORT", "BYOT_ADMIN_PORT"}, found);
    return found;
}

void print_problems(const start_problems& found) {
    for (const auto& problem : found.wrong) fmt::print(stderr, "{}: {}\n", problem.variable, problem.message);
    for (const auto& problem : found.taken) fmt::print(stderr, "{}: {}\n", problem.variable, problem.message);
}

} // namespace byot::app
