#include "relay/rpc_status.hpp"

#include <array>
#include <utility>

namespace byot::relay {
namespace {

constexpr std::array statuses{
    std::pair{std::string_view("CANCELLED"), 499u},
    std::pair{std::string_view("UNKNOWN"), 500u},
    std::pair{std::string_view("INVALID_ARGUMENT"), 400u},
    std::pair{std::string_view("DEADLINE_EXCEEDED"), 504u},
    std::pair{std::string_view("NOT_FOUND"), 404u},
    std::pair{std::string_view("ALREADY_EXISTS"), 409u},
    std::pair{std::string_view("PERMISSION_DENIED"), 403u},
    std::pair{std::string_view("UNAUTHENTICATED"), 401u},
    std::pair{std::string_view("RESOURCE_EXHAUSTED"), 429u},
    std::pair{std::string_view("FAILED_PRECONDITION"), 400u},
    std::pair{std::string_view("ABORTED"), 409u},
    std::pair{std::string_view("OUT_OF_RANGE"), 400u},
    std::pair{std::string_view("UNIMPLEMENTED"), 501u},
    std::pair{std::string_view("INTERNAL"), 500u},
    std::pair{std::string_view("UNAVAILABLE"), 503u},
    std::pair{std::string_view("DATA_LOSS"), 500u},
};

} // namespace

unsigned http_status_of(std::string_view rpc_status) noexcept {
    for (const auto& [name, http_status] : statuses) {
        if (name == rpc_status) return http_status;
    }
    return 500;
}

} // namespace byot::relay
