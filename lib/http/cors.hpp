#pragma once

#include "http/request_head.hpp"
#include "http/response.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace byot::http {

/// Which pages may call (Fetch standard §3.3, CORS protocol). Origins are compared byte for byte.
class cors_policy {
public:
    explicit cors_policy(std::vector<std::string> allowed_origins = {});

    bool allows(std::string_view origin) const noexcept;
    /// Field lines for the answer to a request of that origin: Vary: Origin always; for an allowed one
    /// Access-Control-Allow-Origin and -Expose-Headers too. Each line ends with CRLF.
    std::string_view fields_for(std::string_view origin) const noexcept;
    /// The same for the answer to a preflight, which varies by the fields that are asked for too.
    std::string_view preflight_fields_for(std::string_view origin) const noexcept;
    /// The answer to a preflight: 204 with methods (`allowed_methods`, "POST, OPTIONS"), request fields and a
    /// max-age; or ORIGIN_FORBIDDEN. Every name that is asked for is allowed (up to 8 KiB of them): a page's
    /// instrumentation adds fields that this service passes over, and a refusal would take the page its call.
    /// What is no token is no name, and is left out. Private networks are not answered for
    /// (Access-Control-Request-Private-Network): no browser asks any more.
    result<response> preflight(const request_head& head, std::string_view allowed_methods) const;

    /// Whether the request is a preflight: OPTIONS with Origin and Access-Control-Request-Method.
    static bool is_preflight(const request_head& head) noexcept;

private:
    struct origin_lines {
        std::string answers;
        std::string preflights;
    };
    const origin_lines* find(std::string_view origin) const noexcept;

    std::vector<std::string> allowed_;
    std::vector<origin_lines> lines_; ///< beside `allowed_`
};

} // namespace byot::http
