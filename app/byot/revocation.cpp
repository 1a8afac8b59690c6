#include "revocation.hpp"

#include <stdexcept>

namespace byot::app {
namespace {

using token_answer = result<std::shared_ptr<const secret>>;

task<token_answer> give(std::shared_ptr<const secret> token) {
    co_return token;
}

task<token_answer> give_none() {
    co_return failure(reason::identity_unavailable);
}

/// The Auth emulator takes this word for its owner's token.
auth::revocation_check::access_token emulators_token() {
    auto owner = std::make_shared<const secret>(secret::copy_of("owner"));
    return [owner = std::move(owner)] { return give(owner); };
}

auth::revocation_check::access_token googles_token(net::reactor& home, const shared_parts& shared) {
    return [&home, &shared] { return shared.access_token ? shared.access_token(home) : give_none(); };
}

} // namespace

std::optional<auth::revocation_check> make_revocation_check(net::reactor& home, net::connection_pool& pool,
                                                            const shared_parts& shared) {
    const auto& values = shared.values;
    if (!values.checks_revocation) return std::nullopt;
    const bool is_emulated = !values.auth_emulator.empty();
    const auto base = is_emulated ? "http://" + values.auth_emulator + "/identitytoolkit.googleapis.com"
                                  : values.identity_url;
    auto address = http::parse_url(base);
    if (!address) throw std::runtime_error("BYOT_IDENTITY_URL is no http or https address");
    auto token = is_emulated ? emulators_token() : googles_token(home, shared);
    return std::optional<auth::revocation_check>(std::in_place, pool, std::move(*address),
                                                 values.firebase_project, std::move(token));
}

bool lacks_credentials_for_revocation(const shared_parts& shared) {
    const bool saves_keys = shared.values.role != config::role::ai;
    return saves_keys && shared.values.checks_revocation && shared.values.auth_emulator.empty() &&
           !shared.access_token;
}

} // namespace byot::app
