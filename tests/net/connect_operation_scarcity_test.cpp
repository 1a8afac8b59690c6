#include "allocation_count.hpp"
#include "net/connect_operation_fixture.hpp"

using namespace byot;
using namespace byot::net;
using namespace byot::net::testing;

BOOST_FIXTURE_TEST_SUITE(opening_scarcity, connect_operation_fixture)

BOOST_AUTO_TEST_CASE(no_memory_for_any_step_fails_in_order_or_goes_on_without) {
    const raw_listener open_one;
    before = open_descriptors();
    unsigned places = 0;
    for (bool is_felt = true; is_felt; ++places) {
        bool is_thrown = false;
        auto body = [&]() -> task<void> {
            const auto attempt = std::make_shared<connect_operation>(home);
            const std::vector<tcp::endpoint> where{nobody(), at(open_one.port())};
            auto connecting = attempt->connect(where, soon());
            try {
                const scarce_memory scarce(places);
                is_connected = co_await connecting;
                is_felt = scarce.was_felt();
            } catch (const std::bad_alloc&) {
                is_thrown = true;
            }
            if (!is_thrown) BOOST_TEST((is_connected || attempt->is_out_of_means()));
            attempt->abandon();
        };
        run(body());
        settle();
        BOOST_TEST(open_descriptors() == before);
    }
    BOOST_TEST(is_connected);
    BOOST_TEST(places > 2u);
}

BOOST_AUTO_TEST_SUITE_END()
