#include "vault/keyring_driver.hpp"
#include "vault/passing_store.hpp"
#include "vault/saver_announcement.hpp"
#include "vault/vault_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <new>
#include <thread>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;
using namespace std::chrono_literals;

namespace {

/// Has no memory for the first announcement.
class short_store final : public passing_store {
public:
    using passing_store::passing_store;
    task<result<void>> announce(net::reactor& here, saver who) override {
        if (++announcements == 1) throw std::bad_alloc();
        return passing_store::announce(here, std::move(who));
    }
    int announcements = 0;
};

struct announcement_fixture {
    temporary_directory directory;
    std::filesystem::path file = directory / "keyring.json";
    std::unique_ptr<key_store> store = open_sqlite_store((directory / "keys.db").string());
    running_reactor reactor;
    running_reactor side{1};
    store_driver beside{side, *store};

    void write(const keyring& ring) {
        const auto text = serialize_keyring(ring, keyring_part::whole);
        BOOST_TEST(!write_keyring(file, text, std::filesystem::exists(file)));
    }
    void start(saver_announcement& announcement) {
        reactor.call<bool>([&] {
            announcement.keep_fresh();
            return true;
        });
    }
    void stop(saver_announcement& announcement) {
        reactor.wait<bool>([&] { return stopped(announcement); });
    }
    static task<bool> stopped(saver_announcement& announcement) {
        co_await announcement.stop();
        co_return true;
    }
    task<bool> refreshed(live_keyring& ring) {
        co_await ring.refresh(reactor.home());
        co_return true;
    }
    bool is_told(const std::string& key_id) {
        const auto limit = steady_now() + 20s;
        while (steady_now() < limit) {
            const auto all = beside.savers();
            if (all.size() == 1 && all.front().key_id == key_id && all.front().until > wall_now())
                return true;
            std::this_thread::yield();
        }
        return false;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(saver_announcement_suite, announcement_fixture)

BOOST_AUTO_TEST_CASE(an_instance_tells_its_entry_and_tells_another_one_soon) {
    write(ring_of_seeds({1}));
    live_keyring ring(file, {});
    saver_announcement announcement(reactor.home(), *store, ring);
    start(announcement);
    BOOST_TEST(is_told(id_of_seed(1)));
    write(ring_of_seeds({1, 2}));
    reactor.wait<bool>([&] { return refreshed(ring); });
    BOOST_TEST(is_told(id_of_seed(2)));
    stop(announcement);
    BOOST_TEST(beside.savers().empty());
}

BOOST_AUTO_TEST_CASE(what_there_was_no_memory_to_tell_is_told_at_the_next_look) {
    write(ring_of_seeds({1}));
    live_keyring ring(file, {});
    short_store without_memory(*store);
    saver_announcement announcement(reactor.home(), without_memory, ring);
    start(announcement);
    BOOST_TEST(is_told(id_of_seed(1)));
    stop(announcement);
    BOOST_TEST(without_memory.announcements == 2);
}

BOOST_AUTO_TEST_SUITE_END()
