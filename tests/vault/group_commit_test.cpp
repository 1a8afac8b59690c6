#include "vault/group_commit.hpp"

#include "vault/key_store_contract.hpp"
#include "vault/running_reactor.hpp"
#include "vault/samples.hpp"
#include "vault/sqlite_records.hpp"
#include "vault/sqlite_schema.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

namespace {

std::int64_t count_keys(sqlite_database& database) {
    auto statement = database.prepare("SELECT count(*) FROM keys");
    return statement.step() ? statement.number(0) : -1; // no check here: it runs on the worker, too
}

struct group_fixture {
    temporary_directory directory;
    std::string path = (directory / "keys.db").string();
    running_reactor reactor;
    group_commit jobs{open_sqlite_database(path, 0)};

    ~group_fixture() { reactor.stop(); }

    /// A write on its way; the answer is what `job` gives.
    template <class Job>
    std::future<result<int>> write(Job job) {
        auto work = [this, job] { return jobs.write<int>(reactor.home(), job); };
        return reactor.start<result<int>>(work);
    }
    /// A write that saves a key of its own and counts those it sees.
    std::future<result<int>> save(int user) {
        return write([user](sqlite_database& database) {
            save_record(database, user_id("user-" + std::to_string(user)), full_record("googleai"));
            return static_cast<int>(count_keys(database));
        });
    }
    /// Keeps the worker busy until `go` is kept; what is submitted meanwhile waits together.
    std::future<result<int>> hold(std::shared_future<void> go) {
        auto begun = std::make_shared<std::promise<void>>();
        auto held = write([begun, go](sqlite_database&) {
            begun->set_value();
            go.wait();
            return 0;
        });
        begun->get_future().wait();
        return held;
    }
    /// Until the reactor has submitted what was started before.
    void wait_until_submitted() {
        reactor.call<int>([] { return 0; });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(group_commit_suite, group_fixture)

BOOST_AUTO_TEST_CASE(writes_that_wait_are_made_in_one_transaction) {
    std::promise<void> go;
    auto held = hold(go.get_future().share());
    std::vector<std::future<result<int>>> answers;
    for (int user = 0; user < 10; ++user) answers.push_back(save(user));
    // While the last of them runs, nobody else sees any of them.
    auto last = write([this](sqlite_database&) {
        sqlite_database watcher(path);
        return static_cast<int>(count_keys(watcher));
    });
    wait_until_submitted();
    go.set_value();
    BOOST_TEST(held.get().has_value());
    for (std::size_t user = 0; user < 10; ++user) {
        BOOST_TEST(answers[user].get().value() == static_cast<int>(user) + 1);
    }
    BOOST_TEST(last.get().value() == 0);
    sqlite_database watcher(path);
    BOOST_TEST(count_keys(watcher) == 10);
}

BOOST_AUTO_TEST_CASE(a_write_that_fails_fails_alone) {
    std::promise<void> go;
    auto held = hold(go.get_future().share());
    auto before = save(1);
    auto failing = write([](sqlite_database& database) -> int {
        save_record(database, user_id("user-2"), full_record("googleai"));
        throw sqlite_error(10, "as if the disk had failed");
    });
    auto after = save(3);
    wait_until_submitted();
    go.set_value();
    BOOST_TEST(held.get().has_value());
    BOOST_TEST(before.get().has_value());
    BOOST_TEST(after.get().value() == 2);
    const auto failed = failing.get();
    BOOST_TEST_REQUIRE(!failed.has_value());
    BOOST_TEST((failed.error().why() == reason::store_unavailable));
    BOOST_TEST(failed.error().message() == "Stored keys cannot be reached now: disk I/O error.");
    sqlite_database watcher(path);
    BOOST_TEST(count_keys(watcher) == 2);
}

BOOST_AUTO_TEST_CASE(what_waits_when_it_ends_is_finished) {
    std::future<result<int>> answer;
    {
        group_commit ending(open_sqlite_database(path, 0));
        auto work = [&] {
            const auto job = [](sqlite_database& database) {
                save_record(database, user_id("user-1"), full_record("googleai"));
                return 0;
            };
            return ending.write<int>(reactor.home(), job);
        };
        answer = reactor.start<result<int>>(work);
        wait_until_submitted();
    }
    BOOST_REQUIRE(answer.wait_for(std::chrono::seconds(30)) == std::future_status::ready);
    BOOST_TEST(answer.get().has_value());
    sqlite_database watcher(path);
    BOOST_TEST(count_keys(watcher) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
