#include "start_checks.hpp"

#include "google_parts.hpp"
#include "settings.hpp"
#include "vault/keyring_file.hpp"
#include "vault/sqlite_store.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
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

using boost::asio::ip::tcp;
using boost::system::error_code;

error_code bind_for_a_moment(const boost::asio::ip::address& address, std::uint16_t port) {
    error_code error;
    boost::asio::io_context context;
    tcp::acceptor probe(context);
    probe.open(address.is_v4() ? tcp::v4() : tcp::v6(), error);
    if (!error) probe.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) probe.bind({address, port}, error);
    return error;
}

std::string sentence_of(const error_code& error) {
    switch (error.value()) {
    case EADDRINUSE:
        return "another program does (Address already in use)";
    case EADDRNOTAVAIL:
        return "that is no address of this machine";
    case EACCES:
        return "that port needs root or CAP_NET_BIND_SERVICE (Permission denied)";
    case EAFNOSUPPORT:
        return "this machine has no addresses of that family";
    default:
        return error.message();
    }
}

/// Who is to blame when nobody else listens there: the address, which is given, or the port.
struct blame {
    std::string_view if_wrong;
    std::string_view if_taken;
};

/// Asks by binding the address for a moment, without listening. Port 0 asks about the address alone.
void look_at_port(const std::string& address, std::uint16_t port, blame whose, start_problems& out) {
    error_code error;
    const auto where = boost::asio::ip::make_address(address, error);
    if (!error) error = bind_for_a_moment(where, port);
    if (!error) return;
    auto message = cannot_listen(address, port, error);
    if (error.value() == EADDRINUSE) {
        out.taken.push_back({std::string(whose.if_taken), std::move(message)});
    } else {
        out.wrong.push_back({std::string(whose.if_wrong), std::move(message)});
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

void print(const problems& found) {
    for (const auto& problem : found) fmt::print(stderr, "{}: {}\n", problem.variable, problem.message);
}

std::string cannot_listen(const std::string& address, std::uint16_t port, const error_code& why) {
    const bool has_colons = address.find(':') != std::string::npos;
    return fmt::format("cannot listen on {}{}{}:{}: {}", has_colons ? "[" : "", address,
                       has_colons ? "]" : "", port, sentence_of(why));
}

} // namespace byot::app
