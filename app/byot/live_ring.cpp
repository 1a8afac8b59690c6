#include "live_ring.hpp"

#include <fmt/ranges.h>

#include <stdexcept>

namespace byot::app {
namespace {

using telemetry::level;

std::string in_a_row(const std::vector<std::string>& ids) {
    return fmt::format("{}", fmt::join(ids, ", "));
}

void tell_change(telemetry::log& log, const vault::keyring_change& change) {
    auto line = log.line(change.gone.empty() ? level::info : level::warning,
                         change.gone.empty() ? "keyring changed"
                                             : "keyring changed: what its gone entries sealed does not open");
    line.add("newest", change.newest);
    if (!change.added.empty()) line.add("added", in_a_row(change.added));
    if (!change.retired.empty()) line.add("retired", in_a_row(change.retired));
    if (!change.gone.empty()) line.add("gone", in_a_row(change.gone));
    log.write(std::move(line));
}

void tell_problem(telemetry::log& log, const std::string& problem) {
    log.write(log.line(level::error, "keyring file cannot be used; going on with the one before")
                  .add("problem", problem));
}

} // namespace

vault::keyring_needs needs_of(config::role role) noexcept {
    vault::keyring_needs needs;
    needs.opens = role != config::role::keys;
    needs.signs = role != config::role::ai;
    return needs;
}

vault::keyring_place place_of_keyring(const config::configuration& values) noexcept {
    return values.is_cloud_run ? vault::keyring_place::volume : vault::keyring_place::disk;
}

std::shared_ptr<vault::live_keyring> live_ring_of(const config::configuration& values, telemetry::log& log) {
    vault::live_keyring::observers tell;
    tell.on_change = [&log](const vault::keyring_change& change) { tell_change(log, change); };
    tell.on_problem = [&log](const std::string& problem) { tell_problem(log, problem); };
    try {
        return std::make_shared<vault::live_keyring>(values.keyring, needs_of(values.role), std::move(tell),
                                                     values.keyring_refresh, place_of_keyring(values));
    } catch (const std::runtime_error& error) {
        throw std::runtime_error(std::string("BYOT_KEYRING: ") + error.what());
    }
}

} // namespace byot::app
