#include "commands.hpp"

#include "config/configuration.hpp"
#include "start_checks.hpp"
#include "store_parts.hpp"
#include "vault/rewrap.hpp"

#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>

namespace byot::app {
namespace {

using vault::rewrap_counts;
using vault::rewrap_end;

constexpr std::chrono::seconds progress_interval{1};

std::string as_text(const rewrap_counts& counts) {
    return fmt::format("moved {}, changed meanwhile {}, cannot be opened {}", counts.moved,
                       counts.changed_meanwhile, counts.undecryptable);
}

std::string_view sentence_of(rewrap_end end) {
    switch (end) {
    case rewrap_end::nothing_left:
        return "nothing is left on an old entry";
    case rewrap_end::undecryptable_left:
        return "some keys cannot be opened with this keyring; they were left as they are, and their users "
               "must save them again unless the entries they are under are found";
    case rewrap_end::still_written:
        return "a server goes on saving keys under an old entry; give it the new keyring and run this again";
    case rewrap_end::entry_removed:
        return "this keyring's newest entry was removed; take the present keyring, or add an entry";
    case rewrap_end::stopped:
        return "stopped before the end; run it again to go on";
    case rewrap_end::store_failed:
        return "the store does not answer; run it again to go on";
    }
    return {};
}

/// Servers look at their file as often as this environment says; one that does not is `keyring remove`'s to
/// find.
vault::rewrap_settings settings_of(const config::configuration& values) {
    vault::rewrap_settings settings;
    settings.settling = std::min(settings.settling, 2 * values.keyring_refresh);
    return settings;
}

/// One run with all it needs.
class rewrapping {
public:
    rewrapping(const config::configuration& values, vault::live_keyring& ring)
        : session_(values), signals_(session_.home().context(), SIGTERM, SIGINT),
          work_(session_.home(), session_.store(), ring, settings_of(values),
                [this](const rewrap_counts& counts) { tell(counts); }) {}

    vault::rewrap_outcome run() {
        signals_.async_wait([this](const boost::system::error_code& error, int) {
            if (!error) work_.stop();
        });
        session_.run(carry_out());
        return *outcome_;
    }

private:
    task<void> carry_out() { outcome_ = co_await work_.run(); }

    void tell(const rewrap_counts& counts) {
        const auto now = steady_now();
        if (now - told_at_ < progress_interval) return;
        told_at_ = now;
        fmt::print("{}\n", as_text(counts));
        std::fflush(stdout);
    }

    store_session session_;
    boost::asio::signal_set signals_;
    vault::rewrap work_;
    steady_time told_at_;
    std::optional<vault::rewrap_outcome> outcome_;
};

int report(const vault::rewrap_outcome& outcome) {
    const bool is_done = outcome.end == rewrap_end::nothing_left;
    const auto sentence = sentence_of(outcome.end);
    if (!is_done) fmt::print(stderr, "byot rewrap: {}\n", sentence);
    fmt::print("{}{}{}\n", as_text(outcome.counts), is_done ? "; " : "", is_done ? sentence : "");
    return is_done ? 0 : 1;
}

} // namespace

int rewrap() {
    const auto [values, problems] = read_store_configuration();
    if (!problems.empty()) {
        print(problems);
        return EX_CONFIG;
    }
    std::optional<vault::live_keyring> ring;
    try {
        ring.emplace(values.keyring, vault::keyring_needs());
    } catch (const std::runtime_error& error) {
        fmt::print(stderr, "BYOT_KEYRING: {}\n", error.what());
        return EX_CONFIG;
    }
    try {
        return report(rewrapping(values, *ring).run());
    } catch (const std::exception& error) {
        fmt::print(stderr, "byot rewrap: {}\n", error.what());
        return 1;
    }
}

} // namespace byot::app
