#include "instance.hpp"

#include "admin.hpp"
#include "auth/development_issuer.hpp"
#include "core/async_event.hpp"
#include "core/blocked_signals.hpp"
#include "demo_upstream.hpp"
#include "google_parts.hpp"
#include "process.hpp"
#include "reactor_parts.hpp"
#include "settings.hpp"
#include "start_checks.hpp"
#include "start_warnings.hpp"
#include "store_parts.hpp"
#include "telemetry/prometheus_text.hpp"
#include "telemetry_gatherer.hpp"
#include "vault/live_keyring.hpp"
#include "vault/saver_announcement.hpp"

#include <boost/asio/signal_set.hpp>
#include <fmt/ranges.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace byot::app {
namespace {

using config::configuration;

telemetry::level level_of(config::log_level level) {
    return static_cast<telemetry::level>(level);
}
telemetry::log_format format_of(config::log_format format) {
    return format == config::log_format::json ? telemetry::log_format::json : telemetry::log_format::text;
}

using reactor_list = std::vector<std::unique_ptr<net::reactor>>;

struct progress {
    explicit progress(std::size_t count) : left(count) {}
    std::size_t left;
    async_event one_less;
};

template <class Work>
task<void> do_one(const Work& work, std::size_t index, net::reactor& home, progress& all) {
    co_await work(index);
    home.post([&all] {
        --all.left;
        all.one_less.notify();
    });
}

/// Has `work` done on each reactor at once and waits for all. On the first one; `work` must not throw.
template <class Work>
task<void> on_each(const reactor_list& reactors, const Work& work) {
    progress all(reactors.size());
    for (std::size_t i = 0; i < reactors.size(); ++i) {
        reactors[i]->post([&, i] { spawn(do_one(work, i, *reactors.front(), all)); });
    }
    while (all.left > 0) co_await all.one_less.wait();
}

std::string comma_list(const std::vector<std::string>& ids) {
    return fmt::format("{}", fmt::join(ids, ", "));
}

void tell_change(telemetry::log& log, const vault::keyring_change& change) {
    auto line = log.line(change.gone.empty() ? telemetry::level::info : telemetry::level::warning,
                         change.gone.empty() ? "keyring changed"
                                             : "keyring changed: what its gone entries sealed does not open");
    line.add("newest", change.newest);
    if (!change.added.empty()) line.add("added", comma_list(change.added));
    if (!change.retired.empty()) line.add("retired", comma_list(change.retired));
    if (!change.gone.empty()) line.add("gone", comma_list(change.gone));
    log.write(std::move(line));
}

void tell_problem(telemetry::log& log, const std::string& problem) {
    log.write(log.line(telemetry::level::error, "keyring file cannot be used; going on with the one before")
                  .add("problem", problem));
}

/// The keyring of BYOT_KEYRING, which tells the log what its file's rotations changed. `log` outlives it.
std::shared_ptr<vault::live_keyring> make_live_keyring(const config::configuration& values,
                                                       telemetry::log& log) {
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

} // namespace

/// The stack. The constructor builds it from the bottom up, `run` starts it and `drain` ends it from the top
/// down.
struct instance::state {
    state(configuration values, development_parts development)
        : log(format_of(values.log_format), level_of(values.log_level)),
          shared{.values = std::move(values), .log = log} {
        warn_at_start(development);
        make_reactors();
        shared.ring = make_live_keyring(shared.values, log);
        shared.tls = net::make_client_tls();
        make_tokens();
        make_store();
        shared.settings = settings_of(shared.values, development);
        shared.traces = sampling_of(shared.values);
        shared.limits = std::make_unique<limits::admission>(admission_settings_of(shared.values));
        make_upstream(development);
        listen();
        make_certificate_source(development);
        make_parts();
        make_admin();
        make_export();
    }

    net::reactor& home() { return *reactors.front(); }

    void warn_at_start(const development_parts& development) {
        tell(log, warnings_of_start(shared.values));
        if (!development.issuer) tell_development(log, shared.values);
        warn_if_gateway_is_no_hop(log, shared.values);
    }

    /// Signals are taken before the address is printed: a stop may follow at once.
    void make_reactors() {
        for (unsigned i = 0; i < shared.values.reactors; ++i)
            reactors.push_back(std::make_unique<net::reactor>(i));
        signals.emplace(home().context(), SIGTERM, SIGINT);
    }

    void make_tokens() {
        tokens = std::make_unique<google_parts>(home(), shared.values, shared.tls, log);
        shared.access_tokens = tokens->access_tokens();
        shared.upstream_identity = tokens->upstream_identity();
    }

    void make_store() {
        store = std::make_unique<store_parts>(reactors, shared.values, shared.tls, shared.access_tokens);
        shared.store = &store->store();
        if (shared.values.role != config::role::ai) saves.emplace(home(), *shared.store, *shared.ring);
    }

    void make_upstream(const development_parts& development) {
        if (development.has_demo_upstream) demo = std::make_unique<demo_upstream>(home());
        shared.upstream = upstream_of(shared.values, demo ? std::optional(demo->address()) : std::nullopt);
    }

    /// The port must be known before the parts are made: in development they fetch certificates from it.
    void listen() {
        std::vector<net::reactor*> homes;
        for (auto& reactor : reactors) homes.push_back(reactor.get());
        try {
            listeners = net::listen_together(homes, shared.values.bind, shared.values.port);
        } catch (const boost::system::system_error& error) {
            throw std::runtime_error("PORT: " +
                                     cannot_listen(shared.values.bind, shared.values.port, error.code()));
        }
        port = listeners.front()->port();
    }

    void make_certificate_source(const development_parts& development) {
        if (shared.values.auth_emulator) return;
        const url own{{false, "127.0.0.1", port}, "/dev/certificates", {}};
        const auto& address = development.issuer ? own : shared.values.firebase_keys_url.where;
        certificates_connector = std::make_unique<net::connector>(home(), shared.tls);
        certificates_pool = std::make_unique<net::connection_pool>(home(), *certificates_connector);
        certificates = std::make_unique<auth::certificate_source>(home(), *certificates_pool, address);
        shared.certificates = certificates.get();
    }

    void make_parts() {
        for (auto& reactor : reactors) parts.push_back(std::make_unique<reactor_parts>(*reactor, shared));
        for (std::size_t i = 0; i < parts.size(); ++i) parts[i]->server().listen_on(std::move(listeners[i]));
    }

    /// A server whose metrics are another's would be watched in vain.
    void make_admin() {
        const auto wanted = shared.values.admin_port;
        if (wanted == 0) return;
        try {
            metrics = std::make_unique<admin>(home(), wanted, [this] { return metrics_page(); });
        } catch (const boost::system::system_error& error) {
            throw std::runtime_error("BYOT_ADMIN_PORT: " + cannot_listen("127.0.0.1", wanted, error.code()));
        }
    }

    task<std::string> metrics_page() {
        const auto values = co_await gatherer.gather_metrics();
        co_return telemetry::prometheus_text(values);
    }

    void make_export() {
        auto settings = export_settings_of(shared.values);
        if (!settings) return;
        pushed = std::make_unique<telemetry_export>(home(), shared.tls, std::move(*settings),
                                                    shared.access_tokens, gatherer);
        gatherer.tell_losses_of(pushed.get());
    }

    /// Ends each reactor's connections, then what they used, then the reactors.
    task<void> drain() {
        const auto limit = steady_now() + shared.values.drain_timeout;
        const auto finish = [this, limit](std::size_t i) { return parts[i]->server().finish(limit); };
        co_await on_each(reactors, finish);
        if (certificates) certificates->stop();
        tokens->stop();
        // What nobody waits for may still end. When time is up somebody does, and would wait on.
        // What was counted last is pushed though: a second that a platform's grace has beside the drain.
        const auto end = steady_now() + std::chrono::seconds(1);
        spawn(end_outgoing_at(pushed ? end : std::min(limit, end)));
        spawn(save_no_more());
        if (pushed) co_await pushed->finish(end);
        const auto end_each = [this](std::size_t i) { return end_one(i); };
        co_await on_each(reactors, end_each);
        while (!has_withdrawn) co_await withdrawn.wait();
        if (certificates) co_await certificates->settle();
        co_await shared.ring->stop();
        co_await tokens->settle();
        if (demo) co_await demo->drain(steady_now());
        if (metrics) co_await metrics->drain(steady_now());
        for (auto& reactor : reactors) reactor->stop();
    }

    /// Beside the end of the connections: a store that hangs keeps none of them.
    task<void> save_no_more() {
        if (saves) co_await saves->stop();
        has_withdrawn = true;
        withdrawn.notify();
    }

    task<void> end_one(std::size_t i) {
        co_await parts[i]->server().end();
        // Who waits for a disk is still there, and so is the disk's thread, which the process cannot end
        // without.
        co_await store->store().settle(*reactors[i]);
        co_await parts[i]->server().end();
        co_await parts[i]->keys().settle();
        parts[i]->pool().clear();
        store->close_idle(*reactors[i]);
    }

    /// From then on nothing that this process asked of others keeps it: neither a connection nor a lock.
    task<void> end_outgoing_at(steady_time when) {
        co_await home().sleep_until(when);
        store->store().stop_waiting();
        for (auto& reactor : reactors) reactor->post([&one = *reactor] { one.end_outgoing(); });
    }

    /// A second signal ends the process at once: its clients are reset by the kernel (see `net::listener`),
    /// and the log's lines that wait are lost.
    void wait_for_signals() {
        signals->async_wait([this](const boost::system::error_code& error, int) {
            if (error) return;
            if (is_draining) std::_Exit(0);
            is_draining = true;
            log.write(telemetry::level::info, "draining");
            spawn(drain());
            wait_for_signals();
        });
    }

    void run() {
        wait_for_signals();
        for (std::size_t i = 0; i < parts.size(); ++i) {
            reactors[i]->post([&part = *parts[i]] { part.start(); });
        }
        home().post([this] { shared.ring->keep_fresh(home()); });
        if (saves) home().post([this] { saves->keep_fresh(); });
        if (demo) demo->start();
        if (metrics) metrics->start();
        if (pushed) home().post([this] { pushed->keep_pushing(); });
        if (certificates) home().post([this] { certificates->keep_fresh(); });
        home().post([this] { tokens->keep_fresh(); });
        std::vector<std::thread> threads;
        for (std::size_t i = 1; i < reactors.size(); ++i)
            threads.push_back(thread_without_signals([&one = *reactors[i]] { one.run(); }));
        home().run();
        for (auto& thread : threads) thread.join();
        ignore_ending_signals();
    }

    telemetry::log log;
    reactor_list reactors;
    std::optional<boost::asio::signal_set> signals; // almost last to go: without it a signal kills
    std::unique_ptr<google_parts> tokens;
    std::unique_ptr<store_parts> store;
    shared_parts shared;
    std::optional<vault::saver_announcement> saves; ///< nothing for role ai
    std::unique_ptr<demo_upstream> demo;
    std::unique_ptr<net::connector> certificates_connector;
    std::unique_ptr<net::connection_pool> certificates_pool;
    std::unique_ptr<auth::certificate_source> certificates;
    std::vector<std::unique_ptr<net::listener>> listeners; ///< until the servers have them
    std::unique_ptr<admin> metrics;
    std::vector<std::unique_ptr<reactor_parts>> parts;
    telemetry_gatherer gatherer{reactors, parts, shared};
    std::unique_ptr<telemetry_export> pushed; ///< null when OTEL_* names no collector
    std::uint16_t port = 0;
    bool is_draining = false;
    bool has_withdrawn = false;
    async_event withdrawn;
};

instance::instance(configuration values, development_parts development) {
    state_ = std::make_unique<state>(std::move(values), development);
}

instance::~instance() = default;

std::string instance::address() const {
    return "http://" + authority({false, state_->shared.values.bind, state_->port});
}

void instance::run() {
    state_->run();
}

} // namespace byot::app
