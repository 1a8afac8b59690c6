#pragma once

#include "http/request_head.hpp"
#include "http/response.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace byot::http {

/// Which pages may call (Fetch standard, CORS protocol). Origins are compared byte for byte.
class cors_policy {
public:
    explicit cors_policy(std::vector<std::string> allowed_origins);

    bool allows(std::string_view origin) const noexcept;
    /// Field lines for the answer to a request of that origin: Vary: Origin always; for an allowed one
    /// Access-Control-Allow-Origin and -Expose-Headers too. Each line ends with CRLF.
    std::string_view fields_for(std::string_view origin) const noexcept;
    /// The answer to a preflight: 204 with methods (`allowed_methods`, "POST, OPTIONS"), the request headers
    /// that this service reads and a max-age; or ORIGIN_FORBIDDEN.
    result<response> preflight(std::string_view origin, std::string_view allowed_methods) const;

    /// Whether the request is a preflight: OPTIONS with Origin and Access-Control-Request-Method.
    static bool is_preflight(const request_head& head) noexcept;

private:
    std::vector<std::string> allowed_;
    std::vector<std::string> fields_; ///< beside `allowed_`
};

} // namespace byot::http
