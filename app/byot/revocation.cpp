#include "revocation.hpp"

#include "google_parts.hpp"

namespace byot::app {
namespace {

/// The Auth emulator takes this word for its owner's token.
task<result<std::shared_ptr<const secret>>> give_owner_token() {
    co_return std::make_shared<const secret>(secret::copy_of("owner"));
}

} // namespace

std::optional<auth::revocation_check> make_revocation_check(net::reactor& home, net::connection_pool& pool,
                                                            const shared_parts& shared) {
    const auto& values = shared.values;
    if (!values.checks_revocation) return std::nullopt;
    const bool is_emulated = values.auth_emulator.has_value();
    auto address = is_emulated ? values.auth_emulator->where : values.identity_url.where;
    if (is_emulated) address.path = "/identitytoolkit.googleapis.com";
    auth::revocation_check::access_token token = give_owner_token;
    if (!is_emulated) token = token_access_of(shared.access_tokens, home).get;
    return std::optional<auth::revocation_check>(std::in_place, pool, std::move(address),
                                                 values.firebase_project, std::move(token));
}

} // namespace byot::app
