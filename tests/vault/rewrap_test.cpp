#include "vault/keyring_driver.hpp"
#include "vault/rewrap.hpp"
#include "vault/vault_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

namespace {

using namespace std::chrono_literals;

std::string uid_of(int number) {
    return "user-" + std::to_string(1000 + number);
}

/// Records under entry 1 of a ring whose newest is entry 2.
struct stored_keys {
    temporary_directory directory;
    std::string path = (directory / "keys.db").string();
    std::unique_ptr<key_store> store = open_sqlite_store(path);
    keyring old_ring = ring_of_seeds({1});
    std::shared_ptr<live_keyring> live =
        std::make_shared<live_keyring>(std::make_shared<const keyring>(ring_of_seeds({1, 2})));
    running_reactor reactor;
    running_reactor side{1};
    store_driver beside{side, *store};
    rewrap_settings settings;

    stored_keys() {
        settings.pause = 1ms;
        settings.settling = 0ms; // there are no servers
    }

    void save_under_old(const std::string& uid, std::string_view api_key = "sk-test-0123456789") {
        beside.save(uid, sample_record(old_ring, uid, "googleai", api_key));
    }
    void fill(int users) {
        for (int i = 0; i < users; ++i) save_under_old(uid_of(i), "sk-of-" + uid_of(i));
    }
    rewrap_outcome run(rewrap::observer on_progress = {}) { return run_on(reactor, std::move(on_progress)); }
    rewrap_outcome run_on(running_reactor& on, rewrap::observer on_progress = {}) {
        rewrap work(on.home(), *store, *live, settings, std::move(on_progress));
        auto start = [&] { return work.run(); };
        return on.wait<rewrap_outcome>(start);
    }
    std::size_t left() { return beside.list_not_under(id_of_seed(2), {}, 100000).size(); }
    std::string opened(const std::string& uid) {
        const auto record = beside.load_one(uid, "googleai");
        if (!record) return "none";
        const auto key =
            open_record(ring_of_seeds({2}), user_id(uid), *record); // the old entry is not needed any more
        return key ? std::string(key->expose()) : "closed";
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(rewrap_suite, stored_keys)

BOOST_AUTO_TEST_CASE(every_key_is_under_the_newest_entry_and_opens_there) {
    fill(120);
    settings.page = 50;
    std::vector<std::uint64_t> moved;
    const auto outcome = run([&](const rewrap_counts& counts) { moved.push_back(counts.moved); });
    BOOST_TEST((outcome.end == rewrap_end::nothing_left));
    BOOST_TEST(outcome.counts.moved == 120U);
    BOOST_TEST(outcome.counts.changed_meanwhile + outcome.counts.undecryptable == 0U);
    BOOST_TEST(moved == (std::vector<std::uint64_t>{50, 100, 120}));
    BOOST_TEST(left() == 0U);
    for (int i = 0; i < 120; ++i) BOOST_TEST(opened(uid_of(i)) == "sk-of-" + uid_of(i));
    BOOST_TEST(run().counts.moved == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_known_of_a_key_stays_but_for_when_it_was_written) {
    auto before = sample_record(old_ring, "user-1");
    before.state = key_state::rejected;
    before.last_used_at = at(now_seconds + 1);
    before.last_checked_at = at(now_seconds + 2);
    before.expires_at = at(now_seconds + 1000000000);
    sign(old_ring.newest(), user_id("user-1"), before);
    beside.save("user-1", before);
    BOOST_TEST(run().counts.moved == 1U);
    const auto after = beside.load_one("user-1", "googleai").value();
    BOOST_TEST(after.credential_id == before.credential_id);
    BOOST_TEST(after.hint == before.hint);
    BOOST_TEST((after.state == before.state));
    BOOST_TEST((after.created_at == before.created_at));
    BOOST_TEST((after.last_used_at == before.last_used_at));
    BOOST_TEST((after.last_checked_at == before.last_checked_at));
    BOOST_TEST((after.expires_at == before.expires_at));
    BOOST_TEST((after.updated_at > before.updated_at));
    BOOST_TEST(after.key_id == id_of_seed(2));
    BOOST_TEST(is_authentic(*live->current(), user_id("user-1"), after));
}

BOOST_AUTO_TEST_CASE(keys_of_one_uid_in_several_tenants_are_moved_each_for_its_own_user) {
    const std::vector<user_id> users{user_id("ann"), user_id::in_tenant("acme-x1y2z", "ann"),
                                     user_id::in_tenant("beta-x1y2z", "ann")};
    settings.page = 1;
    for (const auto& who : users) {
        beside.save(who, sample_record(old_ring, who, "googleai", "sk-of-" + std::string(who.tenant())));
    }
    const auto outcome = run();
    BOOST_TEST((outcome.end == rewrap_end::nothing_left));
    BOOST_TEST(outcome.counts.moved == 3U);
    for (const auto& who : users) {
        const auto key = open_record(ring_of_seeds({2}), who, *beside.load_one(who, "googleai"));
        BOOST_TEST_REQUIRE(key.has_value());
        BOOST_TEST(key->expose() == "sk-of-" + std::string(who.tenant()));
    }
}

BOOST_AUTO_TEST_CASE(what_does_not_open_is_counted_and_left_as_it_is) {
    fill(3);
    auto forged = sample_record(old_ring, "forged");
    forged.hint = "1234";
    forged.credential_id.back() ^= 1;
    beside.save("forged", forged);
    const auto lost = sample_record(ring_of_seeds({9}), "lost");
    beside.save("lost", lost);
    const auto outcome = run();
    BOOST_TEST((outcome.end == rewrap_end::undecryptable_left));
    BOOST_TEST(outcome.counts.undecryptable == 2U);
    BOOST_TEST(outcome.counts.moved == 3U);
    BOOST_TEST(beside.load_one("forged", "googleai")->signature == forged.signature);
    BOOST_TEST(beside.load_one("lost", "googleai")->sealed == lost.sealed);
    BOOST_TEST((beside.load_one("lost", "googleai")->state == key_state::unverified));
}

BOOST_AUTO_TEST_CASE(it_is_stopped_between_records_and_finishes_when_it_is_run_again) {
    fill(60);
    settings.page = 20;
    rewrap* running = nullptr;
    rewrap first(reactor.home(), *store, *live, settings, [&](const rewrap_counts&) { running->stop(); });
    running = &first;
    auto start = [&] { return first.run(); };
    const auto stopped = reactor.wait<rewrap_outcome>(start);
    BOOST_TEST((stopped.end == rewrap_end::stopped));
    BOOST_TEST(stopped.counts.moved == 20U);
    BOOST_TEST(left() == 40U);
    const auto outcome = run();
    BOOST_TEST((outcome.end == rewrap_end::nothing_left));
    BOOST_TEST(outcome.counts.moved == 40U);
    BOOST_TEST(left() == 0U);
}

BOOST_AUTO_TEST_CASE(a_store_that_stays_away_ends_it_with_what_was_done) {
    fill(40);
    settings.page = 20;
    settings.attempts = 3;
    const auto outcome = run(
        [&](const rewrap_counts&) { sqlite_database(path).execute("ALTER TABLE keys RENAME TO elsewhere"); });
    BOOST_TEST((outcome.end == rewrap_end::store_failed));
    BOOST_TEST(outcome.counts.moved == 20U);
    sqlite_database(path).execute("ALTER TABLE elsewhere RENAME TO keys");
    BOOST_TEST(left() == 20U);
}

BOOST_AUTO_TEST_CASE(a_store_that_takes_no_change_ends_it_with_every_key_as_it_was) {
    fill(3);
    settings.attempts = 2;
    sqlite_database(path).execute("CREATE TRIGGER refuse BEFORE UPDATE ON keys BEGIN "
                                  "SELECT RAISE(ABORT, 'as if the disk had failed'); END");
    const auto outcome = run();
    BOOST_TEST((outcome.end == rewrap_end::store_failed));
    BOOST_TEST(outcome.counts.moved == 0U);
    BOOST_TEST(left() == 3U);
}

BOOST_AUTO_TEST_CASE(a_store_that_comes_back_is_asked_again) {
    fill(40);
    settings.page = 20;
    settings.attempts = 20;
    settings.pause = 2ms; // twice as long each time
    std::thread mender;
    const auto outcome = run([&](const rewrap_counts& counts) {
        if (counts.moved != 20) return;
        sqlite_database(path).execute("ALTER TABLE keys RENAME TO elsewhere");
        mender = std::thread([this] {
            std::this_thread::sleep_for(30ms); // as long as the store is away
            sqlite_database(path).execute("ALTER TABLE elsewhere RENAME TO keys");
        });
    });
    mender.join();
    BOOST_TEST((outcome.end == rewrap_end::nothing_left));
    BOOST_TEST(outcome.counts.moved == 40U);
}

BOOST_AUTO_TEST_CASE(a_key_saved_under_the_old_entry_behind_it_is_moved_too) {
    fill(30);
    settings.page = 10;
    bool is_saved = false;
    const auto outcome = run([&](const rewrap_counts&) {
        if (!std::exchange(is_saved, true)) save_under_old("a-first-user"); // before all the others
    });
    BOOST_TEST((outcome.end == rewrap_end::nothing_left));
    BOOST_TEST(outcome.counts.moved == 31U);
    BOOST_TEST(left() == 0U);
}

BOOST_AUTO_TEST_CASE(servers_are_given_the_time_to_find_the_keyring_however_old_its_entries_are) {
    settings.settling = 300ms;
    fill(1);
    const auto begun = steady_now();
    const auto outcome = run();
    BOOST_TEST((outcome.end == rewrap_end::nothing_left));
    BOOST_TEST((steady_now() - begun >= 250ms));
}

BOOST_AUTO_TEST_CASE(servers_are_given_the_time_to_leave_a_retired_younger_entry) {
    std::vector<keyring_entry> entries;
    entries.push_back(fixed_entry(2, id_of_seed(2)));
    entries.push_back(fixed_entry(3, id_of_seed(3)));
    entries.back().is_active = false;
    live = std::make_shared<live_keyring>(ring_of(std::move(entries)));
    settings.settling = 300ms;
    beside.save("user-1", sample_record(ring_of_seeds({3}), "user-1", "googleai", "sk-1"));
    const auto begun = steady_now();
    BOOST_TEST((run().end == rewrap_end::nothing_left));
    BOOST_TEST((steady_now() - begun >= 250ms));
    BOOST_TEST(opened("user-1") == "sk-1"); // back under the entry before it
}

BOOST_AUTO_TEST_CASE(a_server_that_never_finds_the_new_entry_is_told_of) {
    fill(1);
    settings.passes = 3;
    int behind = 0; // each before all that were there
    const auto outcome = run([&](const rewrap_counts&) { save_under_old(uid_of(--behind)); });
    BOOST_TEST((outcome.end == rewrap_end::still_written));
    BOOST_TEST(outcome.counts.moved >= 3U);
    BOOST_TEST(left() == 1U);
}

BOOST_AUTO_TEST_CASE(two_at_once_move_each_key_once) {
    fill(200);
    running_reactor other(2);
    rewrap second(other.home(), *store, *live, settings);
    auto start = [&] { return second.run(); };
    auto its_outcome = other.start<rewrap_outcome>(start);
    const auto outcome = run();
    const auto others = its_outcome.get();
    BOOST_TEST(outcome.counts.moved + others.counts.moved == 200U);
    BOOST_TEST((outcome.end == rewrap_end::nothing_left && others.end == rewrap_end::nothing_left));
    BOOST_TEST(left() == 0U);
}

BOOST_AUTO_TEST_CASE(no_removed_key_comes_back_and_no_newer_one_is_lost) {
    constexpr int users = 300;
    fill(users);
    std::atomic<bool> is_over = false;
    std::vector<std::string> expected(users);
    std::thread traffic([&] {
        const auto newest = ring_of_seeds({2});
        for (int i = users - 1; i >= 0; --i) { // towards the rewrap
            const auto uid = uid_of(i);
            expected[static_cast<std::size_t>(i)] = i % 2 == 0 ? "none" : "sk-newer-" + uid;
            if (i % 2 == 0) {
                beside.remove(uid, "googleai");
            } else {
                beside.save(uid, sample_record(newest, uid, "googleai", "sk-newer-" + uid));
            }
        }
        is_over = true;
    });
    auto outcome = run();
    while (!is_over || left() > 0) outcome = run();
    traffic.join();
    BOOST_TEST((outcome.end == rewrap_end::nothing_left));
    for (int i = 0; i < users; ++i) BOOST_TEST(opened(uid_of(i)) == expected[static_cast<std::size_t>(i)]);
}

BOOST_AUTO_TEST_SUITE_END()
