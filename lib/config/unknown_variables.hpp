#pragma once

#include "config/configuration.hpp"

#include <string_view>
#include <vector>

namespace byot::config {

/// Every BYOT_* variable that nobody reads, with the name that was probably meant.
std::vector<problem> find_unknown(const environment& variables);

/// The variable of the table whose name takes the fewest edits.
std::string_view nearest_name(std::string_view unknown);
/// The variable of the table that was probably meant: a few edits away, or the only one that has the same
/// words in it; empty when none is near.
std::string_view likely_name(std::string_view unknown);

/// Whether Kubernetes set it for a service whose name begins with "byot"
/// (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
bool is_service_link(std::string_view name, std::string_view value);
constexpr std::string_view whose_service_links_are =
    "is what Kubernetes sets for a service: have enableServiceLinks: false in the pod's spec";

} // namespace byot::config
