#include "vault/keyring_driver.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

namespace fs = std::filesystem;

namespace {

struct keyring_files {
    temporary_directory directory;
    fs::path file = directory / "ring.json";
    secret text = serialize_keyring(*sample_ring(), keyring_part::whole);

    std::string problem_of_loading(const fs::path& which) {
        const auto ring = load_keyring(which);
        BOOST_TEST_REQUIRE(!ring.has_value());
        BOOST_TEST(ring.error().message.starts_with(which.string()));
        return ring.error().message;
    }
    std::size_t file_count() const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory.path()), {}));
    }
};

unsigned mode_of(const fs::path& file) {
    return static_cast<unsigned>(fs::status(file).permissions());
}

bool says(const std::string& message, std::string_view part) {
    return message.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(keyring_file_suite, keyring_files)

BOOST_AUTO_TEST_CASE(a_written_keyring_is_its_owners_only_and_loads) {
    const auto old_mask = ::umask(0777); // the mode is set, not left to the mask
    const auto problem = write_keyring(file, text, false);
    ::umask(old_mask);
    BOOST_TEST_REQUIRE(!problem);
    BOOST_TEST(mode_of(file) == 0600U);
    BOOST_TEST(file_count() == 1U);
    const auto ring = load_keyring(file);
    BOOST_TEST_REQUIRE(ring.has_value());
    BOOST_TEST(ring->newest().id == "key_newnewnewnew");
}

BOOST_AUTO_TEST_CASE(a_keyring_that_others_could_read_is_refused) {
    for (const unsigned mode : {0600U, 0400U}) {
        write_text(file, text.expose());
        fs::permissions(file, static_cast<fs::perms>(mode));
        BOOST_TEST(load_keyring(file).has_value());
        fs::remove(file);
    }
    for (const unsigned mode : {0644U, 0640U, 0604U, 0602U, 0620U, 0700U, 0601U, 04600U, 0000U, 0200U}) {
        write_text(file, text.expose(), mode);
        BOOST_TEST_CONTEXT(mode) {
            BOOST_TEST(!load_keyring(file).has_value());
        }
        fs::remove(file);
    }
    write_text(file, text.expose(), 0644);
    BOOST_TEST(says(problem_of_loading(file), "owner only"));
}

BOOST_AUTO_TEST_CASE(who_may_own_and_read_a_keyring_depends_on_its_place) {
    constexpr unsigned root = 0;
    constexpr unsigned ours = 1000;
    constexpr unsigned other = 1001;
    const struct {
        unsigned mode;
        unsigned owner;
        bool is_fit_on_disk;
        bool is_fit_in_volume;
    } rows[] = {
        {0600, ours, true, true},    {0400, ours, true, true},   {0600, root, true, true},
        {0400, root, true, true},    {0444, root, false, true},  {0440, root, false, true},
        {0600, other, true, false},  {0400, other, true, false}, {0444, other, false, false},
        {0440, other, false, false}, {0444, ours, false, false}, {0440, ours, false, false},
        {0644, root, false, false},  {0664, root, false, false}, {0646, root, false, false},
        {0464, root, false, false},  {0446, root, false, false}, {0666, root, false, false},
        {0404, root, false, false},  {0555, root, false, false}, {04444, root, false, false},
        {02440, root, false, false}, {0640, ours, false, false}, {0000, root, false, false},
    };
    for (const auto& row : rows) {
        BOOST_TEST_CONTEXT(std::oct << row.mode << std::dec << " of " << row.owner) {
            BOOST_TEST(!why_unfit(row.mode, row.owner, ours, keyring_place::disk) == row.is_fit_on_disk);
            BOOST_TEST(!why_unfit(row.mode, row.owner, ours, keyring_place::volume) == row.is_fit_in_volume);
        }
    }
    BOOST_TEST(!why_unfit(0444, root, root, keyring_place::volume)); // a container that runs as root
}

BOOST_AUTO_TEST_CASE(a_file_is_read_to_its_end_whatever_size_it_is_said_to_have) {
    const auto lying = load_keyring("/proc/self/limits", keyring_place::volume); // regular, 0444, of 0 bytes
    BOOST_TEST_REQUIRE(!lying.has_value());
    const bool is_roots = ::geteuid() == 0;
    BOOST_TEST(says(lying.error().message, is_roots ? "JSON" : "mode 0400 or 0600"));
}

BOOST_AUTO_TEST_CASE(what_is_no_regular_file_is_refused) {
    BOOST_TEST(says(problem_of_loading(file), "cannot be opened"));
    BOOST_TEST(says(problem_of_loading(directory.path()), "not a regular file"));
    const auto pipe = directory / "pipe";
    BOOST_TEST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    BOOST_TEST(says(problem_of_loading(pipe), "not a regular file")); // and nobody waits for a writer
}

BOOST_AUTO_TEST_CASE(a_link_to_a_good_file_loads_and_one_to_a_bad_file_does_not) {
    const auto link = directory / "link";
    fs::create_symlink("ring.json", link);
    BOOST_TEST(!load_keyring(link).has_value()); // dangling
    write_text(file, text.expose());
    BOOST_TEST(load_keyring(link).has_value());
    fs::permissions(file, fs::perms(0644));
    BOOST_TEST(!load_keyring(link).has_value());
}

BOOST_AUTO_TEST_CASE(a_file_larger_than_any_keyring_is_not_read) {
    write_text(file, std::string(1024 * 1024 + 1, ' '));
    BOOST_TEST(says(problem_of_loading(file), "larger"));
}

BOOST_AUTO_TEST_CASE(nothing_is_replaced_unless_it_may_be) {
    write_text(file, "precious");
    BOOST_TEST(write_keyring(file, text, false).has_value());
    BOOST_TEST(read_text(file) == "precious");
    const auto dangling = directory / "dangling";
    fs::create_symlink("nowhere", dangling);
    BOOST_TEST(write_keyring(dangling, text, false).has_value());
    BOOST_TEST(fs::is_symlink(dangling));
    BOOST_TEST(file_count() == 2U);
    BOOST_TEST(!write_keyring(file, text, true).has_value());
    BOOST_TEST(load_keyring(file).has_value());
}

BOOST_AUTO_TEST_CASE(neither_a_link_nor_a_directory_is_replaced) {
    write_text(file, text.expose());
    const auto link = directory / "link";
    fs::create_symlink("ring.json", link);
    BOOST_TEST(write_keyring(link, text, true).has_value());
    BOOST_TEST(fs::is_symlink(link));
    BOOST_TEST(write_keyring(directory.path(), text, true).has_value());
    BOOST_TEST(write_keyring(directory / "missing/ring.json", text, false).has_value());
    BOOST_TEST(file_count() == 2U);
}

BOOST_AUTO_TEST_CASE(a_write_that_fails_half_way_leaves_the_old_keyring_and_no_other_file) {
    write_text(file, text.expose());
    struct rlimit old_limit{};
    ::getrlimit(RLIMIT_FSIZE, &old_limit);
    const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit small{100, old_limit.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const auto problem = write_keyring(file, text, true);
    ::setrlimit(RLIMIT_FSIZE, &old_limit);
    std::signal(SIGXFSZ, old_handler);
    BOOST_TEST_REQUIRE(problem.has_value());
    BOOST_TEST(says(problem->message, "cannot be written"));
    BOOST_TEST(read_text(file) == text.expose());
    BOOST_TEST(file_count() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

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
