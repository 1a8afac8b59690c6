#pragma once

#include "core/encoding.hpp"
#include "google/firestore_key_store.hpp"
#include "vault/running_reactor.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

/// The real Firestore emulator, which the test run has started; FIRESTORE_EMULATOR_HOST says where.
namespace byot::google::testing {

inline url emulator_address() {
    const char* const host = std::getenv("FIRESTORE_EMULATOR_HOST");
    if (!host || !*host) throw std::runtime_error("FIRESTORE_EMULATOR_HOST is not set: these tests need it");
    return parse_url("http://" + std::string(host)).value();
}

/// A database that nobody else uses.
inline std::string new_database() {
    std::string project = "demo-" + random_alphanumeric(12);
    for (char& c : project) c = to_lower(c);
    return "projects/" + project + "/databases/(default)";
}

inline token_access owner_token() {
    token_access tokens;
    tokens.get = []() -> task<result<std::shared_ptr<const secret>>> {
        co_return std::make_shared<const secret>(secret::copy_of("owner"));
    };
    return tokens;
}

/// A client with what it stands on, for a reactor that runs elsewhere.
class emulator_client {
public:
    emulator_client(vault::testing::running_reactor& reactor, std::string database)
        : reactor_(reactor), client_(reactor.home(), pool_, settings_of(std::move(database)), owner_token()) {
    }
    /// The reactor must not be using it any more; it still runs.
    ~emulator_client() {
        reactor_.call<bool>([this] {
            pool_.clear();
            return true;
        });
    }
    firestore_client& client() noexcept { return client_; }

private:
    static firestore_settings settings_of(std::string database) {
        firestore_settings settings;
        settings.base = emulator_address();
        settings.database = std::move(database);
        settings.attempt = std::chrono::seconds(10); // under sanitizers, on a busy machine
        settings.operation = std::chrono::seconds(20);
        return settings;
    }

    vault::testing::running_reactor& reactor_;
    net::connector open_{reactor_.home(), net::make_client_tls()};
    net::connection_pool pool_{reactor_.home(), open_};
    firestore_client client_;
};

/// A store over one reactor's client.
class emulator_store {
public:
    explicit emulator_store(vault::testing::running_reactor& reactor, std::string database = new_database())
        : below_(reactor, std::move(database)), store_(make_firestore_store({&below_.client()})) {}
    vault::key_store& store() const noexcept { return *store_; }
    operator vault::key_store&() const noexcept { return *store_; }
    firestore_client& client() noexcept { return below_.client(); }

private:
    emulator_client below_;
    std::unique_ptr<vault::key_store> store_;
};

} // namespace byot::google::testing
