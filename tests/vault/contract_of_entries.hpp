#pragma once

#include "vault/full_record.hpp"
#include "vault/store_driver.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>

/// What every `key_store` promises of closed entries and of who saves.
namespace byot::vault::testing {

inline void no_record_is_put_under_a_closed_entry(store_driver& store) {
    const auto uid = new_uid();
    const auto closed = new_entry_id();
    const auto before = full_record("openai", closed);
    const auto other = full_record("googleai", new_entry_id());
    BOOST_TEST(store.save(uid, before));
    BOOST_TEST(store.save(uid, other));
    BOOST_TEST(!store.is_closed(closed));
    store.close_entry(closed);
    store.close_entry(closed);
    BOOST_TEST(store.is_closed(closed));
    BOOST_TEST(!store.is_closed(other.key_id));
    // Neither a new record, nor one in another's place, nor by moving one.
    BOOST_TEST(!store.save(uid, full_record("anthropic", closed)));
    BOOST_TEST(!store.save(uid, full_record("googleai", closed)));
    BOOST_TEST(!store.save(new_uid(), full_record("googleai", closed)));
    auto moved = other;
    moved.key_id = closed;
    BOOST_TEST(!store.replace(uid, moved, other.key_id));
    BOOST_TEST(store.load(uid).size() == 2U);
    BOOST_TEST(same(store.load_one(uid, "googleai").value(), other));
    // What is under it is there, and can be changed, moved away and removed.
    key_change change{"openai", before.credential_id, key_state::rejected, {}, {}, {}};
    BOOST_TEST(store.change(uid, change));
    auto away = before;
    away.key_id = new_entry_id();
    BOOST_TEST(store.replace(uid, away, closed));
    BOOST_TEST(store.load_one(uid, "openai").value().key_id == away.key_id);
    BOOST_TEST(store.remove(uid, "openai"));
    BOOST_TEST(store.save(uid, full_record("openai", other.key_id)));
}

inline void what_savers_told_is_there_until_taken_back(store_driver& store) {
    const auto id = "instance_" + random_alphanumeric(16);
    const auto told = [&]() -> std::optional<saver> {
        for (auto& one : store.savers()) {
            if (one.id == id) return one;
        }
        return std::nullopt;
    };
    const auto until = wall_time(std::chrono::milliseconds(1767400000123));
    store.withdraw(id);
    BOOST_TEST(!told());
    store.announce({id, "key_aaaaaaaaaaaa", until});
    store.announce({id, "key_bbbbbbbbbbbb", until + std::chrono::minutes(1)});
    BOOST_REQUIRE(told());
    BOOST_TEST(told()->key_id == "key_bbbbbbbbbbbb");
    BOOST_TEST((told()->until == until + std::chrono::minutes(1)));
    store.withdraw(id);
    BOOST_TEST(!told());
}

} // namespace byot::vault::testing
