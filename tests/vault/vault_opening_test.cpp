#include "vault/passing_store.hpp"
#include "vault/vault_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <mutex>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;
using namespace std::chrono_literals;

namespace {

// Counts, and holds answers back until it is told.
class gated_store final : public passing_store {
public:
    using passing_store::passing_store;

    task<result<std::vector<key_record>>> load(net::reactor& here, user_id who) override {
        ++loads;
        auto records = co_await passing_store::load(here, who);
        while (holds) {
            reached = true;
            co_await here.sleep_until(steady_now() + 1ms);
        }
        if (changes_while_read) co_await changes_while_read->forget(here, who);
        co_return records;
    }
    task<result<bool>> change(net::reactor& here, user_id who, key_change what) override {
        ++changes;
        return passing_store::change(here, std::move(who), std::move(what));
    }

    std::atomic<int> loads{0};
    std::atomic<int> changes{0};
    std::atomic<bool> holds{false};
    std::atomic<bool> reached{false};
    vault_peers* changes_while_read = nullptr; ///< told with each read that the user's keys were changed
};

struct gated_fixture : vaults_fixture {
    gated_store gate{*store};
    std::shared_ptr<vault_peers> gated_peers = std::make_shared<vault_peers>();
    vault_driver first{3, gated_peers, gate, ring};
    vault_driver second{4, gated_peers, gate, ring};

    std::future<open_outcome> begin_open(vault_driver& at, whose uid) {
        auto work = [&at, uid] { return vault_driver::opened(at.of(), uid, "googleai", now()); };
        return at.reactor().start<open_outcome>(work);
    }
    void wait_until_read() {
        while (!gate.reached) std::this_thread::yield();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(vault_opening_suite, gated_fixture)

BOOST_AUTO_TEST_CASE(a_stored_key_opens_and_is_then_found_without_the_store) {
    const auto record = first.save("user-1", vault_driver::plain("sk-1"));
    BOOST_TEST(first.find_cached("user-1") == "nothing");
    const auto opened = first.open("user-1");
    BOOST_TEST(opened.text == "sk-1");
    BOOST_TEST(opened.about.credential_id == record->credential_id);
    BOOST_TEST(first.find_cached("user-1") == "sk-1");
    const int loads = gate.loads;
    BOOST_TEST(first.open("user-1").text == "sk-1");
    BOOST_TEST(gate.loads == loads);
    BOOST_TEST(second.find_cached("user-1") == "nothing");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_opened_is_named) {
    BOOST_TEST(first.open("user-1").text == "KEY_REQUIRED");
    auto request = vault_driver::plain("sk-1");
    request.expires_at = now() + 1h;
    BOOST_TEST(first.save("user-1", std::move(request)).has_value());
    BOOST_TEST(first.open("user-1", "openai").text == "KEY_REQUIRED");
    BOOST_TEST(first.open("user-2").text == "KEY_REQUIRED");
    BOOST_TEST(first.open("user-1", "googleai", now() + 1h - 1ms).text == "sk-1");
    BOOST_TEST(first.open("user-1", "googleai", now() + 1h).text == "KEY_EXPIRED"); // though it is cached
}

BOOST_AUTO_TEST_CASE(a_key_opened_for_a_question_is_the_stored_one_and_not_used) {
    BOOST_TEST(first.open_stored("user-1").text == "KEY_REQUIRED");
    auto request = vault_driver::plain("sk-1");
    request.expires_at = now() + 1h;
    const auto record = first.save("user-1", std::move(request));
    const auto opened = first.open_stored("user-1");
    BOOST_TEST(opened.text == "sk-1");
    BOOST_TEST(opened.about.credential_id == record->credential_id);
    BOOST_TEST(first.open_stored("user-1", "openai").text == "KEY_REQUIRED");
    BOOST_TEST(first.open_stored("user-1", "googleai", now() + 1h).text == "KEY_EXPIRED");
    BOOST_TEST(first.find_cached("user-1") == "nothing");
    first.settle();
    BOOST_TEST(!stored("user-1").last_used_at.has_value());
}

BOOST_AUTO_TEST_CASE(a_key_opened_for_a_question_comes_from_the_store_though_another_is_cached) {
    BOOST_TEST(first.save("user-1", vault_driver::plain("sk-old")).has_value());
    BOOST_TEST(first.open("user-1").text == "sk-old");
    // As another instance would, which cannot reach this one's cache.
    const auto apart = std::make_shared<vault_peers>();
    vault_driver elsewhere(5, apart, *store, ring);
    BOOST_TEST(elsewhere.save("user-1", vault_driver::plain("sk-new")).has_value());
    BOOST_TEST(first.find_cached("user-1") == "sk-old");
    BOOST_TEST(first.open_stored("user-1").text == "sk-new");
}

BOOST_AUTO_TEST_CASE(a_removed_or_replaced_key_is_used_on_no_reactor) {
    BOOST_TEST(first.save("user-1", vault_driver::plain("sk-old")).has_value());
    BOOST_TEST(first.open("user-1").text == "sk-old");
    BOOST_TEST(second.open("user-1").text == "sk-old");
    BOOST_TEST(first.save("user-1", vault_driver::plain("sk-new")).has_value());
    BOOST_TEST(second.find_cached("user-1") == "nothing");
    BOOST_TEST(second.open("user-1").text == "sk-new");
    BOOST_TEST(second.remove("user-1").value());
    BOOST_TEST(first.find_cached("user-1") == "nothing");
    BOOST_TEST(first.open("user-1").text == "KEY_REQUIRED");
    BOOST_TEST(second.open("user-1").text == "KEY_REQUIRED");
    BOOST_TEST(!second.remove("user-1").value());
}

BOOST_AUTO_TEST_CASE(a_key_removed_while_another_reactor_reads_it_is_not_used_there) {
    BOOST_TEST(first.save("user-1", vault_driver::plain("sk-1")).has_value());
    gate.holds = true;
    auto opening = begin_open(second, "user-1");
    wait_until_read(); // the record is read, and held back
    BOOST_TEST(first.remove("user-1").value());
    gate.holds = false;
    BOOST_TEST(opening.get().text == "KEY_REQUIRED");
    BOOST_TEST(second.find_cached("user-1") == "nothing");
}

BOOST_AUTO_TEST_CASE(a_key_that_is_changed_with_every_read_is_not_read_for_ever) {
    BOOST_TEST(first.save("user-1", vault_driver::plain("sk-1")).has_value());
    gate.changes_while_read = gated_peers.get();
    gate.loads = 0;
    BOOST_TEST(first.open("user-1").text == "STORE_UNAVAILABLE");
    BOOST_TEST(gate.loads == 8);
    gate.changes_while_read = nullptr;
    BOOST_TEST(first.open("user-1").text == "sk-1");
}

BOOST_AUTO_TEST_CASE(those_who_wait_for_the_same_user_share_one_read) {
    BOOST_TEST(first.save("user-1", vault_driver::plain("sk-1")).has_value());
    gate.holds = true;
    std::vector<std::future<open_outcome>> openings;
    for (int i = 0; i < 20; ++i) openings.push_back(begin_open(first, "user-1"));
    first.reactor().call<int>([] { return 0; });
    wait_until_read();
    gate.holds = false;
    for (auto& opening : openings) BOOST_TEST(opening.get().text == "sk-1");
    BOOST_TEST(gate.loads == 1);
}

BOOST_AUTO_TEST_CASE(with_no_time_to_live_each_opening_reads_for_itself) {
    vault_settings settings;
    settings.time_to_live = 0ms;
    vault_driver reading(5, gated_peers, gate, ring, settings);
    BOOST_TEST(reading.save("user-1", vault_driver::plain("sk-1")).has_value());
    gate.holds = true;
    std::vector<std::future<open_outcome>> openings;
    for (int i = 0; i < 5; ++i) openings.push_back(begin_open(reading, "user-1"));
    wait_until_read();
    reading.reactor().call<int>([] { return 0; });
    gate.holds = false;
    for (auto& opening : openings) BOOST_TEST(opening.get().text == "sk-1");
    BOOST_TEST(gate.loads == 5);
    BOOST_TEST(reading.find_cached("user-1") == "nothing");
}

BOOST_AUTO_TEST_CASE(a_tampered_key_is_marked_once_as_undecryptable) {
    auto record = sample_record(*ring, "user-1");
    record.sealed[40] = static_cast<char>(record.sealed[40] ^ 1);
    beside.save("user-1", record);
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(first.open("user-1").text == "KEY_UNDECRYPTABLE");
        first.settle();
    }
    BOOST_TEST(gate.changes == 1);
    BOOST_TEST((stored("user-1").state == key_state::undecryptable));
    BOOST_TEST(!stored("user-1").last_used_at.has_value());
}

BOOST_AUTO_TEST_CASE(a_key_of_an_unknown_entry_is_undecryptable_until_the_entry_is_back) {
    std::vector<keyring_entry> entries;
    entries.push_back(fixed_entry(1, "key_oldoldoldold"));
    vault_driver behind(5, gated_peers, gate, ring_of(std::move(entries)));
    BOOST_TEST(first.save("user-1", vault_driver::plain("sk-1")).has_value());
    BOOST_TEST(behind.open("user-1").text == "KEY_UNDECRYPTABLE");
    behind.settle();
    BOOST_TEST((stored("user-1").state == key_state::undecryptable));
    const auto opened = first.open("user-1");
    first.settle();
    BOOST_TEST(opened.text == "sk-1");
    BOOST_TEST((opened.about.state == key_state::unverified));
    BOOST_TEST((stored("user-1").state == key_state::unverified));
}

BOOST_AUTO_TEST_CASE(a_use_is_recorded_in_the_background_and_seldom) {
    BOOST_TEST(first.save("user-1", vault_driver::plain("sk-1")).has_value());
    BOOST_TEST(first.open("user-1").text == "sk-1");
    first.settle();
    BOOST_TEST((stored("user-1").last_used_at == now()));
    BOOST_TEST(gate.changes == 1);
    BOOST_TEST(first.open("user-1").text == "sk-1"); // from the cache
    auto forgotten = first.change_state("user-1", stored("user-1").credential_id, key_state::verified);
    BOOST_TEST(forgotten.value());
    BOOST_TEST(first.open("user-1", "googleai", now() + 5min - 1ms).text == "sk-1"); // from the store
    BOOST_TEST(second.open("user-1", "googleai", now() + 5min - 1ms).text == "sk-1");
    first.settle();
    second.settle();
    BOOST_TEST(gate.changes == 2); // the state's, and no other
    forgotten = first.change_state("user-1", stored("user-1").credential_id, key_state::verified);
    BOOST_TEST(first.open("user-1", "googleai", now() + 5min).text == "sk-1");
    first.settle();
    BOOST_TEST((stored("user-1").last_used_at == now() + 5min));
}

BOOST_AUTO_TEST_CASE(a_changed_state_is_stored_and_read_anew_everywhere) {
    const auto record = first.save("user-1", vault_driver::plain("sk-1"));
    BOOST_TEST(second.open("user-1").text == "sk-1");
    BOOST_TEST(first.change_state("user-1", record->credential_id, key_state::rejected).value());
    BOOST_TEST((stored("user-1").state == key_state::rejected));
    BOOST_TEST((stored("user-1").last_checked_at == now()));
    BOOST_TEST(second.find_cached("user-1") == "nothing");
    BOOST_TEST((second.open("user-1").about.state == key_state::rejected));
    BOOST_TEST(!first.change_state("user-1", "cred_another", key_state::verified).value());
    BOOST_TEST((stored("user-1").state == key_state::rejected));
}

BOOST_AUTO_TEST_CASE(a_state_that_was_told_is_written_in_the_background_and_waited_for) {
    const auto record = first.save("user-1", vault_driver::plain("sk-1"));
    BOOST_TEST(second.open("user-1").text == "sk-1");
    first.note_state("user-1", record->credential_id, key_state::exhausted);
    first.settle();
    BOOST_TEST((stored("user-1").state == key_state::exhausted));
    BOOST_TEST((stored("user-1").last_checked_at == now()));
    BOOST_TEST(second.find_cached("user-1") == "nothing");
}

BOOST_AUTO_TEST_CASE(a_store_that_fails_is_said_to_be_unavailable_and_what_is_cached_still_opens) {
    BOOST_TEST(first.save("user-1", vault_driver::plain("sk-1")).has_value());
    BOOST_TEST(first.open("user-1").text == "sk-1");
    first.settle();
    sqlite_database((directory / "keys.db").string()).execute("DROP TABLE keys");
    BOOST_TEST(first.open("user-1").text == "sk-1");
    BOOST_TEST(second.open("user-1").text == "STORE_UNAVAILABLE");
    const auto saved = first.save("user-1", vault_driver::plain("sk-2"));
    BOOST_TEST((saved.error().why() == reason::store_unavailable));
    BOOST_TEST(first.find_cached("user-1") == "nothing"); // nobody knows whether it was written
    BOOST_TEST((first.list("user-1").error().why() == reason::store_unavailable));
    BOOST_TEST((first.remove("user-1").error().why() == reason::store_unavailable));
}

BOOST_AUTO_TEST_CASE(a_waiting_reader_that_goes_away_leaves_the_others_their_answer) {
    BOOST_TEST(first.save("user-1", vault_driver::plain("sk-1")).has_value());
    gate.holds = true;
    auto leaving = std::make_shared<std::optional<task<open_outcome>>>();
    first.reactor().call<int>([&, leaving] {
        leaving->emplace(vault_driver::opened(first.of(), "user-1", "googleai", now()));
        const bool is_waiting = (*leaving)->await_suspend(std::noop_coroutine()); // begins it
        BOOST_TEST(is_waiting);
        return 0;
    });
    auto staying = begin_open(first, "user-1");
    first.reactor().call<int>([leaving] {
        leaving->reset();
        return 0;
    });
    gate.holds = false;
    BOOST_TEST(staying.get().text == "sk-1");
    BOOST_TEST(gate.loads == 1);
}

BOOST_AUTO_TEST_SUITE_END()
