#include "vault/keyring_driver.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

namespace {

using namespace std::chrono_literals;

struct rotating_keyring {
    temporary_directory directory;
    ring_file file{directory / "ring.json"};
    told_changes told;
    running_reactor reactor;

    rotating_keyring() { file.write(ring_of_seeds({1})); }

    std::unique_ptr<live_keyring> make(keyring_needs needs = {}) {
        return std::make_unique<live_keyring>(file.path(), needs, told.observers());
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(live_keyring_suite, rotating_keyring)

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_used_starts_nothing) {
    file.write_text("{}");
    BOOST_CHECK_THROW(make(), std::runtime_error);
    file.write(*role_ring(*sample_ring(), keyring_part::keys_role), keyring_part::keys_role);
    BOOST_CHECK_THROW(make(), std::runtime_error);
    BOOST_CHECK_NO_THROW(make({false, true}));
}

BOOST_AUTO_TEST_CASE(a_refresh_takes_what_the_file_has_now) {
    const auto live = make();
    const auto before = live->current();
    file.write(ring_of_seeds({1, 2}));
    BOOST_TEST(live->current() == before);
    refresh(reactor, *live);
    BOOST_TEST(live->current()->newest().id == id_of_seed(2));
    BOOST_TEST(before->newest().id == id_of_seed(1)); // whoever holds it goes on with it
    const auto changes = told.changes();
    BOOST_TEST_REQUIRE(changes.size() == 1U);
    BOOST_TEST(changes[0].added == std::vector<std::string>{id_of_seed(2)});
    BOOST_TEST(changes[0].newest == id_of_seed(2));
    BOOST_TEST(changes[0].gone.empty());
}

BOOST_AUTO_TEST_CASE(a_mounted_secret_whose_links_are_changed_is_read_anew) {
    namespace fs = std::filesystem;
    for (const std::uint8_t seed :
         {std::uint8_t{1}, std::uint8_t{2}}) { // as a volume of Kubernetes has it: name -> ..data -> a folder
        const auto folder = directory / ("..of_" + std::to_string(seed));
        fs::create_directory(folder);
        ring_file(folder / "ring").write(ring_of_seeds({seed}));
    }
    fs::create_directory_symlink("..of_1", directory / "..data");
    fs::create_symlink("..data/ring", directory / "mounted");
    live_keyring live(directory / "mounted", {}, told.observers(), 1h, keyring_place::volume);
    BOOST_TEST(live.current()->newest().id == id_of_seed(1));
    fs::create_directory_symlink("..of_2", directory / "..new");
    fs::rename(directory / "..new", directory / "..data");
    refresh(reactor, live);
    BOOST_TEST(live.current()->newest().id == id_of_seed(2));
}

BOOST_AUTO_TEST_CASE(a_file_that_says_the_same_changes_nothing) {
    const auto live = make();
    const auto before = live->current();
    file.write(ring_of_seeds({1}));
    refresh(reactor, *live);
    BOOST_TEST(live->current() == before);
    BOOST_TEST(told.changes().empty());
}

BOOST_AUTO_TEST_CASE(an_entry_that_is_gone_is_told) {
    file.write(ring_of_seeds({1, 2}));
    const auto live = make();
    file.write(ring_of_seeds({2}));
    refresh(reactor, *live);
    BOOST_TEST(live->current()->entries().size() == 1U);
    BOOST_TEST_REQUIRE(told.changes().size() == 1U);
    BOOST_TEST(told.changes()[0].gone == std::vector<std::string>{id_of_seed(1)});
}

BOOST_AUTO_TEST_CASE(a_bad_file_is_told_once_and_the_ring_stays) {
    const auto live = make();
    file.write_text("{}");
    refresh(reactor, *live);
    refresh(reactor, *live);
    BOOST_TEST(live->current()->newest().id == id_of_seed(1));
    BOOST_TEST(told.problems().size() == 1U);
    file.write(ring_of_seeds({1, 2}), keyring_part::keys_role);
    refresh(reactor, *live);
    BOOST_TEST(live->current()->newest().id == id_of_seed(1)); // a role's file is not what this one needs
    BOOST_TEST(told.problems().size() == 2U);
    file.write(ring_of_seeds({1, 2}));
    refresh(reactor, *live);
    BOOST_TEST(live->current()->newest().id == id_of_seed(2));
    file.remove();
    refresh(reactor, *live);
    BOOST_TEST(live->current()->newest().id == id_of_seed(2));
    BOOST_TEST(told.problems().size() == 3U);
}

BOOST_AUTO_TEST_CASE(refreshes_are_a_second_apart_and_one_look_serves_all_who_wait) {
    const auto live = make();
    refresh(reactor, *live);
    file.write(ring_of_seeds({1, 2}));
    const auto begun = steady_now();
    std::vector<std::future<bool>> waiting;
    running_reactor other(1);
    for (int i = 0; i < 200; ++i) {
        auto& at = i % 2 == 0 ? reactor : other;
        auto work = [&live, &at] { return refreshed(at.home(), *live); };
        waiting.push_back(at.start<bool>(work));
    }
    for (auto& one : waiting) BOOST_TEST_REQUIRE(one.get());
    const auto took = steady_now() - begun;
    BOOST_TEST((took > live_keyring::refresh_interval - 500ms));
    BOOST_TEST((took < 2 * live_keyring::refresh_interval)); // the second look would begin then
    BOOST_TEST(live->current()->newest().id == id_of_seed(2));
    BOOST_TEST(told.changes().size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_background_finds_a_new_entry_by_itself) {
    const auto live = make();
    auto start = [&] {
        live->keep_fresh(reactor.home());
        return true;
    };
    reactor.call<bool>(start);
    file.write(ring_of_seeds({1, 2}));
    BOOST_TEST(told.wait_for_change(10s));
    BOOST_TEST(live->current()->newest().id == id_of_seed(2));
    auto stop = [&] { return stopped(*live); };
    BOOST_TEST(reactor.wait<bool>(stop));
    reactor.stop();
}

BOOST_AUTO_TEST_CASE(a_ring_is_read_by_all_threads_while_its_file_is_rotated) {
    const auto live = make();
    std::atomic<bool> is_over = false;
    std::atomic<std::uint64_t> read = 0;
    const auto look = [&] {
        while (!is_over) {
            const auto ring = live->current();
            if (!ring->newest().box_secret.empty()) ++read;
        }
    };
    std::thread first(look);
    std::thread second(look);
    for (unsigned char last = 2; last < 5; ++last) {
        file.write(ring_of_seeds({1, last}));
        refresh(reactor, *live);
        BOOST_TEST(live->current()->newest().id == id_of_seed(last));
    }
    is_over = true;
    first.join();
    second.join();
    BOOST_TEST(read > 0U);
}

BOOST_AUTO_TEST_CASE(a_fixed_ring_needs_no_file) {
    live_keyring fixed(sample_ring());
    refresh(reactor, fixed);
    BOOST_TEST(fixed.current()->newest().id == "key_newnewnewnew");
}

BOOST_AUTO_TEST_SUITE_END()
