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

/// The emulator takes this one for the owner of everything.
task<result<std::shared_ptr<const secret>>> give_owner_token() {
    co_return std::make_shared<const secret>(secret::copy_of("owner"));
}

google::token_access emulator_tokens() {
    google::token_access tokens;
    tokens.get = [] { return give_owner_token(); };
    return tokens;
}

} // namespace

store_parts::firestore_part::firestore_part(net::reactor& home,
                                            std::shared_ptr<boost::asio::ssl::context> tls,
                                            google::firestore_settings settings, google::token_access tokens)
    : open(home, std::move(tls)), pool(home, open, idle_limit),
      client(home, pool, std::move(settings), std::move(tokens)) {}

store_parts::store_parts(const std::vector<std::unique_ptr<net::reactor>>& reactors,
                         const config::configuration& values, std::shared_ptr<boost::asio::ssl::context> tls,
                         const tokens_of& tokens) {
    if (values.sqlite) {
        store_ = vault::open_sqlite_store(values.sqlite->path);
        return;
    }
    const bool is_emulated = values.firestore_emulator.has_value();
    std::vector<google::firestore_client*> clients;
    for (const auto& reactor : reactors) {
        auto access = is_emulated ? emulator_tokens() : tokens(*reactor);
        parts_.push_back(
            std::make_unique<firestore_part>(*reactor, tls, settings_of(values), std::move(access)));
        clients.push_back(&parts_.back()->client);
    }
    store_ = google::make_firestore_store(std::move(clients));
}

void store_parts::close_idle(const net::reactor& here) {
    if (!parts_.empty()) parts_.at(here.index())->pool.clear();
}

} // namespace byot::app
