#pragma once

#include "vault/key_store.hpp"
#include "vault/running_reactor.hpp"
#include "vault/whose.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace byot::vault::testing {

/// A store with its reactor, called as if nothing suspended; from any thread, so without Boost.Test, which is
/// for one. A failure is an exception.
class store_driver {
public:
    store_driver(running_reactor& reactor, key_store& store) : reactor_(reactor), store_(store) {}

    std::vector<key_record> load(whose uid) {
        auto work = [this, uid] { return store_.load(reactor_.home(), uid); };
        return reactor_.wait<result<std::vector<key_record>>>(work).value();
    }
    /// Whether its entry takes records.
    bool save(whose uid, key_record record) {
        auto work = [this, uid, record] { return store_.save(reactor_.home(), uid, record); };
        return reactor_.wait<result<bool>>(work).value();
    }
    bool remove(whose uid, std::string provider) {
        auto work = [this, uid, provider] { return store_.remove(reactor_.home(), uid, provider); };
        return reactor_.wait<result<bool>>(work).value();
    }
    void remove_user(whose uid, wall_time at) {
        auto work = [this, uid, at] { return store_.remove_user(reactor_.home(), uid, at); };
        reactor_.wait<result<void>>(work).value();
    }
    bool change(whose uid, key_change what) {
        auto work = [this, uid, what] { return store_.change(reactor_.home(), uid, what); };
        return reactor_.wait<result<bool>>(work).value();
    }
    bool replace(whose uid, key_record record, std::string old_key_id) {
        auto work = [this, uid, record, old_key_id] {
            return store_.replace(reactor_.home(), uid, record, old_key_id);
        };
        return reactor_.wait<result<bool>>(work).value();
    }
    std::vector<owned_record> list_not_under(std::string newest, std::optional<user_id> after,
                                             std::size_t limit) {
        auto work = [this, newest, after, limit] {
            return store_.list_not_under(reactor_.home(), newest, after, limit);
        };
        return reactor_.wait<result<std::vector<owned_record>>>(work).value();
    }
    void close_entry(std::string key_id) {
        auto work = [this, key_id] { return store_.close_entry(reactor_.home(), key_id); };
        reactor_.wait<result<void>>(work).value();
    }
    bool is_closed(std::string key_id) {
        auto work = [this, key_id] { return store_.is_closed(reactor_.home(), key_id); };
        return reactor_.wait<result<bool>>(work).value();
    }
    void announce(saver who) {
        auto work = [this, who] { return store_.announce(reactor_.home(), who); };
        reactor_.wait<result<void>>(work).value();
    }
    void withdraw(std::string saver_id) {
        auto work = [this, saver_id] { return store_.withdraw(reactor_.home(), saver_id); };
        reactor_.wait<result<void>>(work).value();
    }
    std::vector<saver> savers() {
        auto work = [this] { return store_.savers(reactor_.home()); };
        return reactor_.wait<result<std::vector<saver>>>(work).value();
    }
    bool answers() {
        auto work = [this] { return store_.probe(reactor_.home()); };
        return reactor_.wait<result<void>>(work).has_value();
    }
    std::optional<key_record> load_one(whose uid, std::string_view provider) {
        for (auto& record : load(uid)) {
            if (record.provider == provider) return std::move(record);
        }
        return std::nullopt;
    }

    running_reactor& reactor() noexcept { return reactor_; }
    key_store& store() noexcept { return store_; }

private:
    running_reactor& reactor_;
    key_store& store_;
};

} // namespace byot::vault::testing
