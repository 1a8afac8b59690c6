#include "allocation_count.hpp"
#include "net/fixture.hpp"
#include "vault/keyring_driver.hpp"
#include "vault/live_keyring.hpp"

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;
using namespace std::chrono_literals;

namespace {

task<void> notify_at(net::reactor& home, steady_time when, byot::async_event& about) {
    co_await home.sleep_until(when);
    about.notify();
}

/// Starts the background, takes the memory of its first look away, and ends it.
task<void> starve_first_look(net::reactor& home, live_keyring& ring, bool& was_felt) {
    byot::async_event has_looked;
    ring.keep_fresh(home);
    const auto look_at = steady_now() + live_keyring::look_interval;
    spawn(notify_at(home, look_at + 100ms, has_looked));
    co_await home.sleep_until(look_at - 100ms);
    {
        const scarce_memory scarce(0); // from here to the notice nobody else on this thread allocates
        co_await has_looked.wait();
        was_felt = scarce.was_felt();
    }
    co_await ring.stop();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(live_keyring_scarcity_suite, net::testing::reactor_fixture)

BOOST_AUTO_TEST_CASE(a_look_without_memory_is_left_out_and_the_ring_stays) {
    const temporary_directory directory;
    ring_file file{directory / "ring.json"};
    file.write(ring_of_seeds({1}));
    live_keyring ring(file.path(), {}, {});
    bool was_felt = false;
    run(starve_first_look(home, ring, was_felt));
    BOOST_TEST(was_felt);
    BOOST_TEST(ring.current()->newest().id == id_of_seed(1));
}

BOOST_AUTO_TEST_SUITE_END()
