#include "vault/keyring_driver.hpp"
#include "vault/keyring_lock.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <atomic>
#include <thread>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

BOOST_AUTO_TEST_SUITE(keyring_lock_suite)

BOOST_AUTO_TEST_CASE(one_at_a_time_changes_a_keyring) {
    const temporary_directory directory;
    const auto file = directory / "ring.json";
    std::atomic<int> inside = 0;
    std::atomic<int> most = 0;
    int changes = 0; // of whoever holds the lock
    const auto change = [&] {
        for (int i = 0; i < 50; ++i) {
            const keyring_lock alone(file);
            most = std::max(most.load(), ++inside);
            ++changes;
            --inside;
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back(change);
    for (auto& thread : threads) thread.join();
    BOOST_TEST(changes == 8 * 50);
    BOOST_TEST(most == 1);
}

BOOST_AUTO_TEST_CASE(its_file_is_its_owners_and_no_link) {
    const temporary_directory directory;
    const auto file = directory / "ring.json";
    {
        const keyring_lock alone(file);
    }
    struct stat about{};
    BOOST_TEST_REQUIRE(::stat((file.string() + ".lock").c_str(), &about) == 0);
    BOOST_TEST((about.st_mode & 07777U) == 0600U);
    std::filesystem::remove(file.string() + ".lock");
    std::filesystem::create_symlink(directory / "elsewhere", file.string() + ".lock");
    BOOST_CHECK_THROW(keyring_lock{file}, std::runtime_error);
    BOOST_CHECK_THROW(keyring_lock(directory / "missing/ring.json"), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
