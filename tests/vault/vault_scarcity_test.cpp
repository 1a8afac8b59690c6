#include "allocation_count.hpp"
#include "net/fixture.hpp"
#include "vault/vault_fixture.hpp"

#include <array>
#include <new>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

namespace {

using one_vault = byot::vault::vault;

/// One vault over a real store, on the reactor of the test's thread.
struct scarce_vault : net::testing::reactor_fixture {
    temporary_directory directory;
    std::unique_ptr<key_store> store = open_sqlite_store((directory / "keys.db").string());
    std::shared_ptr<const keyring> ring = sample_ring();
    bool was_felt = true;

    std::unique_ptr<one_vault> make() {
        return std::make_unique<one_vault>(home, std::make_shared<vault_peers>(), *store,
                                           std::make_shared<live_keyring>(ring), vault_settings{});
    }
    void save(const std::string& uid, const key_record& record) { run(save_record(user_id(uid), record)); }
    std::string open(one_vault& from, std::size_t spared, wall_time when) {
        std::string outcome;
        run(open_into(outcome, from, spared, when));
        return outcome;
    }

    /// The whole of a note and the wait for it, with `spared` allocations.
    void note(one_vault& in, std::string credential_id, std::size_t spared) {
        run(note_and_settle(in, std::move(credential_id), spared));
    }

private:
    task<void> note_and_settle(one_vault& in, std::string credential_id, std::size_t spared) {
        const user_id uid("user-1");
        const scarce_memory scarce(spared);
        in.note_state(uid, "googleai", credential_id, key_state::rejected, now());
        for (bool is_settled = false; !is_settled;) {
            try {
                co_await in.settle();
                is_settled = true;
            } catch (const std::bad_alloc&) { // there is memory the next time
            }
        }
        was_felt = scarce.was_felt();
    }
    // The use that is written in the background has as little memory.
    task<void> open_into(std::string& outcome, one_vault& from, std::size_t spared, wall_time when) {
        std::array<char, one_vault::longest_key> out;
        const user_id uid("user-1");
        const std::string provider = "googleai";
        const scarce_memory scarce(spared);
        try {
            const auto opened = co_await from.open(uid, provider, when, out);
            outcome = opened ? "opened" : describe(opened.error().why()).name;
        } catch (const std::bad_alloc&) {
            outcome = "no memory";
        }
        for (bool is_settled = false; !is_settled;) {
            try {
                co_await from.settle();
                is_settled = true;
            } catch (const std::bad_alloc&) { // there is memory the next time
            }
        }
        was_felt = scarce.was_felt();
    }
    task<void> save_record(user_id uid, key_record record) {
        const auto saved = co_await store->save(home, std::move(uid), std::move(record));
        BOOST_TEST(saved.has_value());
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(vault_scarcity_suite, scarce_vault)

BOOST_AUTO_TEST_CASE(a_key_opens_again_whichever_allocation_of_its_opening_failed) {
    save("user-1", sample_record(*ring, "user-1", "googleai", "sk-1"));
    std::size_t places = 0;
    for (bool goes_on = true; goes_on; ++places) {
        const auto one = make();
        const auto when = now() + places * one_vault::use_interval; // so that each use is written
        const auto outcome = open(*one, places, when);
        goes_on = was_felt;
        const bool is_known = outcome == "opened" || outcome == "no memory" || outcome == "OVERLOADED";
        BOOST_TEST(is_known, outcome << " when allocation " << places << " failed");
        BOOST_TEST(open(*one, 1'000'000, when) == "opened");
    }
    BOOST_TEST(places > 10u);
}

BOOST_AUTO_TEST_CASE(a_state_that_was_told_is_waited_for_whichever_allocation_of_its_note_failed) {
    const auto record = sample_record(*ring, "user-1", "googleai", "sk-1");
    save("user-1", record);
    std::size_t places = 0;
    for (bool goes_on = true; goes_on; ++places) {
        const auto one = make();
        note(*one, record.credential_id, places);
        goes_on = was_felt;
        BOOST_TEST(open(*one, 1'000'000, now()) == "opened");
    }
    BOOST_TEST(places > 5u);
}

BOOST_AUTO_TEST_SUITE_END()
