#include "google/token_issuer.hpp"

#include "google/token_request.hpp"

namespace byot::google {

token_issuer::token_issuer(net::connection_pool& pool, std::shared_ptr<const credentials> with,
                           std::string audience)
    : pool_(pool), with_(std::move(with)), audience_(std::move(audience)) {}

task<result<issued_token>> token_issuer::issue(steady_time limit) {
    const auto asked_at = wall_now();
    auto request = make_token_request(*with_, audience_, asked_at);
    if (request.has_error()) co_return request.error();
    request.value().limit = limit;
    auto answer = co_await http::fetch(pool_, std::move(request.value()));
    if (answer.has_error()) {
        co_return failure(reason::identity_unavailable,
                          "Google could not be asked for a token: " + std::string(answer.error().message()));
    }
    auto token = read_token_answer(*with_, audience_, answer.value(), asked_at);
    wipe(answer.value().body.data(), answer.value().body.size());
    co_return token;
}

} // namespace byot::google
