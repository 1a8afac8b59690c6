#include "start_notes.hpp"

#include "core/locked_memory.hpp"
#include "net/trust.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <optional>

namespace byot::app {
namespace {

using config::configuration;

/// Scratch memory, the blocks that connections pass on, slots for keys: what a busy reactor has.
constexpr std::size_t locked_by_a_reactor = 2 * 1024 * 1024;
/// Event loops, listeners, the database, the log, and calls to Google.
constexpr std::uint64_t own_descriptors = 64;

/// The server works without; a machine that swaps may then write a key to its disk.
std::optional<start_note> lack_of_locked_memory(unsigned reactors) {
    const auto wanted = reactors * locked_by_a_reactor;
    if (can_lock(wanted)) return std::nullopt;
    rlimit limit{};
    ::getrlimit(RLIMIT_MEMLOCK, &limit);
    return start_note{"RLIMIT_MEMLOCK",
                      "memory that holds keys may be swapped out: raise RLIMIT_MEMLOCK (ulimit -l)",
                      {{"bytesWanted", wanted}, {"bytesAllowed", limit.rlim_cur}}};
}

/// A connection needs two, for its request has one to the upstream. Clients over it wait in the kernel's
/// queue, or their requests find no upstream.
std::optional<start_note> lack_of_descriptors(unsigned max_connections) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
    const auto wanted = 2 * std::uint64_t{max_connections} + own_descriptors;
    if (limit.rlim_cur >= wanted) return std::nullopt;
    return start_note{
        "BYOT_MAX_CONNECTIONS",
        "fewer descriptors than BYOT_MAX_CONNECTIONS may need: lower it, or raise RLIMIT_NOFILE",
        {{"descriptorsAllowed", limit.rlim_cur}, {"descriptorsWanted", wanted}}};
}

bool speaks_tls(const configuration& values) {
    const auto is_secure = [](const config::url_setting& address) { return address.where.origin.is_tls; };
    if (values.firestore && !values.firestore_emulator) return true;
    if (!values.auth_emulator && is_secure(values.firebase_keys_url)) return true;
    if (values.checks_revocation && !values.auth_emulator && is_secure(values.identity_url)) return true;
    if (values.genkit_url && is_secure(*values.genkit_url)) return true;
    return values.checks_keys && std::any_of(values.provider_urls.begin(), values.provider_urls.end(),
                                             [&](const auto& one) { return is_secure(one.second); });
}

std::optional<start_note> lack_of_certificates(const configuration& values) {
    if (!speaks_tls(values)) return std::nullopt;
    auto why = net::why_nobody_is_trusted();
    if (!why) return std::nullopt;
    return start_note{"SSL_CERT_FILE", std::move(*why), {}};
}

} // namespace

std::vector<start_note> notes_of_start(const configuration& values) {
    std::vector<start_note> notes;
    for (auto& note : {lack_of_locked_memory(values.reactors), lack_of_descriptors(values.max_connections),
                       lack_of_certificates(values)}) {
        if (note) notes.push_back(*note);
    }
    return notes;
}

void tell(telemetry::log& log, const std::vector<start_note>& notes) {
    for (const auto& note : notes) {
        auto line = log.line(telemetry::level::warning, note.message);
        for (const auto& [name, value] : note.facts) line.add(name, value);
        log.write(line);
    }
}

void print(const std::vector<start_note>& notes) {
    for (const auto& note : notes) {
        std::string facts;
        for (const auto& [name, value] : note.facts)
            facts += fmt::format("{}{} {}", facts.empty() ? " (" : ", ", name, value);
        fmt::print(stderr, "{}: {}{}\n", note.about, note.message, facts.empty() ? "" : facts + ")");
    }
}

} // namespace byot::app
