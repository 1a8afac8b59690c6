#pragma once

#include "core/task.hpp"
#include "google/token_answer.hpp"
#include "net/connection_pool.hpp"

#include <memory>
#include <string>

namespace byot::google {

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
