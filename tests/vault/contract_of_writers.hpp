#pragma once

#include "vault/full_record.hpp"
#include "vault/store_driver.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <future>
#include <string>
#include <utility>
#include <vector>

/// What every `key_store` promises where several write at once.
namespace byot::vault::testing {

/// Each turn everybody works on the same user; whatever the order was, what is there is the last save or
/// nothing, and a removal that found it leaves nothing behind.
inline void writers_of_one_user_neither_lose_nor_resurrect_a_key(store_driver& store) {
    for (int turn = 0; turn < 10; ++turn) {
        const auto uid = new_uid();
        const auto first = full_record("googleai");
        store.save(uid, first);
        const auto read = *store.load_one(uid, "googleai");
        auto& home = store.reactor().home();
        auto saves = store.reactor().start<result<bool>>(
            [&] { return store.store().save(home, whose(uid), full_record("openai")); });
        auto removes = store.reactor().start<result<bool>>(
            [&] { return store.store().remove(home, whose(uid), "googleai"); });
        auto changes = store.reactor().start<result<bool>>([&] {
            key_change used{"googleai", first.credential_id, key_state::rejected, {}, {}, read.version};
            return store.store().change(home, whose(uid), used);
        });
        auto moved = read;
        moved.key_id = "key_bbbbbbbbbbbb";
        auto replaces = store.reactor().start<result<bool>>(
            [&] { return store.store().replace(home, whose(uid), moved, "key_aaaaaaaaaaaa"); });
        BOOST_TEST(saves.get().has_value());
        BOOST_TEST(removes.get().value());
        BOOST_TEST(changes.get().has_value());
        BOOST_TEST(replaces.get().has_value());
        BOOST_TEST(!store.load_one(uid, "googleai").has_value());
        BOOST_TEST(store.load_one(uid, "openai").has_value());
    }
}

inline void of_two_saves_at_once_one_is_kept_whole(store_driver& store) {
    const auto uid = new_uid();
    std::vector<key_record> records;
    std::vector<std::future<result<bool>>> answers;
    for (int i = 0; i < 5; ++i) records.push_back(full_record("googleai"));
    for (const auto& record : records) {
        answers.push_back(store.reactor().start<result<bool>>([&store, uid, record] {
            return store.store().save(store.reactor().home(), whose(uid), record);
        }));
    }
    for (auto& answer : answers) BOOST_TEST(answer.get().has_value());
    const auto kept = store.load_one(uid, "googleai");
    BOOST_TEST_REQUIRE(kept.has_value());
    const auto is_kept = [&](const key_record& record) { return same(record, *kept); };
    BOOST_TEST(std::ranges::count_if(records, is_kept) == 1);
}

inline void many_at_once_are_all_kept(store_driver& store) {
    const auto uid = new_uid();
    std::vector<std::pair<std::string, key_record>> saved;
    std::vector<std::future<result<bool>>> answers;
    for (int i = 0; i < 50; ++i) {
        saved.emplace_back(uid + std::to_string(i), full_record("googleai"));
        auto work = [&store, one = saved.back()] {
            return store.store().save(store.reactor().home(), whose(one.first), one.second);
        };
        answers.push_back(store.reactor().start<result<bool>>(work));
    }
    for (auto& answer : answers) BOOST_TEST(answer.get().has_value());
    for (const auto& [user, record] : saved)
        BOOST_TEST(same(store.load_one(user, "googleai").value(), record));
}

/// A save is before the removal, which takes it, or behind it, which refuses it.
inline void of_saves_beside_the_removal_of_their_user_none_is_left(store_driver& store) {
    for (int turn = 0; turn < 10; ++turn) {
        const auto uid = new_uid();
        auto& home = store.reactor().home();
        std::vector<std::future<result<bool>>> saves;
        const auto save = [&](std::string provider) {
            saves.push_back(store.reactor().start<result<bool>>([&store, uid, provider] {
                return store.store().save(store.reactor().home(), whose(uid), full_record(provider));
            }));
        };
        save("googleai");
        save("openai");
        auto removes = store.reactor().start<result<void>>(
            [&] { return store.store().remove_user(home, whose(uid), full_record("").created_at); });
        save("anthropic");
        for (auto& one : saves) static_cast<void>(one.get());
        BOOST_TEST(removes.get().has_value());
        BOOST_TEST(store.load(uid).empty());
    }
}

} // namespace byot::vault::testing
