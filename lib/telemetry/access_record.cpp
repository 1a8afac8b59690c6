#include "telemetry/access_record.hpp"

#include <fmt/compile.h>

#include <array>

namespace byot::telemetry {
namespace {

/// A number as text in memory of its own.
class small_text {
public:
    template <class Format, class... Values>
    explicit small_text(const Format& format, const Values&... values) {
        const auto end = fmt::format_to_n(memory_.data(), memory_.size(), format, values...).out;
        size_ = static_cast<std::size_t>(end - memory_.data());
    }
    std::string_view view() const { return {memory_.data(), size_}; }

private:
    std::array<char, 160> memory_;
    std::size_t size_;
};

/// Duration and int64 as the JSON form of google.logging.type.HttpRequest has them: as strings.
small_text as_duration(std::chrono::microseconds span) {
    return small_text(FMT_COMPILE("{}.{:06}s"), span.count() / 1'000'000, span.count() % 1'000'000);
}

small_text as_number(std::uint64_t number) {
    return small_text(FMT_COMPILE("{}"), number);
}

level severity_of(unsigned status) {
    if (status >= 500) return level::error;
    return status >= 429 ? level::warning : level::info;
}

small_text summary_of(const access_record& record) {
    if (record.status == 0) return small_text(FMT_COMPILE("{} {} -"), record.method, record.route);
    return small_text(FMT_COMPILE("{} {} {}"), record.method, record.route, record.status);
}

void add_known(log_line& line, std::string_view name, std::string_view value) {
    if (!value.empty()) line.add(name, value);
}

void add_http_request(log_line& line, const access_record& record) {
    line.begin("httpRequest");
    line.add("requestMethod", record.method);
    line.add("requestUrl", record.route);
    if (record.status != 0) line.add("status", record.status);
    line.add("requestSize", as_number(record.bytes_in).view());
    line.add("responseSize", as_number(record.bytes_out).view());
    line.add("latency", as_duration(record.duration).view());
    add_known(line, "remoteIp", record.remote);
    line.end();
}

void add_trace(log_line& line, const access_record& record, std::string_view project) {
    if (record.trace_id.empty()) return;
    if (project.empty()) {
        line.add("traceId", record.trace_id);
        add_known(line, "spanId", record.span_id);
        return;
    }
    const small_text trace(FMT_COMPILE("projects/{}/traces/{}"), project, record.trace_id);
    line.add("logging.googleapis.com/trace", trace.view());
    add_known(line, "logging.googleapis.com/spanId", record.span_id);
    line.add("logging.googleapis.com/trace_sampled", record.is_sampled);
}

void add_ours(log_line& line, const access_record& record) {
    add_known(line, "requestId", record.request_id);
    add_known(line, "uid", record.user.uid());
    add_known(line, "tenant", record.user.tenant());
    add_known(line, "provider", record.provider);
    add_known(line, "flow", record.flow);
    add_known(line, "outcome", record.outcome);
    add_known(line, "reason", record.reason);
    if (record.first_byte.count() > 0) line.add("firstByte", as_duration(record.first_byte).view());
}

void add_text_facts(log_line& line, const access_record& record) {
    line.add("took",
             small_text(FMT_COMPILE("{:.1f}ms"), static_cast<double>(record.duration.count()) / 1000).view());
    line.add("in", record.bytes_in).add("out", record.bytes_out);
    add_known(line, "from", record.remote);
}

} // namespace

void write_access(log& out, const access_record& record, std::string_view project, wall_time now) {
    const auto severity = severity_of(record.status);
    if (!out.takes(severity)) return;
    log_line line(out.format(), severity, now, summary_of(record).view());
    if (out.format() == log_format::json) {
        add_http_request(line, record);
        add_trace(line, record, project);
    } else {
        add_text_facts(line, record);
    }
    add_ours(line, record);
    out.write(std::move(line));
}

} // namespace byot::telemetry
