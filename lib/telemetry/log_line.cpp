#include "telemetry/log_line.hpp"

#include "core/json.hpp"

#include <fmt/compile.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace byot::telemetry {
namespace {

constexpr std::size_t most_kept = 16 * 1024;

/// The memory of a line that was written; one a thread.
thread_local std::string kept_memory;

std::string take_memory() noexcept {
    auto memory = std::exchange(kept_memory, {});
    memory.clear();
    return memory;
}

/// LogSeverity of Cloud Logging.
constexpr std::string_view severity_name(level severity) {
    switch (severity) {
    case level::debug:
        return "DEBUG";
    case level::info:
        return "INFO";
    case level::warning:
        return "WARNING";
    case level::error:
        return "ERROR";
    }
    return "DEFAULT";
}

constexpr bool is_bare(char c) {
    return c > ' ' && c < 0x7F && c != '"' && c != '\\' && c != '=';
}

void append_text_value(std::string& out, std::string_view value) {
    if (!value.empty() && std::all_of(value.begin(), value.end(), is_bare)) {
        out += value;
    } else {
        append_json_string(out, value);
    }
}

void begin_json(std::string& out, level severity, wall_time when, std::string_view message) {
    out += R"({"severity":")";
    out += severity_name(severity);
    out += R"(","time":")";
    append_rfc3339(out, when);
    out += R"(","message":)";
    append_json_string(out, message);
}

void begin_text(std::string& out, level severity, wall_time when, std::string_view message) {
    append_rfc3339(out, when);
    fmt::format_to(std::back_inserter(out), FMT_COMPILE(" {:<7} "), severity_name(severity));
    std::string quoted;
    append_json_string(quoted, message);
    out.append(quoted, 1, quoted.size() - 2);
}

} // namespace

log_line::log_line(log_format format, level severity, wall_time when, std::string_view message)
    : format_(format), text_(take_memory()) {
    if (format_ == log_format::json) {
        begin_json(text_, severity, when, message);
    } else {
        begin_text(text_, severity, when, message);
    }
}

void log_line::add_name(std::string_view name) {
    if (format_ == log_format::json) {
        if (!is_first_in_object_) text_ += ',';
        is_first_in_object_ = false;
        append_json_string(text_, name);
        text_ += ':';
        return;
    }
    text_ += ' ';
    if (!object_.empty()) {
        text_ += object_;
        text_ += '.';
    }
    text_ += name;
    text_ += '=';
}

log_line& log_line::add(std::string_view name, std::string_view value) {
    add_name(name);
    if (format_ == log_format::json) {
        append_json_string(text_, value);
    } else {
        append_text_value(text_, value);
    }
    return *this;
}

log_line& log_line::add(std::string_view name, std::int64_t value) {
    add_name(name);
    fmt::format_to(std::back_inserter(text_), FMT_COMPILE("{}"), value);
    return *this;
}

log_line& log_line::add(std::string_view name, std::uint64_t value) {
    add_name(name);
    fmt::format_to(std::back_inserter(text_), FMT_COMPILE("{}"), value);
    return *this;
}

log_line& log_line::add(std::string_view name, bool value) {
    add_name(name);
    text_ += value ? "true" : "false";
    return *this;
}

log_line& log_line::begin(std::string_view name) {
    if (format_ == log_format::json) {
        add_name(name);
        text_ += '{';
        is_first_in_object_ = true;
    }
    object_ = name;
    return *this;
}

log_line& log_line::end() {
    if (format_ == log_format::json) text_ += '}';
    is_first_in_object_ = false;
    object_ = {};
    return *this;
}

std::string log_line::finish() && {
    if (format_ == log_format::json) text_ += '}';
    text_ += '\n';
    return std::move(text_);
}

void log_line::reuse(std::string&& finished) noexcept {
    if (finished.capacity() <= most_kept) kept_memory = std::move(finished);
}

} // namespace byot::telemetry
