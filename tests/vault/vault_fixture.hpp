#pragma once

#include "vault/key_store_contract.hpp"
#include "vault/running_reactor.hpp"
#include "vault/samples.hpp"
#include "vault/sqlite_database.hpp"
#include "vault/sqlite_store.hpp"
#include "vault/vault.hpp"
#include "vault/whose.hpp"

#include <array>
#include <memory>
#include <string>
#include <utility>

namespace byot::vault::testing {

/// An answer of `open`, as text: the key, or the reason's name.
struct open_outcome {
    std::string text;
    opened_key about;
};

/// One vault on a reactor of its own, called as if nothing suspended.
class vault_driver {
public:
    vault_driver(unsigned index, std::shared_ptr<vault_peers> peers, key_store& store,
                 std::shared_ptr<const keyring> ring, vault_settings settings = {})
        : vault_driver(index, std::move(peers), store, std::make_shared<live_keyring>(std::move(ring)),
                       settings) {}
    vault_driver(unsigned index, std::shared_ptr<vault_peers> peers, key_store& store,
                 std::shared_ptr<live_keyring> ring, vault_settings settings = {})
        : reactor_(index), vault_(reactor_.home(), std::move(peers), store, std::move(ring), settings) {}
    ~vault_driver() {
        settle();
        reactor_.stop();
    }

    static save_request plain(std::string_view key, std::string provider = "googleai") {
        save_request request;
        request.provider = std::move(provider);
        request.api_key = secret::copy_of(key);
        return request;
    }
    result<key_record> save(whose uid, save_request request) {
        auto shared = std::make_shared<save_request>(std::move(request));
        auto work = [this, uid, shared] { return vault_.save(uid, std::move(*shared), now()); };
        return reactor_.wait<result<key_record>>(work);
    }
    result<secret> examine(whose uid, save_request request) {
        auto shared = std::make_shared<save_request>(std::move(request));
        auto work = [this, uid, shared] { return vault_.examine(uid, *shared, now()); };
        return reactor_.wait<result<secret>>(work);
    }
    result<bool> remove(whose uid, std::string provider = "googleai") {
        auto work = [this, uid, provider] { return vault_.remove(uid, provider); };
        return reactor_.wait<result<bool>>(work);
    }
    result<std::vector<key_record>> list(whose uid) {
        auto work = [this, uid] { return vault_.list(uid); };
        return reactor_.wait<result<std::vector<key_record>>>(work);
    }
    result<bool> change_state(whose uid, std::string credential_id, key_state state) {
        auto work = [this, uid, credential_id, state] {
            return vault_.change_state(uid, "googleai", credential_id, state, now());
        };
        return reactor_.wait<result<bool>>(work);
    }
    /// In the background: `settle` waits for it.
    void note_state(whose uid, const std::string& credential_id, key_state state) {
        reactor_.call<bool>([this, uid, credential_id, state] {
            vault_.note_state(uid, "googleai", credential_id, state, now());
            return true;
        });
    }
    open_outcome open(whose uid, std::string provider = "googleai", wall_time when = now()) {
        auto work = [this, uid, provider, when] { return opened(vault_, uid, provider, when); };
        return reactor_.wait<open_outcome>(work);
    }
    open_outcome open_stored(whose uid, std::string provider = "googleai", wall_time when = now()) {
        auto work = [this, uid, provider, when] { return stored(vault_, uid, provider, when); };
        return reactor_.wait<open_outcome>(work);
    }
    std::string find_cached(whose uid, wall_time when = now()) {
        auto work = [this, uid, when] {
            std::array<char, vault::longest_key> out;
            const auto hit = vault_.find_cached(uid, "googleai", when, out);
            return hit ? std::string(out.data(), hit->key_size) : std::string("nothing");
        };
        return reactor_.call<std::string>(work);
    }
    /// Until nothing is being written in the background.
    void settle() {
        auto work = [this] { return settled(vault_); };
        reactor_.wait<bool>(work);
    }

    running_reactor& reactor() noexcept { return reactor_; }
    vault& of() noexcept { return vault_; }

    static task<open_outcome> opened(vault& from, whose uid, std::string provider, wall_time when) {
        std::array<char, vault::longest_key> out;
        const auto answer = co_await from.open(uid, provider, when, out);
        co_return outcome_of(answer, out.data());
    }
    static task<open_outcome> stored(vault& from, whose uid, std::string provider, wall_time when) {
        std::array<char, vault::longest_key> out;
        const auto answer = co_await from.open_stored(uid, provider, when, out);
        co_return outcome_of(answer, out.data());
    }

private:
    static open_outcome outcome_of(const result<opened_key>& answer, const char* key) {
        open_outcome outcome;
        if (answer) {
            outcome.text.assign(key, answer->size);
            outcome.about = *answer;
        } else {
            outcome.text = describe(answer.error().why()).name;
        }
        return outcome;
    }
    static task<bool> settled(vault& from) {
        co_await from.settle();
        co_return true;
    }

    running_reactor reactor_;
    vault vault_;
};

/// Two reactors' vaults over one store, and a way around them.
struct vaults_fixture {
    temporary_directory directory;
    std::unique_ptr<key_store> store = open_sqlite_store((directory / "keys.db").string());
    std::shared_ptr<const keyring> ring = sample_ring();
    std::shared_ptr<vault_peers> peers = std::make_shared<vault_peers>();
    vault_driver one{0, peers, *store, ring};
    vault_driver two{1, peers, *store, ring};
    running_reactor side{2};
    store_driver beside{side, *store};

    key_record stored(const whose& uid) { return beside.load_one(uid, "googleai").value(); }
};

} // namespace byot::vault::testing
