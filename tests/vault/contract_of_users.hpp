#pragma once

#include "vault/full_record.hpp"
#include "vault/store_driver.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// What every `key_store` promises of users: whose is whose, pages of them, and one who is removed.
namespace byot::vault::testing {

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

inline failure refusal_of_save(store_driver& store, const whose& uid, const key_record& record) {
    auto work = [&] { return store.store().save(store.reactor().home(), uid, record); };
    const auto saved = store.reactor().wait<result<bool>>(work);
    BOOST_TEST_REQUIRE(!saved.has_value());
    return saved.error();
}

inline key_record record_of(wall_time created_at, std::string provider = "googleai") {
    auto record = full_record(std::move(provider));
    record.created_at = created_at;
    return record;
}

inline void nothing_of_a_removed_user_comes_back(store_driver& store) {
    using std::chrono::milliseconds;
    const auto removed = wall_time(milliseconds(1767400000123));
    const auto uid = new_uid();
    const auto other = new_uid();
    const auto in_tenant = user_id::in_tenant("acme-x1y2z", uid);
    store.save(uid, full_record("googleai"));
    store.save(uid, full_record("openai"));
    store.save(other, full_record("googleai"));
    store.save(in_tenant, full_record("googleai"));
    store.remove_user(uid, removed);
    BOOST_TEST(store.load(uid).empty());
    BOOST_TEST(store.load(other).size() == 1U);
    BOOST_TEST(store.load(in_tenant).size() == 1U);
    // What arrives late, of the removal's own time too.
    for (const auto late : {removed - std::chrono::hours(1), removed}) {
        const auto why = refusal_of_save(store, uid, record_of(late));
        BOOST_TEST((why.why() == reason::store_unavailable));
        BOOST_TEST(why.message() == removed_meanwhile().message());
    }
    BOOST_TEST(store.load(uid).empty());
    // What the user stores afterwards is kept, and what is late then is still refused.
    const auto anew = record_of(removed + milliseconds(1));
    BOOST_TEST(store.save(uid, anew));
    refusal_of_save(store, uid, record_of(removed));
    refusal_of_save(store, uid, record_of(removed, "openai"));
    BOOST_TEST(store.load(uid).size() == 1U);
    BOOST_TEST(same(store.load_one(uid, "googleai").value(), anew));
}

inline void a_removal_that_comes_late_moves_no_tombstone_back(store_driver& store) {
    const auto removed = wall_time(std::chrono::milliseconds(1767400000123));
    for (const auto& uid : {whose(new_uid()), whose("~" + new_uid()),
                            whose(user_id::in_tenant("acme-x1y2z", new_uid()))}) { // of nothing, as yet
        store.remove_user(uid, removed);
        store.remove_user(uid, removed - std::chrono::hours(1));
        refusal_of_save(store, uid, record_of(removed));
        store.remove_user(uid, removed + std::chrono::hours(1));
        refusal_of_save(store, uid, record_of(removed + std::chrono::hours(1)));
        BOOST_TEST(store.save(uid, record_of(removed + std::chrono::hours(2))));
        BOOST_TEST(store.load(uid).size() == 1U);
    }
}

} // namespace byot::vault::testing
