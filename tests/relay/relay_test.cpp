#include "http/scripted_server.hpp"
#include "http/server.hpp"
#include "net/connector.hpp"
#include "relay/relay.hpp"
#include "vault/samples.hpp"
#include "vault/sqlite_store.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

using namespace byot;
using http::test::answer_of;
using http::test::scripted_server;
using http::test::turn;

/// A ring as role `keys` has it: signing a stream's id with it is a bug, and throws.
std::shared_ptr<const vault::keyring> ring_that_cannot_open() {
    std::vector<vault::keyring_entry> entries;
    entries.push_back(vault::make_entry(wall_now()));
    entries.front().box_secret = secret();
    return std::make_shared<const vault::keyring>(std::move(entries));
}

/// A server whose every request goes through the relay to one scripted upstream.
struct relay_fixture : net::testing::reactor_fixture, http::request_handler {
    net::connector open{home, net::make_client_tls()};
    net::connection_pool pool{home, open};
    vault::live_keyring keyring{ring_that_cannot_open()};
    locked_slots rooms{vault::vault::longest_key, 1}; ///< for keys
    vault::testing::temporary_directory directory;
    std::unique_ptr<vault::key_store> store = vault::open_sqlite_store((directory / "keys.db").string());
    vault::vault keys{home,
                      std::make_shared<vault::vault_peers>(),
                      *store,
                      std::make_shared<vault::live_keyring>(vault::testing::sample_ring()),
                      {}};
    scripted_server upstream;
    relay::relay relay;
    http::server server;
    std::uint16_t port;

    explicit relay_fixture(std::string answer)
        : upstream(home, {{turn{std::move(answer), turn::after::keep, true}}}),
          relay(pool, settings_to(upstream.port()), keyring), server(home, {}, *this),
          port(server.bind("127.0.0.1", 0)) {
        server.start();
    }

    static relay::relay_settings settings_to(std::uint16_t port) {
        relay::relay_settings settings;
        settings.upstream = {false, "127.0.0.1", port};
        settings.address.authority = authority(settings.upstream);
        return settings;
    }

    void observe(const telemetry::access_record&) override {}
    task<void> answer(http::exchange& asked) override {
        const user_id ann("ann");
        vault::save_request save;
        save.provider = "openai";
        save.api_key = secret::copy_of("sk-1");
        const auto saved = co_await keys.save(ann, std::move(save), wall_now());
        vault::requested_key key(keys, rooms, ann, "openai");
        relay::relay_request request;
        request.who = &ann;
        request.path = "echo";
        request.provider = "openai";
        request.key = &key;
        const auto carried = co_await relay.carry(asked, request);
        const auto next = rooms.take();
        if (carried.has_error()) co_await asked.respond(carried.error());
    }

    /// Sends `first`, and when an answer came `second`; gives all that came until the server ended.
    task<void> talk(std::string_view first, std::string_view second, std::string& seen) {
        const origin where{false, "127.0.0.1", port};
        auto client = co_await open.connect(where, net::testing::soon());
        auto& wire = *client.value();
        wire.reserve(16 * 1024);
        co_await wire.send(first);
        if (co_await wire.receive() == net::receive_outcome::arrived) co_await wire.send(second);
        while (co_await wire.receive() == net::receive_outcome::arrived) {
        }
        seen = wire.received();
        wire.close();
        co_await server.drain(steady_now());
        co_await keys.settle(); // a use is written behind its request
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(relay_suite)

BOOST_AUTO_TEST_CASE(an_exception_in_the_middle_of_an_upload_ends_the_upload_too) {
    relay_fixture scene(answer_of("{}", "x-genkit-stream-id: one\r\n"));
    std::string seen;
    scene.run(scene.talk("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf", " of it", seen));
    BOOST_TEST(seen.starts_with("HTTP/1.1 500 "));
    BOOST_TEST(seen.find("Connection: close") != seen.npos);
    BOOST_TEST(scene.server.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(a_keys_room_is_free_for_the_next_before_its_request_is_through) {
    relay_fixture scene(answer_of("{}"));
    std::string seen;
    scene.run(scene.talk("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", "",
                         seen));
    BOOST_TEST(seen.starts_with("HTTP/1.1 200 "));
    BOOST_TEST(scene.rooms.blocks() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
