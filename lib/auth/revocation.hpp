#pragma once

#include "auth/identity.hpp"
#include "core/failure.hpp"
#include "core/secret.hpp"
#include "core/task.hpp"
#include "http/client.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace byot::auth {

/// What an answer of Identity Toolkit's accounts:lookup says of a verified identity. Nothing wrong, or
/// `token_revoked`: the account is gone, disabled, or its sessions were revoked after this sign-in
/// (validSince later than auth_time, in whole seconds; the same second is fine). An answer that does not say
/// so plainly is `identity_unavailable`.
result<void> check_lookup(std::string_view json, const identity& who);

/// The same of an answer whose status is no 200: `token_revoked` when it says that the tenant is gone, with
/// all its accounts; else `identity_unavailable`.
result<void> check_refused_lookup(std::string_view json);

/// Asks Firebase whether a session was revoked, for one reactor.
class revocation_check {
public:
    /// A bearer token for Identity Toolkit: Google's access token, or "owner" for the Auth emulator.
    using access_token = std::function<task<result<std::shared_ptr<const secret>>>()>;

    /// `identity_url` is the API's base; the emulator's is http://HOST:PORT/identitytoolkit.googleapis.com.
    revocation_check(net::connection_pool& pool, url identity_url, std::string_view project,
                     access_token token);

    /// Failures: `token_revoked`; `identity_unavailable` for anything that keeps the answer away until
    /// `limit`, a refusal of this service's own credentials among them.
    task<result<void>> check(const identity& who, steady_time limit);

private:
    url address_of_lookup(const user_id& who) const;

    net::connection_pool& pool_;
    url address_; ///< of the project
    access_token token_;
};

} // namespace byot::auth
