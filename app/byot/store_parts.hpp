#pragma once

#include "config/configuration.hpp"
#include "google/firestore_client.hpp"
#include "net/connector.hpp"
#include "vault/key_store.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace byot::app {

/// The store of BYOT_STORE with what it stands on: a file, or for Firestore connections and a client for each
/// reactor.
class store_parts {
public:
    /// Where a reactor's access tokens come from; not asked for SQLite or the emulator.
    using tokens_of = std::function<google::token_access(net::reactor&)>;

    /// `reactors` are all of the process, in the order of their indices; they outlive this. Throws
    /// std::runtime_error with a sentence for the operator.
    store_parts(const std::vector<std::unique_ptr<net::reactor>>& reactors,
                const config::configuration& values, std::shared_ptr<boost::asio::ssl::context> tls,
                const tokens_of& tokens);

    vault::key_store& store() noexcept { return *store_; }
    /// Closes a reactor's idle connections, on that reactor.
    void close_idle(const net::reactor& here);

private:
    struct firestore_part {
        net::connector open;
        net::connection_pool pool;
        google::firestore_client client;

        firestore_part(net::reactor& home, std::shared_ptr<boost::asio::ssl::context> tls,
                       google::firestore_settings settings, google::token_access tokens);
    };
    std::vector<std::unique_ptr<firestore_part>> parts_; ///< empty for SQLite
    std::unique_ptr<vault::key_store> store_;
};

} // namespace byot::app
