#pragma once

#include "config/variables.hpp"

#include <string>
#include <string_view>

// OpenTelemetry's own variables, as its specification has them
// (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
namespace byot::config {

/// OTEL_EXPORTER_OTLP_HEADERS: a comma list of `name=value`, values percent-encoded, as in W3C Baggage. The
/// complaint quotes nothing of it.
complaint read_otlp_headers(std::string_view text, configuration& into);
/// The names alone.
std::string print_otlp_headers(const configuration& from);

/// OTEL_RESOURCE_ATTRIBUTES, of the same form.
complaint read_resource_attributes(std::string_view text, configuration& into);
std::string print_resource_attributes(const configuration& from);

/// OTEL_TRACES_SAMPLER and its argument, a ratio from 0 to 1.
complaint read_sampler(std::string_view text, configuration& into);
std::string print_sampler(const configuration& from);
complaint read_sampler_ratio(std::string_view text, configuration& into);
std::string print_sampler_ratio(const configuration& from);

} // namespace byot::config
