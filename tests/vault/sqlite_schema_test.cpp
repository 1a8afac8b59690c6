#include "vault/sqlite_schema.hpp"

#include "test_data.hpp"
#include "vault/samples.hpp"
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
    std::ifstream file(test_data("vault/earlier_versions/" + name), std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::shared_ptr<const keyring> ring_of_then() {
    return std::make_shared<const keyring>(parse_keyring(text_of("keyring.json")).value());
}

constexpr std::int64_t latest_version = 4;
/// Of each of them there is a file, with the same keys; those of 2 and 3 have one of a tenant's besides.
constexpr std::int64_t earlier_versions[] = {1, 2, 3};

struct old_file {
    std::int64_t version;
    temporary_directory directory;
    std::string path = (directory / "keys.db").string();

    /// As that version left it, with `more` done to it.
    explicit old_file(std::int64_t of_version, const std::string& more = {}) : version(of_version) {
        write_text(path, "");
        sqlite_database database(path);
        database.execute(text_of("version_" + std::to_string(version) + ".sql"));
        if (!more.empty()) database.execute(more);
    }
    std::int64_t keys() const { return version == 1 ? 4 : 5; }
    std::int64_t tables() const { return version == 3 ? 3 : 1; }
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

void is_as_it_was(const old_file& file, std::int64_t more_tables = 0) {
    sqlite_database database(file.path);
    BOOST_TEST(number_of(database, "PRAGMA user_version") == file.version);
    BOOST_TEST(number_of(database, "SELECT count(*) FROM keys") == file.keys());
    BOOST_TEST(number_of(database, "SELECT count(*) FROM pragma_table_info('keys') WHERE name = 'tenant'") ==
               (file.version == 1 ? 0 : 1));
    BOOST_TEST(number_of(database, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'") ==
               file.tables() + more_tables);
}

/// All tables, as they were made.
std::string tables_of(sqlite_database& database) {
    std::string all;
    auto statement = database.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name");
    while (statement.step()) all += statement.text(0) + "\n";
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sqlite_schema_suite)

BOOST_AUTO_TEST_CASE(every_key_of_an_earlier_versions_file_opens_for_its_user) {
    for (const auto version : earlier_versions) {
        BOOST_TEST_CONTEXT(version) {
            const old_file file(version);
            each_old_key_opens_in(file.path);
            each_old_key_opens_in(file.path); // the second start finds it taken over
        }
    }
}

BOOST_AUTO_TEST_CASE(a_file_is_taken_over_whole_and_as_it_was) {
    for (const auto version : earlier_versions) {
        BOOST_TEST_CONTEXT(version) {
            const old_file file(version);
            const auto database = open_sqlite_database(file.path, 0);
            BOOST_TEST(number_of(*database, "PRAGMA user_version") == latest_version);
            BOOST_TEST(number_of(*database, "SELECT count(*) FROM keys") == file.keys());
            BOOST_TEST(number_of(*database, "SELECT count(*) FROM keys WHERE tenant = X''") == 4);
            BOOST_TEST(number_of(*database,
                                 "SELECT count(*) FROM keys WHERE created_at = updated_at"
                                 " AND last_used_at > created_at AND last_checked_at IS NULL"
                                 " AND expires_at IS NULL AND length(signature) = 64") == file.keys());
            const auto told = version == 3 ? 1 : 0;
            BOOST_TEST(number_of(*database, "SELECT count(*) FROM closed_entries") == told);
            BOOST_TEST(number_of(*database, "SELECT count(*) FROM savers") == told);
            BOOST_TEST(number_of(*database, "SELECT count(*) FROM removed_users") == 0);
            BOOST_TEST(number_of(*database, "SELECT integrity_check = 'ok' FROM pragma_integrity_check") ==
                       1);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_file_comes_to_the_tables_of_a_new_one) {
    const temporary_directory directory;
    const auto of_new = tables_of(*open_sqlite_database((directory / "keys.db").string(), 0));
    for (const auto version : earlier_versions) {
        const old_file file(version);
        BOOST_TEST(tables_of(*open_sqlite_database(file.path, 0)) == of_new, version);
    }
}

BOOST_AUTO_TEST_CASE(a_start_that_fails_at_any_step_leaves_the_file_as_it_was) {
    // A name that the step gives is taken.
    const struct {
        std::int64_t step;
        std::string taken;
    } rows[] = {{1, "keys_without_tenants"}, {2, "closed_entries"}, {2, "savers"}, {3, "removed_users"}};
    for (const auto version : earlier_versions) {
        for (const auto& row : rows) {
            if (row.step < version) continue;
            BOOST_TEST_CONTEXT(version << " " << row.taken) {
                const old_file file(version, "CREATE TABLE " + row.taken + " (x)");
                BOOST_CHECK_THROW(static_cast<void>(open_sqlite_database(file.path, 0)), std::runtime_error);
                is_as_it_was(file, 1);
                sqlite_database(file.path).execute("DROP TABLE " + row.taken);
                each_old_key_opens_in(file.path);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(so_does_one_that_cannot_move_the_keys) {
    const old_file file(1, "ALTER TABLE keys DROP COLUMN hint");
    BOOST_CHECK_THROW(static_cast<void>(open_sqlite_database(file.path, 0)), std::runtime_error);
    is_as_it_was(file);
    sqlite_database(file.path).execute("ALTER TABLE keys ADD COLUMN hint BLOB NOT NULL DEFAULT X''");
    each_old_key_opens_in(file.path);
}

BOOST_AUTO_TEST_CASE(and_one_that_finds_no_room) {
    for (const auto version : earlier_versions) {
        unsigned failed = 0;
        const old_file file(version);
        for (std::uint32_t pages = 1; pages < 100; ++pages) {
            try {
                open_sqlite_database(file.path, pages);
                break;
            } catch (const std::runtime_error&) {
                ++failed;
                is_as_it_was(file);
            }
        }
        BOOST_TEST(failed > 3u, version);
        each_old_key_opens_in(file.path);
    }
}

BOOST_AUTO_TEST_CASE(a_new_file_that_finds_no_room_is_still_a_new_one) {
    const temporary_directory directory;
    const auto path = (directory / "keys.db").string();
    BOOST_CHECK_THROW(static_cast<void>(open_sqlite_database(path, 2)), std::runtime_error);
    {
        sqlite_database database(path);
        BOOST_TEST(schema_version_of(database) == 0);
    }
    BOOST_TEST(number_of(*open_sqlite_database(path, 0), "PRAGMA user_version") == latest_version);
}

BOOST_AUTO_TEST_CASE(a_file_of_a_later_version_is_left_alone) {
    const temporary_directory directory;
    const auto path = (directory / "keys.db").string();
    open_sqlite_database(path, 0)->execute("PRAGMA user_version = " + std::to_string(latest_version + 1));
    const auto says_so = [&](const std::runtime_error& error) {
        return error.what() == path + ": a newer version of byot made this file";
    };
    BOOST_CHECK_EXCEPTION(static_cast<void>(open_sqlite_database(path, 0)), std::runtime_error, says_so);
    BOOST_TEST((why_no_sqlite_store(path) == path + ": a newer version of byot made this file"));
    sqlite_database database(path);
    BOOST_TEST(number_of(database, "PRAGMA user_version") == latest_version + 1);
}

BOOST_AUTO_TEST_CASE(a_look_before_the_start_takes_an_earlier_version_and_leaves_it) {
    for (const auto version : earlier_versions) {
        const old_file file(version);
        BOOST_TEST(why_no_sqlite_store(file.path).value_or("") == "", version);
        is_as_it_was(file);
    }
}

BOOST_AUTO_TEST_CASE(a_program_of_then_that_still_runs_goes_on_with_the_file) {
    const old_file file(1);
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
