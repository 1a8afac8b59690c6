#include "allocation_count.hpp"
#include "auth/scene.hpp"

#include <new>

BOOST_AUTO_TEST_SUITE(certificates_scarcity)

using namespace byot;
using namespace std::chrono_literals;

namespace {

const std::string& known = forge::keys().good_kid;

/// Asks with as little memory; "keys", the failure's name, or "no memory". Whether the want was felt.
task<void> ask_into(std::string& outcome, scene& of, std::size_t spared, bool& was_felt) {
    std::string kid = known;
    const scarce_memory scarce(spared);
    try {
        const auto keys = co_await of.source.keys_for(of.home, std::move(kid), forge::now);
        outcome = keys ? "keys" : describe(keys.error().why()).name;
    } catch (const std::bad_alloc&) {
        outcome = "no memory";
    }
    was_felt = scarce.was_felt();
}

task<void> wait_until_ready(scene& of) {
    while (!of.source.is_ready()) co_await of.home.sleep_until(steady_now() + 5ms);
}

/// Whether the background began, and felt the want of memory then.
bool begin_to_keep_fresh(auth::certificate_source& source, std::size_t spared) {
    const scarce_memory scarce(spared);
    try {
        source.keep_fresh();
    } catch (const std::bad_alloc&) {
        return false;
    }
    return scarce.was_felt();
}

// The background's own wait, after which its frame is gone.
task<void> wait_for_the_background(scene& of) {
    co_await of.home.sleep_until(steady_now() + 1500ms);
}

} // namespace

BOOST_AUTO_TEST_CASE(certificates_are_there_again_whichever_allocation_of_their_fetch_failed) {
    std::size_t places = 0;
    for (bool was_felt = true; was_felt; ++places) {
        scene one;
        std::string outcome;
        one.run(ask_into(outcome, one, places, was_felt));
        const bool is_known =
            outcome == "keys" || outcome == "no memory" || outcome == "IDENTITY_UNAVAILABLE";
        BOOST_TEST(is_known, outcome << " when allocation " << places << " failed");
        BOOST_TEST(one.has(known, 60s)); // after the pause that a failed fetch is followed by
    }
    BOOST_TEST(places > 20u);
}

BOOST_FIXTURE_TEST_CASE(a_background_that_finds_no_memory_fetches_at_its_next_look, scene) {
    bool was_felt = begin_to_keep_fresh(source, 0);
    for (std::size_t spared = 1; !was_felt; ++spared) was_felt = begin_to_keep_fresh(source, spared);
    BOOST_TEST(source.fetches() == 0u);
    run(wait_until_ready(*this));
    BOOST_TEST(source.fetches() == 1u);
    source.stop();
    run(wait_for_the_background(*this));
}

BOOST_AUTO_TEST_SUITE_END()
