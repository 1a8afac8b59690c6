#include "vault/sqlite_store.hpp"

#include "vault/key_store_contract.hpp"
#include "vault/sqlite_schema.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <thread>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

namespace fs = std::filesystem;

namespace {

struct sqlite_files {
    temporary_directory directory;
    std::string path = (directory / "keys.db").string();

    std::string problem_of_opening() {
        try {
            open_sqlite_store(path);
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "it opened";
    }
};

task<void> save_and_count(key_store& store, net::reactor& here, unsigned& saved) {
    const auto answered = co_await store.save(here, user_id(new_uid()), full_record("openai"));
    saved += answered.has_value();
}

/// The saves that are answered when a call made behind all of them has settled.
task<unsigned> settle_behind(key_store& store, net::reactor& here, unsigned saves) {
    unsigned saved = 0;
    for (unsigned i = 0; i < saves; ++i) spawn(save_and_count(store, here, saved));
    co_await store.settle(here);
    co_return saved;
}

/// Somebody who is not root, while it lives; of the whole process.
class as_nobody {
public:
    as_nobody() { BOOST_TEST_REQUIRE(::seteuid(65534) == 0); }
    ~as_nobody() { BOOST_TEST(::seteuid(0) == 0); }
    as_nobody(const as_nobody&) = delete;
    as_nobody& operator=(const as_nobody&) = delete;
};

std::int64_t number_of(sqlite_database& database, const char* sql) {
    auto statement = database.prepare(sql);
    BOOST_TEST_REQUIRE(statement.step());
    return statement.number(0);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(sqlite_store_suite, sqlite_files)

BOOST_AUTO_TEST_CASE(it_keeps_the_contract_of_every_store) {
    check_key_store_contract([this](running_reactor&) { return open_sqlite_store(path); });
}

BOOST_AUTO_TEST_CASE(settling_ends_behind_every_call_made_before) {
    running_reactor reactor;
    const auto store = open_sqlite_store(path);
    const auto work = [&] { return settle_behind(*store, reactor.home(), 50); };
    BOOST_TEST(reactor.wait<unsigned>(work) == 50u);
}

BOOST_AUTO_TEST_CASE(a_database_in_memory_which_would_lose_every_key_is_no_store) {
    const auto before = fs::current_path();
    fs::current_path(directory.path()); // SQLite takes this name for no file, wherever it stands
    path = ":memory:";
    BOOST_TEST(problem_of_opening() == ":memory:: the file system does not carry SQLite's WAL mode");
    fs::current_path(before);
}

BOOST_AUTO_TEST_CASE(a_uid_of_bytes_that_are_no_text_is_a_user_of_its_own) {
    running_reactor reactor;
    const auto store = open_sqlite_store(path);
    store_driver driver(reactor, *store);
    const std::string uids[] = {std::string(), std::string("\0", 1), std::string("\0\0", 2), "\xff",
                                "\xc3\x28"};
    for (const auto& uid : uids) driver.save(uid, full_record("googleai"));
    for (const auto& uid : uids) BOOST_TEST(driver.load(uid).size() == 1U);
    BOOST_TEST(driver.remove(std::string("\0", 1), "googleai"));
    BOOST_TEST(driver.load(std::string("\0\0", 2)).size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_was_saved_is_there_after_it_is_opened_again) {
    const auto record = full_record("googleai");
    running_reactor reactor;
    {
        const auto store = open_sqlite_store(path);
        store_driver(reactor, *store).save("user-1", record);
    }
    const auto store = open_sqlite_store(path);
    BOOST_TEST(same(store_driver(reactor, *store).load_one("user-1", "googleai").value(), record));
}

BOOST_AUTO_TEST_CASE(its_files_are_their_owners_only) {
    const auto old_mask = ::umask(0);
    running_reactor reactor;
    const auto store = open_sqlite_store(path);
    store_driver(reactor, *store).save("user-1", full_record("googleai"));
    ::umask(old_mask);
    std::size_t count = 0;
    for (const auto& file : fs::directory_iterator(directory.path())) {
        BOOST_TEST(static_cast<unsigned>(file.status().permissions()) == 0600U, file.path());
        ++count;
    }
    BOOST_TEST(count == 3U); // with -wal and -shm
}

BOOST_AUTO_TEST_CASE(it_writes_ahead_and_through_to_the_disk) {
    const auto database = open_sqlite_database(path, 0);
    {
        auto mode = database->prepare("PRAGMA journal_mode");
        BOOST_TEST_REQUIRE(mode.step());
        BOOST_TEST(mode.text(0) == "wal");
    }
    BOOST_TEST(number_of(*database, "PRAGMA synchronous") == 2);
    BOOST_TEST(number_of(*database, "PRAGMA user_version") == 4);
    BOOST_TEST(number_of(*database, "PRAGMA secure_delete") == 1);
}

BOOST_AUTO_TEST_CASE(a_wait_for_a_lock_of_another_lasts_until_the_lock_goes_or_nobody_wants_to_wait) {
    const auto other = open_sqlite_database(path, 0);
    const auto database = open_sqlite_database(path, 0);
    database->wait_for_locks(std::chrono::hours(1));
    other->execute("BEGIN IMMEDIATE");
    std::thread letting_go([&] { other->execute("COMMIT"); });
    database->execute("BEGIN IMMEDIATE");
    letting_go.join();
    database->execute("COMMIT");

    other->execute("BEGIN IMMEDIATE");
    std::thread giving_up([&] { database->stop_waiting(); });
    BOOST_CHECK_THROW(database->execute("BEGIN IMMEDIATE"), sqlite_error);
    giving_up.join();
    other->execute("COMMIT");
    database->execute("BEGIN IMMEDIATE");
    database->execute("COMMIT");
}

BOOST_AUTO_TEST_CASE(a_file_of_a_newer_version_or_another_program_is_left_alone) {
    {
        const auto database = open_sqlite_database(path, 0);
        database->execute("PRAGMA user_version = 5");
    }
    BOOST_TEST(problem_of_opening() == path + ": a newer version of byot made this file");
    for (const auto sql : {"CREATE TABLE other (x)", "CREATE TABLE keys (x); PRAGMA user_version = 1"}) {
        fs::remove(path);
        write_text(path, "");
        sqlite_database(path).execute(sql);
        BOOST_TEST(problem_of_opening() == path + ": this is another program's database");
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_database_is_refused_by_name) {
    write_text(path, std::string(5000, 'x'));
    BOOST_TEST(problem_of_opening() == path + ": file is not a database");
    fs::remove(path);
    fs::create_directory(path);
    BOOST_TEST(problem_of_opening() == path + ": Is a directory");
    path = (directory / "missing/keys.db").string();
    BOOST_TEST(problem_of_opening() == path + ": No such file or directory");
}

BOOST_AUTO_TEST_CASE(a_full_disk_fails_the_write_keeps_the_rest_and_goes_on) {
    running_reactor reactor;
    const auto store = open_sqlite_store(path, 16);
    store_driver driver(reactor, *store);
    auto large = full_record("googleai");
    large.sealed = std::string(8000, 's');
    std::vector<std::string> kept;
    std::optional<failure> refused;
    for (int i = 0; i < 100 && !refused; ++i) {
        const auto uid = "user-" + std::to_string(i);
        auto work = [&] { return store->save(reactor.home(), user_id(uid), large); };
        const auto saved = reactor.wait<result<bool>>(work);
        if (saved)
            kept.push_back(uid);
        else
            refused = saved.error();
    }
    BOOST_TEST_REQUIRE(refused.has_value());
    BOOST_TEST((refused->why() == reason::store_unavailable));
    BOOST_TEST(refused->message() == "Stored keys cannot be reached now: database or disk is full.");
    BOOST_TEST_REQUIRE(!kept.empty());
    for (const auto& uid : kept) BOOST_TEST(driver.load(uid).size() == 1U);
    BOOST_TEST(driver.answers());
    BOOST_TEST(driver.remove(kept.front(), "googleai")); // what is removed makes room again
    driver.save("user-new", large);
}

BOOST_AUTO_TEST_CASE(a_write_that_fails_takes_none_of_its_transaction_with_it) {
    running_reactor reactor;
    const auto store = open_sqlite_store(path, 16);
    auto huge = full_record("googleai");
    huge.sealed = std::string(100000, 's'); // more than the file may grow to
    std::vector<std::future<result<bool>>> answers;
    for (int i = 0; i < 20; ++i) {
        auto work = [&, i] {
            return store->save(reactor.home(), user_id("user-" + std::to_string(i)),
                               i == 10 ? huge : full_record("openai"));
        };
        answers.push_back(reactor.start<result<bool>>(work));
    }
    for (std::size_t i = 0; i < answers.size(); ++i) BOOST_TEST(answers[i].get().has_value() == (i != 10));
    store_driver driver(reactor, *store);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        BOOST_TEST(driver.load("user-" + std::to_string(i)).size() == (i == 10 ? 0U : 1U));
    }
}

BOOST_AUTO_TEST_CASE(a_table_that_is_gone_makes_every_call_store_unavailable) {
    running_reactor reactor;
    const auto store = open_sqlite_store(path);
    sqlite_database(path).execute("DROP TABLE keys");
    auto load = [&] { return store->load(reactor.home(), user_id("user-1")); };
    auto save = [&] { return store->save(reactor.home(), user_id("user-1"), full_record("googleai")); };
    auto remove = [&] { return store->remove(reactor.home(), user_id("user-1"), "googleai"); };
    const auto loaded = reactor.wait<result<std::vector<key_record>>>(load);
    BOOST_TEST_REQUIRE(!loaded.has_value());
    BOOST_TEST((loaded.error().why() == reason::store_unavailable));
    BOOST_TEST(!reactor.wait<result<bool>>(save).has_value());
    BOOST_TEST(!reactor.wait<result<bool>>(remove).has_value());
}

BOOST_AUTO_TEST_CASE(two_processes_may_have_the_file_open) {
    running_reactor reactor;
    const auto one = open_sqlite_store(path);
    const auto other = open_sqlite_store(path);
    store_driver(reactor, *one).save("user-1", full_record("googleai"));
    BOOST_TEST(store_driver(reactor, *other).load("user-1").size() == 1U);
    BOOST_TEST(store_driver(reactor, *other).remove("user-1", "googleai"));
    BOOST_TEST(store_driver(reactor, *one).load("user-1").empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_looked_at_is_told) {
    fs::create_symlink("keys.db", path); // to itself
    BOOST_TEST(why_no_sqlite_store(path).value_or("").find("cannot be looked at") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(another_users_file_is_told) {
    if (::geteuid() != 0) return; // nobody else can give a file away
    open_sqlite_store(path);
    fs::permissions(directory / ".", fs::perms::all);
    fs::permissions(path, fs::perms::all);
    const as_nobody meanwhile;
    BOOST_TEST(why_no_sqlite_store(path).value_or("").find("another user's") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_record_with_an_impossible_tenant_is_no_users) {
    running_reactor reactor;
    const auto store = open_sqlite_store(path);
    store_driver driver(reactor, *store);
    driver.save("user-1", full_record("openai"));
    const auto row =
        "UPDATE keys SET tenant = CAST('" + std::string(user_id::longest_tenant + 1, 't') + "' AS BLOB)";
    sqlite_database(path).execute(row.c_str());
    BOOST_CHECK_THROW(driver.list_not_under("another", std::nullopt, 10),
                      std::logic_error); // a failure, taken for a value
}

BOOST_AUTO_TEST_SUITE_END()
