#include "store_parts.hpp"

#include "google/firestore_key_store.hpp"
#include "vault/sqlite_store.hpp"

namespace byot::app {
namespace {

/// Firestore's own address; only its emulator stands in for it.
constexpr std::string_view service = "firestore.googleapis.com";
/// Google keeps a silent connection for minutes; a handshake a request would be most of the request.
constexpr std::chrono::seconds idle_limit{50};

google::firestore_settings settings_of(const config::configuration& values) {
    google::firestore_settings settings;
    const auto& emulator = values.firestore_emulator;
    settings.base = emulator ? emulator->where : url{{true, std::string(service), 443}, {}, {}};
    settings.database = "projects/" + values.firestore->project + "/databases/" + values.firestore->database;
    return settings;
}

} // namespace

store_parts::firestore_part::firestore_part(net::reactor& home,
                                            std::shared_ptr<boost::asio::ssl::context> tls,
                                            google::firestore_settings settings, google::token_access tokens)
    : open(home, std::move(tls)), pool(home, open, idle_limit),
      client(home, pool, std::move(settings), std::move(tokens)) {}

store_parts::store_parts(const std::vector<std::unique_ptr<net::reactor>>& reactors,
                         const config::configuration& values,
                         const std::shared_ptr<boost::asio::ssl::context>& tls,
                         google::token_source* tokens) {
    if (values.sqlite) {
        store_ = vault::open_sqlite_store(values.sqlite->path);
        return;
    }
    const bool is_emulated = values.firestore_emulator.has_value();
    std::vector<google::firestore_client*> clients;
    for (const auto& reactor : reactors) {
        auto access = is_emulated ? emulator_access() : token_access_of(tokens, *reactor);
        parts_.push_back(
            std::make_unique<firestore_part>(*reactor, tls, settings_of(values), std::move(access)));
        clients.push_back(&parts_.back()->client);
    }
    store_ = google::make_firestore_store(std::move(clients));
}

void store_parts::close_idle(const net::reactor& here) {
    if (!parts_.empty()) parts_.at(here.index())->pool.clear();
}

config::parsed read_store_configuration(const std::string& keyring) {
    auto environment = config::process_environment();
    environment["BYOT_ROLE"] = "keys";
    environment.erase("BYOT_GENKIT_AUDIENCE");
    environment["BYOT_FIREBASE_PROJECT"] = "unused";
    environment["BYOT_REVOCATION_CHECK"] = "off";
    if (!keyring.empty()) environment["BYOT_KEYRING"] = keyring;
    auto read = config::parse(environment);
    if (read.problems.empty()) read.problems = check_credentials(read.values);
    return read;
}

std::vector<std::unique_ptr<net::reactor>> store_session::one_reactor() {
    std::vector<std::unique_ptr<net::reactor>> one;
    one.push_back(std::make_unique<net::reactor>(0));
    return one;
}

store_session::store_session(const config::configuration& values)
    : tokens_(home(), values, tls_, log_), store_(reactors_, values, tls_, tokens_.access_tokens()) {}

void store_session::run(task<void> work) {
    home().post([this, &work] { spawn(carry_out(std::move(work))); });
    home().run();
}

task<void> store_session::carry_out(task<void> work) {
    co_await std::move(work);
    store_.close_idle(home());
    tokens_.stop();
    home().end_outgoing(); // a token that is under way is for nobody now
    co_await tokens_.settle();
    home().stop();
}

} // namespace byot::app
