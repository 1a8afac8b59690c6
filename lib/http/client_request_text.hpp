#pragma once

#include "http/client.hpp"

#include <string_view>

namespace byot::http {

/// A request as it goes over the wire, in locked memory: it may carry a key or a grant.
class client_request_text {
public:
    /// Host and Content-Length are added, Connection is not. Throws std::logic_error when the method or a
    /// field's name is no token, a value has a control character in it, the target has one that may not stand
    /// there, or a field is one that this or the connection sets.
    explicit client_request_text(const client_request& request);

    std::string_view view() const noexcept { return text_.expose(); }

private:
    void append_line(const client_request& request);
    void append_field(std::string_view name, std::string_view scheme, std::string_view value);

    secret text_;
};

} // namespace byot::http
