#include "google_parts.hpp"

#include "telemetry_export.hpp"

#include <cstdlib>
#include <stdexcept>

namespace byot::app {
namespace {

std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value ? value : "";
}

/// gcloud's own variables, which are none of the configuration's.
std::string gcloud_folder() {
    auto chosen = variable("CLOUDSDK_CONFIG");
    if (!chosen.empty()) return chosen;
    const auto home = variable("HOME");
    return home.empty() ? "" : home + "/.config/gcloud";
}

google::credentials_result find(const config::configuration& values) {
    google::credentials_location where;
    where.named_file = values.google_credentials;
    where.gcloud_folder = gcloud_folder();
    where.metadata_host = values.metadata_host.where;
    return google::find_credentials(where);
}

task<result<std::shared_ptr<const secret>>> give_owner_token() {
    co_return std::make_shared<const secret>(secret::copy_of("owner"));
}

/// A fetch that failed is told here and nowhere else: a request only hears that there is no token.
task<result<google::issued_token>> issue_and_tell(google::token_issuer& issuer, std::string_view what,
                                                  telemetry::log& log, steady_time limit) {
    auto token = co_await issuer.issue(limit);
    if (token.has_error()) {
        log.write(log.line(telemetry::level::warning, "no Google token")
                      .add("wanted", what)
                      .add("error", token.error().message()));
    }
    co_return token;
}

} // namespace

bool needs_access_tokens(const config::configuration& values) {
    const bool asks_firestore = values.firestore && !values.firestore_emulator;
    const bool asks_revocation = values.checks_revocation && !values.auth_emulator &&
                                 values.role != config::role::ai; // which saves and removes nothing
    return asks_firestore || asks_revocation || pushes_to_google(values);
}

bool needs_upstream_identity(const config::configuration& values) {
    return !values.genkit_audience.empty() && values.role != config::role::keys;
}

std::vector<config::problem> check_credentials(const config::configuration& values) {
    const bool needs_identity = needs_upstream_identity(values);
    if (!needs_identity && !needs_access_tokens(values)) return {};
    const auto found = find(values);
    if (!found) return {{"GOOGLE_APPLICATION_CREDENTIALS", found.error().message}};
    if (needs_identity && std::holds_alternative<google::authorized_user>(*found)) {
        return {{"BYOT_GENKIT_AUDIENCE", "the credentials are a user's, who has no identity tokens for a "
                                         "service: use a service account's"}};
    }
    return {};
}

google_parts::kept_token::kept_token(net::reactor& home, google::token_issuer with, std::string_view what,
                                     telemetry::log& log)
    : issuer(std::move(with)), source(home, [this, what, &log](steady_time limit) {
          return issue_and_tell(issuer, what, log, limit);
      }) {}

google_parts::google_parts(net::reactor& home, const config::configuration& values,
                           std::shared_ptr<boost::asio::ssl::context> tls, telemetry::log& log)
    : connector_(home, std::move(tls)), pool_(home, connector_) {
    const bool needs_access = needs_access_tokens(values);
    const bool needs_identity = needs_upstream_identity(values);
    if (!needs_access && !needs_identity) return;
    auto found = find(values);
    if (!found) throw std::runtime_error(found.error().message);
    const auto with = std::make_shared<const google::credentials>(std::move(*found));
    const auto keep = [&](std::string_view what, const std::string& audience) {
        google::token_issuer issuer(pool_, with, audience);
        return std::make_unique<kept_token>(home, std::move(issuer), what, log);
    };
    if (needs_access) access_ = keep("access token", {});
    if (needs_identity) identity_ = keep("identity token", values.genkit_audience);
}

void google_parts::keep_fresh() {
    for (auto* const source : {access_tokens(), upstream_identity()}) {
        if (source) source->keep_fresh();
    }
}

void google_parts::stop() {
    for (auto* const source : {access_tokens(), upstream_identity()}) {
        if (source) source->stop();
    }
}

task<void> google_parts::settle() {
    google::token_source* const sources[] = {access_tokens(), upstream_identity()};
    for (auto* const source : sources) {
        if (source) co_await source->settle();
    }
    pool_.clear();
}

google::token_access token_access_of(google::token_source* source, net::reactor& here) {
    google::token_access access;
    if (!source) return access;
    access.get = [source, &here] { return source->token(here, wall_now()); };
    access.refuse = [source](const secret& refused) { source->refuse(refused, wall_now()); };
    return access;
}

google::token_access emulator_access() {
    google::token_access access;
    access.get = [] { return give_owner_token(); };
    return access;
}

} // namespace byot::app
