#include "google/firestore_error.hpp"

#include "core/json.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

namespace byot::google {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 17> names{
    "OK",        "CANCELLED",       "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS",  "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",    "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED",
};

/// None for a name that is unknown, and for OK, which no error has.
std::optional<rpc_status> parse_status(std::string_view name) {
    const auto found = std::find(names.begin() + 1, names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<rpc_status>(found - names.begin());
}

std::optional<rpc_status> read_status(const json::value& body) {
    if (body.is_array())
        return body.get_array().empty() ? std::nullopt : read_status(body.get_array().front());
    if (!body.is_object()) return std::nullopt;
    const auto* const error = body.get_object().if_contains("error");
    if (!error || !error->is_object()) return std::nullopt;
    const auto name = string_member(error->get_object(), "status");
    return name ? parse_status(*name) : std::nullopt;
}

struct http_meaning {
    unsigned http_status;
    rpc_status status;
};

// google.rpc.Code's own table, turned round. Two are not taken from it, because only Firestore itself can say
// so: 404 is not NOT_FOUND, which would mean that the document does not exist, but that there is no such
// method at the address; 409 is not ALREADY_EXISTS, which would mean that it does.
constexpr std::array by_http_status{
    http_meaning{200, rpc_status::ok},
    http_meaning{400, rpc_status::invalid_argument},
    http_meaning{401, rpc_status::unauthenticated},
    http_meaning{403, rpc_status::permission_denied},
    http_meaning{404, rpc_status::unimplemented},
    http_meaning{405, rpc_status::unimplemented},
    http_meaning{408, rpc_status::deadline_exceeded},
    http_meaning{409, rpc_status::aborted},
    http_meaning{413, rpc_status::invalid_argument},
    http_meaning{429, rpc_status::resource_exhausted},
    http_meaning{499, rpc_status::cancelled},
    http_meaning{500, rpc_status::internal},
    http_meaning{501, rpc_status::unimplemented},
    http_meaning{502, rpc_status::unavailable},
    http_meaning{503, rpc_status::unavailable},
    http_meaning{504, rpc_status::deadline_exceeded},
};

} // namespace

std::string_view name_of(rpc_status status) noexcept {
    return names[static_cast<std::size_t>(status)];
}

rpc_status classify(unsigned http_status, std::string_view body) {
    if (http_status == 200) return rpc_status::ok;
    const auto answer = parse_json(body);
    const auto said = answer ? read_status(*answer) : std::nullopt;
    if (said) return *said;
    const auto found = std::ranges::find(by_http_status, http_status, &http_meaning::http_status);
    return found == by_http_status.end() ? rpc_status::unknown : found->status;
}

} // namespace byot::google
