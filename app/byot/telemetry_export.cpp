#include "telemetry_export.hpp"

#include "core/encoding.hpp"
#include "http/client.hpp"
#include "version.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <new>

namespace byot::app {
namespace {

/// Of one request, so that its body stays below a megabyte.
constexpr std::size_t spans_a_request = 512;
constexpr std::size_t max_answer = 64 * 1024;

/// Google's Telemetry API (https://cloud.google.com/stackdriver/docs/reference/telemetry/overview).
constexpr std::string_view google_collector = "telemetry.googleapis.com";

bool is_google(const url& address) {
    return address.origin.is_tls && address.origin.host == google_collector;
}

/// A signal's address: its own variable's as it is, or its path below the common one.
std::optional<url> address_of(const std::optional<config::url_setting>& own,
                              const std::optional<config::url_setting>& common, std::string_view path) {
    if (own) return own->where;
    if (!common) return std::nullopt;
    auto address = common->where;
    address.path += path;
    return address;
}

std::optional<url> metrics_address(const config::configuration& values) {
    const bool is_off = values.telemetry_is_off == config::sdk_switch::yes;
    if (is_off || values.metrics_exporter == config::exporter::none) return std::nullopt;
    return address_of(values.otlp_metrics, values.otlp_endpoint, "/v1/metrics");
}

std::optional<url> traces_address(const config::configuration& values) {
    const bool is_off = values.telemetry_is_off == config::sdk_switch::yes;
    if (is_off || values.traces_exporter == config::exporter::none) return std::nullopt;
    return address_of(values.otlp_traces, values.otlp_endpoint, "/v1/traces");
}

/// What the operator says of a name stands; the rest is filled in.
telemetry::otlp_source source_of(const config::configuration& values) {
    telemetry::otlp_source source;
    source.resource = values.resource_attributes;
    const auto fill_in = [&](std::string_view name, std::string value) {
        for (const auto& [known, its_value] : source.resource) {
            if (known == name) return;
        }
        if (!value.empty()) source.resource.emplace_back(name, std::move(value));
    };
    fill_in("service.name", values.telemetry_service);
    fill_in("service.version", std::string(program_version));
    fill_in("service.instance.id", random_alphanumeric(20));
    fill_in("gcp.project_id", values.google_project);
    source.version = program_version;
    source.started = wall_now();
    return source;
}

/// Which answers say that the same may be sent again (OTLP/HTTP, "Retryable Response Codes").
bool may_try_again(unsigned status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
}

} // namespace

std::optional<export_settings> export_settings_of(const config::configuration& values) {
    export_settings settings;
    settings.metrics = metrics_address(values);
    settings.traces = traces_address(values);
    if (!settings.metrics && !settings.traces) return std::nullopt;
    settings.fields = values.otlp_headers;
    settings.timeout = values.otlp_timeout;
    settings.metrics_interval = values.metric_export_interval;
    settings.spans_interval = values.span_export_delay;
    settings.source = source_of(values);
    return settings;
}

std::optional<telemetry::sampling> sampling_of(const config::configuration& values) {
    if (!traces_address(values)) return std::nullopt;
    return telemetry::sampling{values.traces_sampled_by_parent,
                               values.traces_fixed_ratio.value_or(values.traces_ratio)};
}

bool pushes_to_google(const config::configuration& values) {
    return std::ranges::any_of(std::array{metrics_address(values), traces_address(values)},
                               [](const auto& address) { return address && is_google(*address); });
}

telemetry_export::telemetry_export(net::reactor& home, std::shared_ptr<boost::asio::ssl::context> tls,
                                   export_settings settings, google::token_source* tokens,
                                   telemetry_origin& origin)
    : home_(home), connector_(home, std::move(tls)), pool_(home, connector_), settings_(std::move(settings)),
      tokens_(tokens), origin_(origin) {}

void telemetry_export::keep_pushing() {
    metrics_due_ = steady_now() + settings_.metrics_interval;
    spans_due_ = steady_now() + settings_.spans_interval;
    spawn(push_again_and_again());
}

task<void> telemetry_export::push_again_and_again() {
    while (!is_stopped_) {
        co_await home_.sleep_until(std::min(metrics_due_, spans_due_));
        if (is_stopped_) break;
        const auto now = steady_now();
        is_pushing_ = true;
        try {
            co_await push_due(now, now + settings_.timeout);
        } catch (const std::bad_alloc&) { // the next round is another try
        }
        is_pushing_ = false;
        pushed_.notify();
    }
}

task<void> telemetry_export::push_due(steady_time now, steady_time limit) {
    if (now >= spans_due_) {
        spans_due_ = now + settings_.spans_interval;
        if (settings_.traces) co_await push_spans(limit);
    }
    if (now >= metrics_due_) {
        metrics_due_ = now + settings_.metrics_interval;
        if (settings_.metrics) co_await push_metrics(limit);
    }
}

// Sums are cumulative: what one round did not deliver is in the next.
task<void> telemetry_export::push_metrics(steady_time limit) {
    const auto values = co_await origin_.gather_metrics();
    auto body = telemetry::otlp_metrics(values, settings_.source, wall_now());
    const auto end = co_await deliver(*settings_.metrics, std::move(body), limit);
    if (end != delivery::done) ++lost_rounds_;
}

task<void> telemetry_export::push_spans(steady_time limit) {
    auto ended = co_await origin_.take_spans();
    std::move(ended.begin(), ended.end(), std::back_inserter(waiting_));
    if (waiting_.size() > max_waiting) {
        lost_spans_ += waiting_.size() - max_waiting;
        waiting_.erase(waiting_.begin(), waiting_.end() - max_waiting);
    }
    while (!waiting_.empty()) {
        const auto count = std::min(waiting_.size(), spans_a_request);
        auto body = telemetry::otlp_spans(std::span(waiting_).first(count), settings_.source);
        const auto end = co_await deliver(*settings_.traces, std::move(body), limit);
        if (end == delivery::try_again) co_return;
        if (end == delivery::refused) lost_spans_ += count;
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    }
}

task<telemetry_export::delivery> telemetry_export::deliver(url to, std::string body, steady_time limit) {
    http::client_request request;
    request.method = "POST";
    const bool shows_token = tokens_ && is_google(to);
    request.address = std::move(to);
    request.fields = {{"Content-Type", "application/x-protobuf"}};
    request.body = std::move(body);
    request.limit = limit;
    request.max_body = max_answer;
    request.may_cut_body = true;
    for (const auto& [name, value] : settings_.fields) request.secret_fields.push_back({name, "", value});
    std::shared_ptr<const secret> shown;
    if (shows_token) {
        auto token = co_await tokens_->token(home_, wall_now());
        if (!token) co_return delivery::try_again;
        shown = *token;
        request.secret_fields.push_back({"Authorization", "Bearer ", shown});
    }
    const auto answer = co_await http::fetch(pool_, std::move(request));
    if (!answer || may_try_again(answer->status)) co_return delivery::try_again;
    if (answer->status == 401 && shown) {
        tokens_->refuse(*shown, wall_now());
        co_return delivery::try_again;
    }
    co_return answer->status < 300 ? delivery::done : delivery::refused;
}

task<void> telemetry_export::finish(steady_time limit) {
    is_stopped_ = true;
    while (is_pushing_) co_await pushed_.wait();
    try {
        if (settings_.traces) co_await push_spans(limit);
        if (settings_.metrics) co_await push_metrics(limit);
    } catch (const std::bad_alloc&) { // the process ends all the same
    }
    lost_spans_ += waiting_.size();
    waiting_.clear();
    pool_.clear();
}

} // namespace byot::app
