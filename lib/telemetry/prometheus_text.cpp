#include "telemetry/prometheus_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>

namespace byot::telemetry {
namespace {

/// A row's labels with their values; what had to be made for them is kept here.
class named_labels {
public:
    named_labels(const metric_row& row, const label_values& values) {
        const auto names = row.used_labels();
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (!values[i].is_empty()) add(names[i], values[i]);
        }
    }
    named_labels(const named_labels&) = delete;
    named_labels& operator=(const named_labels&) = delete;

    prometheus_writer::labels view() const { return {all_.data(), count_}; }

private:
    void add(std::string_view name, const label_value& value) {
        auto& own_name = names_[count_];
        own_name = name;
        std::replace(own_name.begin(), own_name.end(), '.', '_');
        if (value.is_number) numbers_[count_] = std::to_string(value.number);
        all_[count_] = {own_name, value.is_number ? numbers_[count_] : value.text};
        ++count_;
    }

    std::array<prometheus_writer::label, std::tuple_size_v<label_values>> all_{};
    std::array<std::string, std::tuple_size_v<label_values>> names_;
    std::array<std::string, std::tuple_size_v<label_values>> numbers_;
    std::size_t count_ = 0;
};

void write_row(prometheus_writer& writer, const metric_row& row, const metric_values& values) {
    writer.begin(row.prometheus_name(), row.type, row.help);
    if (row.type != metric_type::histogram) {
        for (const auto& [labels, number] : values.numbers_of(row.which))
            writer.add(named_labels(row, labels).view(), number);
        return;
    }
    for (const auto& [labels, durations] : values.durations_of(row.which)) {
        const prometheus_writer::buckets buckets{durations.upper_seconds, durations.counts,
                                                 durations.sum_seconds};
        writer.add(named_labels(row, labels).view(), buckets);
    }
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

} // namespace

std::string prometheus_text(const metric_values& values) {
    prometheus_writer writer;
    for (const auto& row : metric_table()) write_row(writer, row, values);
    return std::move(writer).take();
}

void prometheus_writer::begin(std::string_view name, metric_type of, std::string_view help) {
    name_ = name;
    fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, name_of(of));
}

void prometheus_writer::add(labels of, double value) {
    begin_sample("", of);
    fmt::format_to(std::back_inserter(text_), " {}\n", value);
}

void prometheus_writer::add(labels of, const buckets& observed) {
    begin_sample("_count", of);
    fmt::format_to(std::back_inserter(text_), " {}\n",
                   std::reduce(observed.counts.begin(), observed.counts.end()));
    begin_sample("_sum", of);
    fmt::format_to(std::back_inserter(text_), " {}\n", observed.sum);
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < observed.counts.size(); ++i) {
        so_far += observed.counts[i];
        begin_sample("_bucket", of,
                     i < observed.upper_bounds.size() ? fmt::format("{}", observed.upper_bounds[i]) : "+Inf");
        fmt::format_to(std::back_inserter(text_), " {}\n", so_far);
    }
}

/// The name and the labels, with a bucket's bound as the last of them.
void prometheus_writer::begin_sample(std::string_view suffix, labels of, std::string_view bound) {
    text_.append(name_).append(suffix);
    if (of.empty() && bound.empty()) return;
    text_ += '{';
    for (const auto& [name, value] : of) append_label(text_, name, value);
    if (!bound.empty()) append_label(text_, "le", bound);
    text_ += '}';
}

} // namespace byot::telemetry
