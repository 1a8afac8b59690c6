#include "vault/entry_removal.hpp"
#include "vault/passing_store.hpp"
#include "vault/vault_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <functional>
#include <thread>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;
using namespace std::chrono_literals;

namespace {

/// Has something happen just before an entry is closed.
class interrupted_store final : public passing_store {
public:
    using passing_store::passing_store;

    task<result<void>> close_entry(net::reactor& here, std::string key_id) override {
        if (before_closing) {
            const auto saved = co_await before_closing();
            static_cast<void>(saved);
        }
        co_return co_await passing_store::close_entry(here, std::move(key_id));
    }

    std::function<task<bool>()> before_closing;
};

struct removal_fixture {
    temporary_directory directory;
    std::string path = (directory / "keys.db").string();
    std::unique_ptr<key_store> real = open_sqlite_store(path);
    interrupted_store store{*real};
    running_reactor reactor;
    running_reactor side{1};
    store_driver beside{side, *real};
    const std::string entry = new_entry_id();
    const std::string other = new_entry_id();

    entry_use close() {
        auto work = [this] { return close_unused(reactor.home(), store, entry, now()); };
        return reactor.wait<result<entry_use>>(work).value();
    }
    void save_under(const std::string& key_id, int users) {
        for (int i = 0; i < users; ++i) beside.save(new_uid(), full_record("openai", key_id));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(entry_removal_suite, removal_fixture)

BOOST_AUTO_TEST_CASE(an_entry_that_nothing_needs_is_closed_and_stays_so) {
    save_under(other, 3);
    beside.announce({"instance_a", other, now() + 1min});
    for (int times = 0; times < 2; ++times) {
        const auto use = close();
        BOOST_TEST(use.is_none());
        BOOST_TEST(use.is_closed);
    }
    BOOST_TEST(!beside.save("ann", full_record("openai", entry)));
}

BOOST_AUTO_TEST_CASE(an_entry_with_keys_under_it_is_counted_and_left_open) {
    save_under(other, 600); // more than a page
    save_under(entry, 2);
    const auto use = close();
    BOOST_TEST(use.records == 2U);
    BOOST_TEST(!use.is_closed);
    BOOST_TEST(beside.save("ann", full_record("openai", entry)));
}

BOOST_AUTO_TEST_CASE(an_entry_that_an_instance_saves_under_is_left_open) {
    beside.announce({"instance_a", entry, now() + 1ms});
    beside.announce({"instance_b", other, now() + 1min});
    const auto use = close();
    BOOST_REQUIRE(use.savers.size() == 1U);
    BOOST_TEST(use.savers.front().id == "instance_a");
    BOOST_TEST(!use.is_closed);
}

BOOST_AUTO_TEST_CASE(an_instance_that_has_ended_without_a_word_is_in_the_way_until_its_time_is_over) {
    beside.announce({"instance_a", entry, now()});
    beside.announce({"instance_b", entry, now() - 24h});
    BOOST_TEST(close().is_none());
    BOOST_TEST(beside.savers().size() == 1U); // the one of yesterday is forgotten
}

BOOST_AUTO_TEST_CASE(a_key_that_is_saved_between_the_look_and_the_closing_is_seen) {
    store.before_closing = [this]() -> task<bool> {
        user_id ann("ann");
        auto record = full_record("openai", entry);
        auto saved = co_await real->save(reactor.home(), std::move(ann), std::move(record));
        co_return saved.value();
    };
    const auto use = close();
    BOOST_TEST(use.records == 1U);
    BOOST_TEST(use.is_closed);
    BOOST_TEST(!use.is_none());
}

BOOST_AUTO_TEST_CASE(whatever_is_saved_while_entries_are_closed_is_never_left_under_a_removed_one) {
    for (int round = 0; round < 20; ++round) {
        const auto id = new_entry_id();
        std::atomic<int> saved = 0;
        // Another process: a connection of its own to the file.
        std::thread saving([&] {
            const auto theirs = open_sqlite_store(path);
            running_reactor here;
            store_driver driver(here, *theirs);
            while (driver.save("late-" + std::to_string(saved % 7), full_record("openai", id))) ++saved;
        });
        while (saved == 0) std::this_thread::yield();
        // Nobody has told anything: the instance is late, paused, or its clock is wrong.
        beside.close_entry(id);
        auto work = [&] { return look_at_use(reactor.home(), store, id, now()); };
        const auto first = reactor.wait<result<entry_use>>(work).value();
        saving.join();
        const auto second = reactor.wait<result<entry_use>>(work).value();
        BOOST_TEST(first.records == second.records);
        BOOST_TEST(first.records > 0U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
