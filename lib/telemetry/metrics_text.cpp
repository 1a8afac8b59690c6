#include "telemetry/metrics_text.hpp"

#include <fmt/format.h>

#include <iterator>
#include <numeric>

namespace byot::telemetry {
namespace {

std::string_view word_of(metrics_text::kind of) {
    switch (of) {
    case metrics_text::kind::counter:
        return "counter";
    case metrics_text::kind::gauge:
        return "gauge";
    case metrics_text::kind::histogram:
        break;
    }
    return "histogram";
}

void append_escaped(std::string& to, std::string_view value) {
    for (const char c : value) {
        if (c == '\n') {
            to += "\\n";
            continue;
        }
        if (c == '\\' || c == '"') to += '\\';
        to += c;
    }
}

void append_label(std::string& to, std::string_view name, std::string_view value) {
    to += to.back() == '{' ? "" : ",";
    to += name;
    to += "=\"";
    append_escaped(to, value);
    to += '"';
}

template <typename Number>
void append_value(std::string& to, Number value) {
    fmt::format_to(std::back_inserter(to), " {}\n", value);
}

} // namespace

void metrics_text::begin(std::string_view name, kind of, std::string_view help) {
    name_ = name;
    fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, word_of(of));
}

void metrics_text::add(labels of, std::uint64_t value) {
    begin_sample("", of);
    append_value(text_, value);
}

void metrics_text::add(labels of, const buckets& observed) {
    begin_sample("_count", of);
    append_value(text_, std::reduce(observed.counts.begin(), observed.counts.end()));
    begin_sample("_sum", of);
    append_value(text_, observed.sum);
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < observed.counts.size(); ++i) {
        so_far += observed.counts[i];
        begin_sample("_bucket", of,
                     i < observed.upper_bounds.size() ? fmt::format("{}", observed.upper_bounds[i]) : "+Inf");
        append_value(text_, so_far);
    }
}

/// The name and the labels, with a bucket's bound as the last of them.
void metrics_text::begin_sample(std::string_view suffix, labels of, std::string_view bound) {
    text_.append(name_).append(suffix);
    if (of.size() == 0 && bound.empty()) return;
    text_ += '{';
    for (const auto& [name, value] : of) append_label(text_, name, value);
    if (!bound.empty()) append_label(text_, "le", bound);
    text_ += '}';
}

} // namespace byot::telemetry
