#pragma once

#include "vault/samples.hpp"
#include "vault/store_driver.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// What every `key_store` promises, as checks that any of them can be put through. Each check takes a store
/// that holds nothing of the users it names (they are new each time) and the reactor to run on.
namespace byot::vault::testing {

inline bool same(const key_record& a, const key_record& b) {
    return a.provider == b.provider && a.credential_id == b.credential_id && a.key_id == b.key_id &&
           a.sealed == b.sealed && a.signature == b.signature && a.hint == b.hint && a.state == b.state &&
           a.created_at == b.created_at && a.updated_at == b.updated_at && a.last_used_at == b.last_used_at &&
           a.last_checked_at == b.last_checked_at && a.expires_at == b.expires_at;
}

/// A record of all fields, of which two are never alike.
inline key_record full_record(std::string provider, std::string key_id = "key_aaaaaaaaaaaa") {
    key_record record;
    record.provider = std::move(provider);
    record.credential_id = "cred_" + random_alphanumeric(16);
    record.key_id = std::move(key_id);
    record.sealed = std::string("\x00\xff\x80'\"\n", 6) + random_alphanumeric(60);
    record.signature = std::string(32, '\0') + random_alphanumeric(32);
    record.hint = "6789";
    record.state = key_state::verified;
    record.created_at = wall_time(std::chrono::milliseconds(1767323045678));
    record.updated_at = wall_time(std::chrono::milliseconds(1767323046789));
    record.last_used_at = wall_time(std::chrono::milliseconds(1767323047001));
    record.last_checked_at = wall_time(std::chrono::milliseconds(1767323048002));
    record.expires_at = wall_time(std::chrono::milliseconds(1798859045003));
    return record;
}

inline std::string new_uid() {
    return "user-" + random_alphanumeric(12);
}

inline void a_saved_record_comes_back_whole(store_driver& store) {
    const auto uid = new_uid();
    BOOST_TEST(store.load(uid).empty());
    const auto full = full_record("googleai");
    auto sparse = full_record("openai");
    sparse.hint.clear();
    sparse.state = key_state::unverified;
    sparse.last_used_at.reset();
    sparse.last_checked_at.reset();
    sparse.expires_at.reset();
    store.save(uid, full);
    store.save(uid, sparse);
    BOOST_TEST(store.load(uid).size() == 2U);
    BOOST_TEST(same(store.load_one(uid, "googleai").value(), full));
    BOOST_TEST(same(store.load_one(uid, "openai").value(), sparse));
}

inline std::string new_entry_id() {
    return "key_" + random_alphanumeric(12);
}

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

inline void a_save_replaces_that_providers_record_and_no_other(store_driver& store) {
    const auto uid = new_uid();
    const auto other = full_record("openai");
    store.save(uid, full_record("googleai"));
    store.save(uid, other);
    auto second = full_record("googleai");
    second.last_used_at.reset();
    second.last_checked_at.reset();
    second.expires_at.reset();
    store.save(uid, second);
    BOOST_TEST(store.load(uid).size() == 2U);
    BOOST_TEST(same(store.load_one(uid, "googleai").value(), second));
    BOOST_TEST(same(store.load_one(uid, "openai").value(), other));
}

inline void removing_says_whether_there_was_one(store_driver& store) {
    const auto uid = new_uid();
    const auto other = new_uid();
    BOOST_TEST(!store.remove(uid, "googleai"));
    store.save(uid, full_record("googleai"));
    store.save(uid, full_record("openai"));
    store.save(other, full_record("googleai"));
    BOOST_TEST(!store.remove(uid, "anthropic"));
    BOOST_TEST(store.remove(uid, "googleai"));
    BOOST_TEST(!store.remove(uid, "googleai"));
    BOOST_TEST(!store.load_one(uid, "googleai").has_value());
    BOOST_TEST(store.load_one(uid, "openai").has_value());
    BOOST_TEST(store.load_one(other, "googleai").has_value());
}

inline void a_change_touches_what_it_names(store_driver& store) {
    const auto uid = new_uid();
    auto expected = full_record("googleai");
    store.save(uid, expected);
    key_change change{"googleai", expected.credential_id, key_state::rejected, {}, {}, {}};
    BOOST_TEST(store.change(uid, change));
    expected.state = key_state::rejected;
    BOOST_TEST(same(store.load_one(uid, "googleai").value(), expected));
    const auto later = wall_time(std::chrono::milliseconds(1767400000123));
    change = {"googleai", expected.credential_id, {}, later, later + std::chrono::milliseconds(1), {}};
    BOOST_TEST(store.change(uid, change));
    expected.last_used_at = later;
    expected.last_checked_at = later + std::chrono::milliseconds(1);
    BOOST_TEST(same(store.load_one(uid, "googleai").value(), expected));
}

inline void a_change_of_another_credential_is_not_made(store_driver& store) {
    const auto uid = new_uid();
    const auto record = full_record("googleai");
    key_change change{"googleai", record.credential_id, key_state::rejected, {}, {}, {}};
    BOOST_TEST(!store.change(uid, change)); // there is none
    BOOST_TEST(store.load(uid).empty());    // and none comes of it
    const auto newer = full_record("googleai");
    store.save(uid, record);
    store.save(uid, newer);
    BOOST_TEST(!store.change(uid, change));
    BOOST_TEST(same(store.load_one(uid, "googleai").value(), newer));
    change.provider = "openai";
    change.credential_id = newer.credential_id;
    BOOST_TEST(!store.change(uid, change));
    BOOST_TEST(store.load(uid).size() == 1U);
}

inline void a_replacement_is_made_only_for_the_same_credential_and_entry(store_driver& store) {
    const auto uid = new_uid();
    const auto old = full_record("googleai", "key_aaaaaaaaaaaa");
    auto moved = full_record("googleai", "key_bbbbbbbbbbbb");
    BOOST_TEST(!store.replace(uid, moved, "key_aaaaaaaaaaaa"));
    BOOST_TEST(store.load(uid).empty());
    store.save(uid, old);
    BOOST_TEST(!store.replace(uid, moved, "key_aaaaaaaaaaaa")); // another credential
    moved.credential_id = old.credential_id;
    BOOST_TEST(!store.replace(uid, moved, "key_cccccccccccc")); // another entry
    BOOST_TEST(same(store.load_one(uid, "googleai").value(), old));
    BOOST_TEST(store.replace(uid, moved, "key_aaaaaaaaaaaa"));
    BOOST_TEST(same(store.load_one(uid, "googleai").value(), moved));
    BOOST_TEST(!store.replace(uid, moved, "key_aaaaaaaaaaaa")); // done already
}

inline void a_replacement_keeps_what_was_learnt_meanwhile(store_driver& store) {
    const auto uid = new_uid();
    auto expected = full_record("googleai", "key_aaaaaaaaaaaa");
    store.save(uid, expected);
    auto moved = *store.load_one(uid, "googleai"); // as a rewrap reads it
    const auto later = wall_time(std::chrono::milliseconds(1767400000123));
    BOOST_TEST(store.change(uid, {"googleai", expected.credential_id, key_state::rejected, later, {}, {}}));
    moved.key_id = "key_bbbbbbbbbbbb";
    moved.sealed = "another box";
    moved.signature = std::string(64, 's');
    moved.updated_at = later;
    BOOST_TEST(store.replace(uid, moved, "key_aaaaaaaaaaaa"));
    moved.state = key_state::rejected;
    moved.last_used_at = later;
    BOOST_TEST(same(store.load_one(uid, "googleai").value(), moved));
}

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

/// The whole store is walked, so other users' records may come, too; each of ours comes once.
inline void pages_of_old_records_give_each_record_once(store_driver& store) {
    const auto newest = "key_" + random_alphanumeric(12);
    std::set<std::pair<std::string, std::string>> expected;
    for (int i = 0; i < 7; ++i) {
        const auto uid = new_uid();
        for (const std::string provider : {"anthropic", "googleai", "openai"}) {
            const bool is_old = i % 3 != 2 || provider == "googleai";
            store.save(uid, full_record(provider, is_old ? "key_aaaaaaaaaaaa" : newest));
            if (is_old) expected.emplace(uid, provider);
        }
    }
    for (const std::size_t limit : {1U, 2U, 4U, 100U}) {
        std::set<std::pair<std::string, std::string>> seen;
        std::optional<user_id> after;
        std::size_t pages = 0;
        for (;;) {
            const auto page = store.list_not_under(newest, after, limit);
            if (page.empty()) break;
            BOOST_TEST_REQUIRE(++pages < 1000U);
            BOOST_TEST(page.size() <= limit + 2U);
            for (const auto& one : page) {
                BOOST_TEST(one.record.key_id != newest);
                BOOST_TEST(seen.emplace(one.who.uid(), one.record.provider).second);
            }
            after = page.back().who;
        }
        BOOST_TEST(std::includes(seen.begin(), seen.end(), expected.begin(), expected.end()));
    }
}

inline void a_uid_of_any_bytes_is_a_user_of_its_own(store_driver& store) {
    const auto tail = random_alphanumeric(12);
    const std::string uids[] = {
        "/" + tail,
        "../" + tail,
        "." + tail,
        "__" + tail + "__",
        "a b" + tail,
        "%2F" + tail,
        "'" + tail,
        "\"" + tail,
        "ö" + tail,
        "o" + tail,
        "\xf0\x9f\x94\x91" + tail,
        tail + "\x01",
        std::string(128, 'u') + tail,
        "~" + tail,
        "A" + tail,
        "a" + tail,
    };
    for (const auto& uid : uids) {
        auto record = full_record("googleai");
        record.hint = std::to_string(&uid - uids);
        store.save(uid, record);
    }
    for (const auto& uid : uids) {
        const auto records = store.load(uid);
        BOOST_TEST_REQUIRE(records.size() == 1U, uid);
        BOOST_TEST(records[0].hint == std::to_string(&uid - uids), uid);
    }
    for (const auto& uid : uids) BOOST_TEST(store.remove(uid, "googleai"), uid);
}

/// Of one uid, which is also what somebody of no tenant is called.
inline std::vector<user_id> users_of_one_uid(const std::string& uid) {
    return {user_id(uid), user_id::in_tenant("acme-x1y2z", uid), user_id::in_tenant("beta-x1y2z", uid),
            user_id::in_tenant("acme-x1y2zu", uid.substr(1))};
}

inline void a_uid_in_two_tenants_is_two_users(store_driver& store) {
    const auto users = users_of_one_uid(new_uid());
    std::vector<key_record> records;
    for (const auto& who : users) {
        BOOST_TEST(store.load(who).empty());
        records.push_back(full_record("googleai"));
        store.save(who, records.back());
    }
    const key_change used{"googleai", records[1].credential_id, key_state::rejected, {}, {}, {}};
    BOOST_TEST(store.change(users[1], used));
    records[1].state = key_state::rejected;
    BOOST_TEST(!store.change(users[2], used));
    auto moved = records[2];
    moved.key_id = "key_bbbbbbbbbbbb";
    BOOST_TEST(!store.replace(users[0], moved, "key_aaaaaaaaaaaa"));
    BOOST_TEST(store.replace(users[2], moved, "key_aaaaaaaaaaaa"));
    records[2] = moved;
    for (std::size_t i = 0; i < users.size(); ++i) {
        BOOST_TEST_REQUIRE(store.load(users[i]).size() == 1U);
        BOOST_TEST(same(store.load_one(users[i], "googleai").value(), records[i]));
    }
    BOOST_TEST(store.remove(users[1], "googleai"));
    BOOST_TEST(!store.load_one(users[1], "googleai").has_value());
    for (const auto i : {0U, 2U, 3U})
        BOOST_TEST(same(store.load_one(users[i], "googleai").value(), records[i]));
}

inline void pages_name_each_record_s_user_whole(store_driver& store) {
    const auto newest = "key_" + random_alphanumeric(12);
    std::set<std::pair<user_id, std::string>> expected;
    for (int i = 0; i < 3; ++i) {
        for (const auto& who : users_of_one_uid(new_uid())) {
            store.save(who, full_record("googleai"));
            expected.emplace(who, "googleai");
        }
    }
    for (const std::size_t limit : {1U, 5U, 100U}) {
        std::set<std::pair<user_id, std::string>> seen;
        std::optional<user_id> after;
        for (auto page = store.list_not_under(newest, after, limit); !page.empty();
             page = store.list_not_under(newest, after, limit)) {
            for (const auto& one : page) BOOST_TEST(seen.emplace(one.who, one.record.provider).second);
            after = page.back().who;
        }
        BOOST_TEST(std::includes(seen.begin(), seen.end(), expected.begin(), expected.end()));
    }
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

inline void a_probe_is_answered(store_driver& store) {
    BOOST_TEST(store.answers());
}

/// All of them, each on a store that `make(reactor)` opens: a pointer to a `key_store`, or to something that
/// stands before one.
template <class Factory>
void check_key_store_contract(Factory make) {
    using check = void (*)(store_driver&);
    const std::pair<const char*, check> checks[] = {
        {"a saved record comes back whole", a_saved_record_comes_back_whole},
        {"no record is put under a closed entry", no_record_is_put_under_a_closed_entry},
        {"what savers told is there until they take it back", what_savers_told_is_there_until_taken_back},
        {"a save replaces that provider's record and no other",
         a_save_replaces_that_providers_record_and_no_other},
        {"removing says whether there was one", removing_says_whether_there_was_one},
        {"a change touches what it names", a_change_touches_what_it_names},
        {"a change of another credential is not made", a_change_of_another_credential_is_not_made},
        {"a replacement is made only for the same credential and entry",
         a_replacement_is_made_only_for_the_same_credential_and_entry},
        {"a replacement keeps what was learnt meanwhile", a_replacement_keeps_what_was_learnt_meanwhile},
        {"writers of one user neither lose nor resurrect a key",
         writers_of_one_user_neither_lose_nor_resurrect_a_key},
        {"of two saves at once one is kept whole", of_two_saves_at_once_one_is_kept_whole},
        {"pages of old records give each record once", pages_of_old_records_give_each_record_once},
        {"a uid of any bytes is a user of its own", a_uid_of_any_bytes_is_a_user_of_its_own},
        {"a uid in two tenants is two users", a_uid_in_two_tenants_is_two_users},
        {"pages name each record's user whole", pages_name_each_record_s_user_whole},
        {"many at once are all kept", many_at_once_are_all_kept},
        {"a probe is answered", a_probe_is_answered},
    };
    for (const auto& [name, run] : checks) {
        BOOST_TEST_CONTEXT(name) {
            running_reactor reactor;
            const auto store = make(reactor);
            store_driver driver(reactor, *store);
            run(driver);
        }
    }
}

} // namespace byot::vault::testing
