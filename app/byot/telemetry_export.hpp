#pragma once

#include "config/configuration.hpp"
#include "core/async_event.hpp"
#include "core/secret.hpp"
#include "core/url.hpp"
#include "google/token_source.hpp"
#include "net/connection_pool.hpp"
#include "net/connector.hpp"
#include "telemetry/otlp.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace byot::app {

/// Where metrics and spans are pushed to, and how often.
struct export_settings {
    std::optional<url> metrics; ///< the whole address; nothing: they are not pushed
    std::optional<url> traces;  ///< as the above
    std::vector<std::pair<std::string, std::shared_ptr<const secret>>> fields; ///< sent with each request
    std::chrono::milliseconds timeout{};                                       ///< of one request
    std::chrono::milliseconds metrics_interval{};
    std::chrono::milliseconds spans_interval{};
    telemetry::otlp_source source;
};

/// Where this process's telemetry goes, and as whose (OTEL_*); nothing when it goes nowhere.
std::optional<export_settings> export_settings_of(const config::configuration& values);
/// Which requests are traced; nothing when spans go nowhere.
std::optional<telemetry::sampling> sampling_of(const config::configuration& values);
/// Whether a collector is Google's own, which is shown this service's access token.
bool pushes_to_google(const config::configuration& values);

/// Whose telemetry it is. Asked on the exporter's reactor.
class telemetry_origin {
public:
    virtual task<telemetry::metric_values> gather_metrics() = 0;
    /// Those that ended since the last call.
    virtual task<std::vector<telemetry::span>> take_spans() = 0;

protected:
    ~telemetry_origin() = default;
};

/// Pushes metrics and spans by OTLP/HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp), in the
/// background of one reactor, one request at a time: a collector that is slow, dead or full costs a request
/// of a client nothing. What it did not get is counted.
class telemetry_export {
public:
    /// Spans that wait for the collector, at most; those above are lost.
    static constexpr std::size_t max_waiting = 4096;

    /// `tokens` is what the collector is shown, where it is Google's; null for others. All outlive this.
    telemetry_export(net::reactor& home, std::shared_ptr<boost::asio::ssl::context> tls,
                     export_settings settings, google::token_source* tokens, telemetry_origin& origin);

    /// All on the home reactor.
    void keep_pushing();
    /// Pushes what is left, at most until `limit`, and nothing after that.
    task<void> finish(steady_time limit);
    /// What was not delivered so far, as `metric::export_losses` has it.
    std::uint64_t lost_spans() const noexcept { return lost_spans_; }
    std::uint64_t lost_rounds() const noexcept { return lost_rounds_; }

private:
    task<void> push_again_and_again();
    task<void> push_due(steady_time now, steady_time limit);
    task<void> push_metrics(steady_time limit);
    task<void> push_spans(steady_time limit);
    enum class delivery : std::uint8_t { done, refused, try_again };
    task<delivery> deliver(url to, std::string body, steady_time limit);

    net::reactor& home_;
    net::connector connector_;
    net::connection_pool pool_;
    export_settings settings_;
    google::token_source* tokens_;
    telemetry_origin& origin_;
    std::vector<telemetry::span> waiting_;
    steady_time metrics_due_;
    steady_time spans_due_;
    std::uint64_t lost_spans_ = 0;
    std::uint64_t lost_rounds_ = 0;
    bool is_pushing_ = false;
    bool is_stopped_ = false;
    async_event pushed_;
};

} // namespace byot::app
