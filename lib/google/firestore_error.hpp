#pragma once

#include <cstdint>
#include <string_view>

namespace byot::google {

/// google.rpc.Code, as far as Firestore answers it (https://cloud.google.com/apis/design/errors).
enum class rpc_status : std::uint8_t {
    ok,
    cancelled,
    unknown,
    invalid_argument,
    deadline_exceeded,
    not_found,
    already_exists,
    permission_denied,
    resource_exhausted,
    failed_precondition,
    aborted,
    out_of_range,
    unimplemented,
    internal,
    unavailable,
    data_loss,
    unauthenticated,
};

std::string_view name_of(rpc_status status) noexcept;

/// The status of an answer: by `error.status` of its body (an object, or an array that begins with one), for
/// 409 is ALREADY_EXISTS or ABORTED and 400 FAILED_PRECONDITION or INVALID_ARGUMENT; by the HTTP status where
/// the body does not say, but then never NOT_FOUND nor ALREADY_EXISTS, which speak of a document. Never by
/// the message. 200 is `ok`, whatever the body; any status without a meaning is `unknown`.
rpc_status classify(unsigned http_status, std::string_view body);

} // namespace byot::google
