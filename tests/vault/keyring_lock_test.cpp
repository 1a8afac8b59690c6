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

BOOST_AUTO_TEST_CASE(many_who_add_at_once_lose_no_entry) {
    const temporary_directory directory;
    ring_file file(directory / "ring.json");
    file.write(ring_of_seeds({1}));
    std::atomic<int> failures = 0;
    const auto add = [&](unsigned char first) {
        for (unsigned char seed = first; seed < first + 6; ++seed) {
            const keyring_lock alone(file.path());
            auto entries = load_keyring(file.path()).value().release();
            entries.push_back(fixed_entry(seed, "key_addedadded" + std::to_string(seed)));
            const auto text = serialize_keyring(keyring(std::move(entries)), keyring_part::whole);
            if (write_keyring(file.path(), text, true)) ++failures;
        }
    };
    std::vector<std::thread> threads;
    for (unsigned char first = 10; first < 58; first += 6) threads.emplace_back(add, first);
    for (auto& thread : threads) thread.join();
    BOOST_TEST(failures == 0);
    BOOST_TEST(load_keyring(file.path()).value().entries().size() == 1U + 8 * 6);
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
