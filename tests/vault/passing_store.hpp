#pragma once

#include "vault/key_store.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace byot::vault::testing {

/// A real store behind a door: what a test does not override goes through.
class passing_store : public key_store {
public:
    explicit passing_store(key_store& real) : real_(real) {}

    task<result<std::vector<key_record>>> load(net::reactor& here, user_id who) override {
        return real_.load(here, std::move(who));
    }
    task<result<bool>> save(net::reactor& here, user_id who, key_record record) override {
        return real_.save(here, std::move(who), std::move(record));
    }
    task<result<bool>> remove(net::reactor& here, user_id who, std::string provider) override {
        return real_.remove(here, std::move(who), std::move(provider));
    }
    task<result<void>> remove_user(net::reactor& here, user_id who, wall_time at) override {
        return real_.remove_user(here, std::move(who), at);
    }
    task<result<bool>> change(net::reactor& here, user_id who, key_change what) override {
        return real_.change(here, std::move(who), std::move(what));
    }
    task<result<bool>> replace(net::reactor& here, user_id who, key_record record, std::string old) override {
        return real_.replace(here, std::move(who), std::move(record), std::move(old));
    }
    task<result<std::vector<owned_record>>> list_not_under(net::reactor& here, std::string newest,
                                                           std::optional<user_id> after,
                                                           std::size_t limit) override {
        return real_.list_not_under(here, std::move(newest), std::move(after), limit);
    }
    task<result<void>> close_entry(net::reactor& here, std::string key_id) override {
        return real_.close_entry(here, std::move(key_id));
    }
    task<result<bool>> is_closed(net::reactor& here, std::string key_id) override {
        return real_.is_closed(here, std::move(key_id));
    }
    task<result<void>> announce(net::reactor& here, saver who) override {
        return real_.announce(here, std::move(who));
    }
    task<result<void>> withdraw(net::reactor& here, std::string saver_id) override {
        return real_.withdraw(here, std::move(saver_id));
    }
    task<result<std::vector<saver>>> savers(net::reactor& here) override { return real_.savers(here); }
    task<result<void>> probe(net::reactor& here) override { return real_.probe(here); }
    void stop_waiting() noexcept override { real_.stop_waiting(); }
    task<void> settle(net::reactor& here) override { return real_.settle(here); }

private:
    key_store& real_;
};

} // namespace byot::vault::testing
