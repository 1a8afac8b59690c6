// What a version of this program that knew no tenants left behind: its users' keys, stream ids and file.
#include "test_data.hpp"
#include "vault/samples.hpp"
#include "vault/sqlite_schema.hpp"
#include "vault/stream_ids.hpp"
#include "vault/vault_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

namespace {

std::string text_of(const std::string& name) {
    std::ifstream file(test_data("vault/before_tenants/" + name), std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::shared_ptr<const keyring> ring_of_then() {
    return std::make_shared<const keyring>(parse_keyring(text_of("keyring.json")).value());
}

struct old_file {
    temporary_directory directory;
    std::string path = (directory / "keys.db").string();

    /// As it was then, with `more` done to it.
    explicit old_file(const std::string& more = {}) {
        write_text(path, "");
        sqlite_database database(path);
        database.execute(text_of("keys.sql"));
        if (!more.empty()) database.execute(more);
    }
};

struct old_key {
    const char* uid;
    const char* provider;
    const char* api_key;
    const char* stream_id;
};

constexpr old_key old_keys[] = {
    {"ada", "googleai", "AIza-of-ada-before-tenants", "stream-1.WiIpko-9527_yhqCnuI6i6ulw0xava8SfxiGidrupec"},
    {"ada", "openai", "sk-of-ada-before-tenants", "stream-1.WiIpko-9527_yhqCnuI6i6ulw0xava8SfxiGidrupec"},
    {"Zoë", "googleai", "AIza-of-zoe-before-tenants", "stream-1.JMLv31MlYx4Got4mmOd2CfdqS8pL88Z3MN-LjUshcAE"},
    {"~tilde", "anthropic", "sk-ant-of-tilde-before", "stream-1.R-5EpTEsyactNHTmRjxWmuzoIGrDp6hu54-mv70luXc"},
};

std::int64_t number_of(sqlite_database& database, const char* sql) {
    auto statement = database.prepare(sql);
    BOOST_TEST_REQUIRE(statement.step());
    return statement.number(0);
}

void each_old_key_opens_in(const std::string& path) {
    const auto ring = ring_of_then();
    const auto store = open_sqlite_store(path);
    running_reactor reactor;
    store_driver driver(reactor, *store);
    for (const auto& key : old_keys) {
        const auto record = driver.load_one(key.uid, key.provider);
        BOOST_TEST_REQUIRE(record.has_value(), key.uid);
        const auto opened = open_record(*ring, user_id(key.uid), *record);
        BOOST_TEST_REQUIRE(opened.has_value(), key.uid);
        BOOST_TEST(opened->expose() == key.api_key);
        BOOST_TEST(driver.load(user_id::in_tenant("acme-x1y2z", key.uid)).empty());
    }
}

void is_as_it_was(const std::string& path, std::int64_t tables) {
    sqlite_database database(path);
    BOOST_TEST(number_of(database, "PRAGMA user_version") == 1);
    BOOST_TEST(number_of(database, "SELECT count(*) FROM keys") == 4);
    BOOST_TEST(number_of(database, "SELECT count(*) FROM pragma_table_info('keys') WHERE name = 'tenant'") ==
               0);
    BOOST_TEST(number_of(database, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'") == tables);
}

} // namespace

BOOST_AUTO_TEST_SUITE(before_tenants_suite)

BOOST_AUTO_TEST_CASE(every_key_of_a_file_from_before_opens_for_its_user_of_no_tenant) {
    const old_file file;
    each_old_key_opens_in(file.path);
    each_old_key_opens_in(file.path); // the second start finds it taken over
}

BOOST_AUTO_TEST_CASE(a_file_is_taken_over_whole_and_as_it_was) {
    const old_file file;
    const auto database = open_sqlite_database(file.path, 0);
    BOOST_TEST(number_of(*database, "PRAGMA user_version") == 3);
    BOOST_TEST(number_of(*database, "SELECT count(*) FROM keys") == 4);
    BOOST_TEST(number_of(*database, "SELECT count(*) FROM keys WHERE tenant = X''") == 4);
    BOOST_TEST(number_of(*database, "SELECT count(*) FROM keys WHERE created_at = updated_at"
                                    " AND last_used_at > created_at AND last_checked_at IS NULL"
                                    " AND expires_at IS NULL AND length(signature) = 64") == 4);
    BOOST_TEST(number_of(*database, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'") == 3);
    BOOST_TEST(number_of(*database, "SELECT integrity_check = 'ok' FROM pragma_integrity_check") == 1);
}

BOOST_AUTO_TEST_CASE(a_start_that_ends_midway_leaves_the_file_as_it_was) {
    // A name that it gives is taken: so it fails at its first step, in the middle, and right before it moves
    // the keys.
    for (const std::string taken : {"keys_without_tenants", "closed_entries", "savers"}) {
        BOOST_TEST_CONTEXT(taken) {
            const old_file file("CREATE TABLE " + taken + " (x)");
            BOOST_CHECK_THROW(static_cast<void>(open_sqlite_database(file.path, 0)), std::runtime_error);
            is_as_it_was(file.path, 2);
            sqlite_database(file.path).execute("DROP TABLE " + taken);
            each_old_key_opens_in(file.path);
        }
    }
}

BOOST_AUTO_TEST_CASE(so_does_one_whose_last_step_fails) {
    const old_file file("ALTER TABLE keys DROP COLUMN hint"); // so the keys cannot be moved
    BOOST_CHECK_THROW(static_cast<void>(open_sqlite_database(file.path, 0)), std::runtime_error);
    is_as_it_was(file.path, 1);
    sqlite_database(file.path).execute("ALTER TABLE keys ADD COLUMN hint BLOB NOT NULL DEFAULT X''");
    each_old_key_opens_in(file.path);
}

BOOST_AUTO_TEST_CASE(and_one_that_finds_no_room) {
    unsigned failed = 0;
    const old_file file;
    for (std::uint32_t pages = 1; pages < 100; ++pages) {
        try {
            open_sqlite_database(file.path, pages);
            break;
        } catch (const std::runtime_error&) {
            ++failed;
            is_as_it_was(file.path, 1);
        }
    }
    BOOST_TEST(failed > 3u);
    each_old_key_opens_in(file.path);
}

BOOST_AUTO_TEST_CASE(a_program_of_then_that_still_runs_goes_on_with_the_file) {
    const old_file file;
    sqlite_database of_then(file.path);
    auto saves = of_then.prepare(
        "INSERT OR REPLACE INTO keys (uid, provider, credential_id, key_id, sealed,"
        " signature, hint, state, created_at, updated_at)"
        " SELECT uid, CAST('mistral' AS BLOB), credential_id, key_id, sealed, signature, hint, state,"
        " created_at, updated_at FROM keys WHERE provider = CAST('openai' AS BLOB)");
    open_sqlite_database(file.path, 0);
    saves.step();
    BOOST_TEST(number_of(of_then, "SELECT count(*) FROM keys WHERE uid = CAST('ada' AS BLOB)") == 3);
}

BOOST_AUTO_TEST_CASE(a_stream_id_from_before_is_still_its_users) {
    const auto ring = ring_of_then();
    for (const auto& key : old_keys) {
        BOOST_TEST((check_stream_id(*ring, user_id(key.uid), key.stream_id) == "stream-1"), key.uid);
        BOOST_TEST(sign_stream_id(*ring, user_id(key.uid), "stream-1") == key.stream_id);
        BOOST_TEST(!check_stream_id(*ring, user_id::in_tenant("acme-x1y2z", key.uid), key.stream_id));
    }
}

BOOST_AUTO_TEST_SUITE_END()
