#pragma once

#include "api/openapi.hpp"
#include "core/failure.hpp"

#include <boost/json/array.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace byot::api::openapi {

/// A named example, as JSON text.
struct example {
    std::string_view name;
    std::string_view json;
};

struct parameter {
    std::string_view name;
    std::string_view in;     ///< "query", "header" or "path"
    std::string_view schema; ///< JSON text of a schema
    std::string_view meaning;
};

/// One way in which an operation succeeds (or reports, as readiness does with 503).
struct answer {
    std::string_view status; ///< "200", or "default" for all that is not listed
    std::string_view meaning;
    std::string_view media_type; ///< empty: no body
    std::string_view schema;     ///< a component's name; empty: text
    std::string_view example;    ///< JSON text, or the text itself where there is no schema
};

/// A field that an answer of 200 carries beside those that all have.
struct answer_field {
    std::string_view name;
    std::string_view schema; ///< JSON text of a schema
    std::string_view meaning;
};

/// What the route table does not say about an endpoint.
struct operation {
    std::string_view name; ///< route::name
    std::string_view tag;
    std::string_view summary;
    std::string_view description;
    std::span<const parameter> parameters{};
    std::string_view request_schema{}; ///< a component's name; empty: no body
    std::span<const example> requests{};
    std::span<const answer> answers{};
    std::span<const reason> reasons{}; ///< beyond those that follow from the route
    std::span<const answer_field> answer_fields{};
};

/// What users call: the key endpoints and the flows.
std::span<const operation> user_operations() noexcept;
/// All else: probes, pages, this document, and what only `byot dev` has.
std::span<const operation> service_operations() noexcept;

/// The description of a route. Throws std::logic_error when nobody wrote one.
const operation& description_of(const route& row);

/// The method as a member of a path's object: "get".
std::string member_name(const route& row);

/// Every reason the endpoint can answer, in the order of the error table: those of its operation, and those
/// that follow from its row (identity, body) or hold for all.
std::vector<reason> reasons_of(const route& row);

/// `tags`: the groups that the served operations are in, in the order of reading.
boost::json::array make_tags(served by);

/// The gateway template of `openapi_document`.
boost::json::object make_gateway_template(const openapi_options& options);

} // namespace byot::api::openapi
