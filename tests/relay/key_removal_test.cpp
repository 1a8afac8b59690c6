// Requests and removals on two reactors, in a thousand orders.
#include "http/server.hpp"
#include "net/connector.hpp"
#include "relay/recording_upstream.hpp"
#include "relay/relay.hpp"
#include "vault/passing_store.hpp"
#include "vault/running_reactor.hpp"
#include "vault/samples.hpp"
#include "vault/sqlite_store.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdlib>
#include <deque>
#include <optional>
#include <random>
#include <set>
#include <string>

namespace {

using namespace byot;
using namespace std::chrono_literals;
using relay::test::recording_upstream;
using vault::testing::running_reactor;

constexpr int rounds = 1000;
constexpr int lanes_of_process = 2;

/// Waits of up to a few turns of a reactor, as dice say.
class dice {
public:
    explicit dice(unsigned seed) : state_(seed) {}
    unsigned below(unsigned end) { return static_cast<unsigned>(state_() % end); }
    std::chrono::microseconds wait() { return std::chrono::microseconds(below(3) == 0 ? 0 : below(3000)); }

private:
    std::mt19937 state_;
};

task<void> wait_by(dice& by, net::reactor& here) {
    const auto wait = by.wait();
    if (wait.count() > 0) co_await here.sleep_until(steady_now() + wait);
}

/// Its answers take their time: before the read, and after it.
class unsteady_store final : public vault::testing::passing_store {
public:
    unsteady_store(vault::key_store& real, unsigned seed) : passing_store(real), by_(seed) {}

    task<result<std::vector<vault::key_record>>> load(net::reactor& here, user_id who) override {
        co_await wait_by(by_, here);
        auto records = co_await passing_store::load(here, std::move(who));
        co_await wait_by(by_, here);
        co_return records;
    }

private:
    dice by_; ///< of one reactor
};

/// One reactor as a process has it, from the client's connection to the upstream's.
struct lane final : http::request_handler {
    dice by;
    running_reactor thread;
    unsteady_store store;
    // Made on the reactor's own thread, which runs already.
    std::optional<net::connector> open;
    std::optional<net::connection_pool> pool;
    std::shared_ptr<vault::live_keyring> ring;
    vault::vault keys;
    locked_slots slots{vault::vault::longest_key};
    std::optional<relay::relay> to_flow;
    std::optional<http::server> server;
    std::uint16_t port = 0;

    lane(unsigned index, unsigned seed, vault::key_store& real, std::shared_ptr<vault::live_keyring> shared,
         std::shared_ptr<vault::vault_peers> peers, std::uint16_t upstream, std::chrono::milliseconds ttl)
        : by(seed), thread(index), store(real, seed + 1), ring(shared),
          keys(thread.home(), std::move(peers), store, std::move(shared), settings_with(ttl)) {
        thread.call<bool>([this, upstream] {
            open.emplace(thread.home(), net::make_client_tls());
            pool.emplace(thread.home(), *open);
            to_flow.emplace(*pool, settings_to(upstream), *ring);
            server.emplace(thread.home(), http::server::settings(), *this);
            port = server->bind("127.0.0.1", 0);
            server->start();
            return true;
        });
    }
    ~lane() { thread.stop(); }

    static vault::vault_settings settings_with(std::chrono::milliseconds ttl) {
        vault::vault_settings settings;
        settings.time_to_live = ttl;
        return settings;
    }
    static relay::relay_settings settings_to(std::uint16_t port) {
        relay::relay_settings settings;
        settings.upstream = {false, "127.0.0.1", port};
        settings.address.authority = authority(settings.upstream);
        return settings;
    }

    /// As the flow's endpoint does, with a token that may take its time.
    void observe(const telemetry::access_record&) override {}
    task<void> answer(http::exchange& asked) override {
        const user_id who(asked.checked().path.substr(1));
        vault::requested_key key(keys, slots, who, "openai");
        if (!key.is_current()) {
            const auto opened = co_await key.open();
            if (opened.has_error()) {
                co_await asked.respond(opened.error());
                co_return;
            }
        }
        co_await wait_by(by, thread.home());
        relay::relay_request request;
        request.path = "echo";
        request.who = &who;
        request.provider = "openai";
        request.key = &key;
        const auto carried = co_await to_flow->carry(asked, request);
        if (carried.has_error()) co_await asked.respond(carried.error());
    }

    task<bool> end() {
        co_await server->drain(steady_now());
        co_await keys.settle();
        pool->clear();
        co_return true;
    }

    static task<bool> saved(vault::vault& to, std::string uid, std::string key) {
        vault::save_request request;
        request.provider = "openai";
        request.api_key = secret::copy_of(key);
        user_id who(uid);
        const auto record = co_await to.save(std::move(who), std::move(request), wall_now());
        co_return record.has_value();
    }
    static task<bool> removed(vault::vault& from, std::string uid) {
        user_id who(uid);
        const auto answer = co_await from.remove(std::move(who), "openai");
        co_return answer.has_value();
    }
};

/// A client's connection with one request on its way.
class asking {
public:
    asking(std::uint16_t port, const std::string& uid)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        auto where = recording_upstream::loopback(port);
        const bool is_there = ::connect(socket_, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0;
        if (!is_there) throw std::runtime_error("the server does not listen");
        const auto text = "GET /" + uid + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        (void)!::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
    }
    ~asking() { ::close(socket_); }
    asking(const asking&) = delete;
    asking& operator=(const asking&) = delete;

    /// Whether all of the answer is here.
    bool is_over() {
        char bytes[4096];
        for (;;) {
            const auto count = ::recv(socket_, bytes, sizeof bytes, MSG_DONTWAIT);
            if (count <= 0) return count == 0;
            answer_.append(bytes, static_cast<std::size_t>(count));
        }
    }
    /// 200, or 400 for the key that is not there any more.
    bool is_in_order() const {
        return answer_.starts_with("HTTP/1.1 200 ") || answer_.find("KEY_REQUIRED") != answer_.npos;
    }
    const std::string& answer() const noexcept { return answer_; }

private:
    int socket_;
    std::string answer_;
};

unsigned seed_of_run() {
    const char* const given = std::getenv("BYOT_TEST_SEED");
    return given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device()();
}

struct process {
    const unsigned seed = seed_of_run();
    dice by{seed};
    vault::testing::temporary_directory directory;
    std::unique_ptr<vault::key_store> store = vault::open_sqlite_store((directory / "keys.db").string());
    std::shared_ptr<vault::live_keyring> ring =
        std::make_shared<vault::live_keyring>(vault::testing::sample_ring());
    std::shared_ptr<vault::vault_peers> peers = std::make_shared<vault::vault_peers>();
    std::set<std::string, std::less<>> withdrawn; ///< keys that nobody may send any more
    std::vector<std::string> sent_too_late;
    int sent = 0;
    recording_upstream upstream{[this](std::string_view key) { return take(key); }};
    std::deque<lane> lanes;

    explicit process(std::chrono::milliseconds ttl) {
        for (unsigned i = 0; i < lanes_of_process; ++i)
            lanes.emplace_back(i, seed + 10 * i, *store, ring, peers, upstream.port(), ttl);
    }

    // All before any stops: what one writes at its end is told to the others.
    ~process() {
        for (auto& one : lanes) one.thread.wait<bool>([&one] { return one.end(); });
    }
    process(const process&) = delete;
    process& operator=(const process&) = delete;

    bool take(std::string_view key) {
        ++sent;
        if (withdrawn.contains(key)) sent_too_late.emplace_back(key);
        return by.below(4) != 0;
    }

    lane& any_lane() { return lanes[by.below(lanes_of_process)]; }

    bool wait_for(std::future<bool> what) {
        while (what.wait_for(0ms) != std::future_status::ready) upstream.pump();
        return what.get();
    }

    void pass_time() {
        const auto until = steady_now() + by.wait();
        do {
            upstream.pump();
        } while (steady_now() < until);
    }

    /// What was sent before now has left its reactor's hands when each has had another turn, and is here.
    void note_withdrawn(const std::string& key) {
        for (auto& one : lanes) one.thread.call<bool>([] { return true; });
        upstream.pump();
        withdrawn.insert(key);
    }

    bool save(const std::string& uid, const std::string& key) {
        auto& at = any_lane();
        return wait_for(at.thread.start<bool>([&at, uid, key] { return lane::saved(at.keys, uid, key); }));
    }
    bool remove(const std::string& uid) {
        auto& at = any_lane();
        return wait_for(at.thread.start<bool>([&at, uid] { return lane::removed(at.keys, uid); }));
    }

    /// Requests of one user around a removal or a replacement; whether each ended in order.
    bool play_round(int number) {
        const auto uid = "user-" + std::to_string(number);
        const auto old_key = "sk-old-" + std::to_string(number);
        const auto new_key = "sk-new-" + std::to_string(number);
        if (!save(uid, old_key)) return false;
        std::deque<asking> requests;
        const auto before = 1 + by.below(3);
        for (unsigned i = 0; i < before; ++i) {
            requests.emplace_back(any_lane().port, uid);
            pass_time();
        }
        const bool is_replaced = by.below(2) == 0;
        if (!(is_replaced ? save(uid, new_key) : remove(uid))) return false;
        note_withdrawn(old_key);
        requests.emplace_back(any_lane().port, uid);
        return std::ranges::all_of(requests, [this](asking& one) { return ends_in_order(one); });
    }

    bool ends_in_order(asking& one) {
        const auto limit = steady_now() + 30s;
        while (!one.is_over() && steady_now() < limit) upstream.pump();
        if (!one.is_in_order()) BOOST_TEST_MESSAGE(one.answer());
        return one.is_in_order();
    }
};

void play(std::chrono::milliseconds ttl, int times) {
    process all(ttl);
    BOOST_TEST_CONTEXT("BYOT_TEST_SEED=" << all.seed) {
        for (int number = 0; number < times; ++number) {
            const bool is_in_order = all.play_round(number);
            BOOST_TEST_REQUIRE(is_in_order);
        }
        BOOST_TEST(all.sent_too_late.size() == 0U);
        BOOST_TEST(all.sent > times / 2);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(key_removal_suite)

BOOST_AUTO_TEST_CASE(no_key_is_sent_after_its_removal_or_replacement_was_answered) {
    play(30s, rounds);
}

BOOST_AUTO_TEST_CASE(nor_without_a_cache) {
    play(0s, rounds / 4);
}

BOOST_AUTO_TEST_SUITE_END()
