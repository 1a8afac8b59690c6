#include "vault/key_store_contract.hpp"
#include "vault/sqlite_store.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <sstream>

#include <sys/wait.h>
#include <unistd.h>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

namespace {

// Saves one key after the other for a user of its own and tells each that was acknowledged.
task<void> save_without_end(net::reactor& here, key_store& store, const keyring& ring, int user, int report) {
    for (int i = 0;; ++i) {
        const auto uid = "user-" + std::to_string(user) + "-" + std::to_string(i);
        auto record = sample_record(ring, uid, "googleai", "sk-of-" + uid);
        const auto line = uid + " " + record.credential_id + "\n";
        const auto saved = co_await store.save(here, user_id(uid), std::move(record));
        if (!saved || ::write(report, line.data(), line.size()) < 0) ::_exit(1);
    }
}

// The process that will be killed. No thread runs when it is forked off.
[[noreturn]] void run_child(const std::string& path, int report) {
    const auto ring = sample_ring();
    const auto store = open_sqlite_store(path);
    net::reactor here(0);
    for (int user = 0; user < 16; ++user) spawn(save_without_end(here, *store, *ring, user, report));
    here.run();
    ::_exit(0);
}

// Everything that the child told, which is killed once it has told `enough` bytes.
std::string kill_in_the_middle(pid_t child, int told, std::size_t enough) {
    std::string text;
    std::array<char, 4096> part;
    bool is_killed = false;
    for (;;) {
        const auto count = ::read(told, part.data(), part.size());
        if (count <= 0) return text;
        text.append(part.data(), static_cast<std::size_t>(count));
        if (!is_killed && text.size() >= enough) {
            ::kill(child, SIGKILL);
            is_killed = true;
        }
    }
}

std::string run_and_kill(const std::string& path) {
    int ends[2];
    BOOST_TEST_REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        run_child(path, ends[1]);
    }
    ::close(ends[1]);
    const auto told = kill_in_the_middle(child, ends[0], 10000);
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_TEST_REQUIRE(WIFSIGNALED(status));
    BOOST_TEST(WTERMSIG(status) == SIGKILL);
    return told;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sqlite_crash_suite)

BOOST_AUTO_TEST_CASE(every_acknowledged_key_survives_a_killed_process_and_opens) {
    const temporary_directory directory;
    const auto path = (directory / "keys.db").string();
    const auto ring = sample_ring();
    for (int round = 0; round < 3; ++round) {
        std::istringstream told(run_and_kill(path));
        running_reactor reactor;
        const auto store = open_sqlite_store(path);
        store_driver driver(reactor, *store);
        std::size_t checked = 0;
        for (std::string uid, credential_id; told >> uid >> credential_id; ++checked) {
            const auto record = driver.load_one(uid, "googleai");
            BOOST_TEST_REQUIRE(record.has_value());
            BOOST_TEST(record->credential_id == credential_id);
            const auto opened = open_record(*ring, user_id(uid), *record);
            BOOST_TEST_REQUIRE(opened.has_value());
            BOOST_TEST(opened->expose() == "sk-of-" + uid);
        }
        BOOST_TEST(checked > 100U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
