#pragma once

#include "core/clock.hpp"
#include "core/failure.hpp"
#include "core/secret.hpp"
#include "core/task.hpp"
#include "google/credentials.hpp"
#include "http/client.hpp"
#include "net/connection_pool.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace byot::google {

/// A token that Google issued to this service.
struct issued_token {
    secret text;
    wall_time expires_at;
};

/// {"access_token", "expires_in", "token_type":"Bearer"} (RFC 6749 §5.1). `asked_at` is when the request was
/// made; a lifetime over a day is taken for a day.
result<issued_token> read_access_token(std::string_view json, wall_time asked_at);
/// {"id_token"}.
result<issued_token> read_identity_token(std::string_view json, std::string_view audience);
/// The metadata server's: a JWT and nothing else, made out to `audience`; it lasts until its `exp`.
result<issued_token> read_bare_identity_token(std::string_view text, std::string_view audience);

/// The token in the answer to `make_token_request(with, audience, asked_at)`. Failure of each:
/// `identity_unavailable`, with a sentence for the operator that quotes nothing of the answer.
result<issued_token> read_token_answer(const credentials& with, std::string_view audience,
                                       const http::client_answer& answer, wall_time asked_at);

/// Asks Google for tokens of one kind, on the reactor of its pool.
class token_issuer {
public:
    /// An empty audience: access tokens of scope cloud-platform; another: identity tokens for it.
    token_issuer(net::connection_pool& pool, std::shared_ptr<const credentials> with, std::string audience);

    /// One request, not repeated. Signing one takes a service account's key about a millisecond. Failure:
    /// `identity_unavailable`, its sentence for the operator.
    task<result<issued_token>> issue(steady_time limit);

private:
    net::connection_pool& pool_;
    std::shared_ptr<const credentials> with_;
    std::string audience_;
};

} // namespace byot::google
