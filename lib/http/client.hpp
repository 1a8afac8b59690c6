#pragma once

#include "core/failure.hpp"
#include "core/secret.hpp"
#include "core/url.hpp"
#include "net/connection_pool.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace byot::http {

/// A field whose value is `scheme` and then a secret: "Bearer " and a token.
struct secret_field {
    std::string name;
    std::string_view scheme; ///< a constant
    std::shared_ptr<const secret> value;
};

/// A request of this service's own: certificates, Google's APIs, providers. Never the relay's. What is secret
/// of it lies in locked memory from here to the wire.
struct client_request {
    std::string method = "GET";
    url address;
    std::vector<std::pair<std::string, std::string>> fields;
    std::vector<secret_field> secret_fields;
    std::string body;
    std::shared_ptr<const secret> secret_body; ///< in place of `body`
    steady_time limit;                         ///< for the whole exchange
    std::size_t max_body = 1024 * 1024;        ///< of the answer; a larger one is a failure
    bool may_cut_body = false;                 ///< of a larger one the beginning is enough
    /// Asked, when there, in the step that sends: what a request carries may be withdrawn while it waits for
    /// its connection. When it says no, nothing is sent: `upstream_unreachable`.
    std::function<bool()> may_be_sent{};
    /// Told, when there, the body so far whenever more of it has come: for when it comes.
    std::function<void(std::string_view)> watch_body{};
};

/// What was answered, after interim answers (1xx) were passed over.
struct client_answer {
    unsigned status = 0; ///< 200 … 599
    std::string body;
    std::vector<std::pair<std::string, std::string>> fields; ///< as received, trailers not among them
    /// The first field of that name, without case; empty when absent.
    std::string_view field(std::string_view name) const noexcept;
};

/// Adds a field whose value is `scheme`, a constant, and then a secret, which is copied into locked memory.
void add_secret_field(client_request& request, std::string name, std::string_view scheme,
                      std::string_view value);

/// Sends the request on a connection of the pool and reads the whole answer. Redirects are not followed.
/// A GET that dies on a reused connection before any answer is sent once more on a new one. Host and
/// Content-Length are added. Throws std::logic_error when the method or a field's name is no token, a value
/// has a control character in it, the target has one that may not stand there, or a field is one that the
/// client or the connection sets. A failure says that the answer was lost, not that the request was:
/// `upstream_unreachable`, `upstream_timeout`, `upstream_invalid`.
task<result<client_answer>> fetch(net::connection_pool& pool, client_request request);

/// As `fetch`, once, on a connection that the caller leased; gives it back when it may carry another request.
task<result<client_answer>> fetch_on(net::lease& held, client_request request);

} // namespace byot::http
