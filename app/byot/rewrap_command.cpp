#include "commands.hpp"

#include "config/configuration.hpp"
#include "google_parts.hpp"
#include "store_parts.hpp"
#include "vault/rewrap.hpp"

#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>
#include <sysexits.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>

namespace byot::app {
namespace {

using vault::rewrap_counts;
using vault::rewrap_end;

constexpr std::chrono::seconds progress_interval{1};

/// The environment of `serve`, in which a rewrap needs neither flows nor identities.
config::parsed read_configuration() {
    auto environment = config::process_environment();
    environment["BYOT_ROLE"] = "keys";
    environment.erase("BYOT_GENKIT_AUDIENCE");
    environment["BYOT_FIREBASE_PROJECT"] = "unused";
    environment["BYOT_REVOCATION_CHECK"] = "off";
    return config::parse(environment);
}

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
    case rewrap_end::stopped:
        return "stopped before the end; run it again to go on";
    case rewrap_end::store_failed:
        return "the store does not answer; run it again to go on";
    }
    return {};
}

/// The process's parts, from the bottom up.
class rewrapping {
public:
    rewrapping(const config::configuration& values, vault::live_keyring& ring)
        : signals_(home().context(), SIGTERM, SIGINT), tokens_(home(), values, tls_, log_),
          store_(reactors_, values, tls_,
                 [this](net::reactor& here) { return token_access_of(tokens_.access_tokens(), here); }),
          work_(home(), store_.store(), ring, {}, [this](const rewrap_counts& counts) { tell(counts); }) {}

    vault::rewrap_outcome run() {
        signals_.async_wait([this](const boost::system::error_code& error, int) {
            if (!error) work_.stop();
        });
        home().post([this] { spawn(carry_out()); });
        home().run();
        return *outcome_;
    }

private:
    static std::vector<std::unique_ptr<net::reactor>> one_reactor() {
        std::vector<std::unique_ptr<net::reactor>> one;
        one.push_back(std::make_unique<net::reactor>(0));
        return one;
    }
    net::reactor& home() { return *reactors_.front(); }

    task<void> carry_out() {
        outcome_ = co_await work_.run();
        store_.close_idle(home());
        tokens_.stop();
        home().end_outgoing(); // a token that is under way is for nobody now
        co_await tokens_.settle();
        home().stop();
    }

    void tell(const rewrap_counts& counts) {
        const auto now = steady_now();
        if (now - told_at_ < progress_interval) return;
        told_at_ = now;
        fmt::print("{}\n", as_text(counts));
        std::fflush(stdout);
    }

    std::vector<std::unique_ptr<net::reactor>> reactors_ = one_reactor();
    boost::asio::signal_set signals_;
    telemetry::log log_{telemetry::log_format::text, telemetry::level::warning};
    std::shared_ptr<boost::asio::ssl::context> tls_ = net::make_client_tls();
    google_parts tokens_;
    store_parts store_;
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
    auto [values, problems] = read_configuration();
    if (problems.empty()) problems = check_credentials(values);
    for (const auto& problem : problems) fmt::print(stderr, "{}: {}\n", problem.variable, problem.message);
    if (!problems.empty()) return EX_CONFIG;
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
