#include "config/configuration.hpp"
#include "config/usable_cpus.hpp"

#include <boost/test/unit_test.hpp>

#include <sched.h>
#include <stdlib.h>

#include <fstream>
#include <thread>

using namespace byot::config;
namespace fs = std::filesystem;

namespace {

/// A directory that stands for /sys/fs/cgroup and goes with the test.
class hierarchy {
public:
    hierarchy() {
        std::string name = (fs::temp_directory_path() / "byot-cgroup-XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(name.data()));
        root_ = name;
    }
    ~hierarchy() { fs::remove_all(root_); }
    hierarchy(const hierarchy&) = delete;
    hierarchy& operator=(const hierarchy&) = delete;

    void write(const fs::path& file, std::string_view text) const {
        fs::create_directories((root_ / file).parent_path());
        std::ofstream(root_ / file) << text;
    }
    const fs::path& root() const { return root_; }

private:
    fs::path root_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(cpus)

BOOST_AUTO_TEST_CASE(the_quota_of_version_2_is_read_where_this_process_is) {
    const hierarchy at;
    at.write("pods/one/cpu.max", "150000 100000\n");
    BOOST_TEST(cgroup_quota("0::/pods/one\n", at.root()).value() == 1.5);
    BOOST_TEST(!cgroup_quota("0::/pods/two\n", at.root()).has_value());
}

BOOST_AUTO_TEST_CASE(the_least_quota_on_the_way_to_the_root_counts) {
    const hierarchy at;
    at.write("a/b/cpu.max", "400000 100000\n");
    at.write("a/cpu.max", "200000 100000\n");
    at.write("cpu.max", "max 100000\n");
    BOOST_TEST(cgroup_quota("0::/a/b\n", at.root()).value() == 2.0);
}

BOOST_AUTO_TEST_CASE(a_container_that_sees_its_own_group_as_the_root_is_limited_too) {
    const hierarchy at;
    at.write("cpu.max", "50000 100000\n");
    BOOST_TEST(cgroup_quota("0::/\n", at.root()).value() == 0.5);
    BOOST_TEST(cgroup_quota("0::/not/mounted/here\n", at.root()).value() == 0.5);
}

BOOST_AUTO_TEST_CASE(no_limit_is_no_quota) {
    const hierarchy at;
    at.write("cpu.max", "max 100000\n");
    BOOST_TEST(!cgroup_quota("0::/\n", at.root()).has_value());
    at.write("cpu/cpu.cfs_quota_us", "-1\n");
    at.write("cpu/cpu.cfs_period_us", "100000\n");
    BOOST_TEST(!cgroup_quota("3:cpu:/\n", at.root()).has_value());
    BOOST_TEST(!cgroup_quota("", at.root()).has_value());
}

BOOST_AUTO_TEST_CASE(the_quota_of_version_1_is_read_by_its_controller) {
    const hierarchy at;
    at.write("cpu,cpuacct/box/cpu.cfs_quota_us", "300000\n");
    at.write("cpu,cpuacct/box/cpu.cfs_period_us", "100000\n");
    BOOST_TEST(cgroup_quota("5:memory:/box\n4:cpu,cpuacct:/box\n0::/box\n", at.root()).value() == 3.0);
    BOOST_TEST(!cgroup_quota("5:memory:/box\n4:cpuset:/box\n", at.root()).has_value());
}

BOOST_AUTO_TEST_CASE(nonsense_is_no_quota) {
    const hierarchy at;
    at.write("cpu.max", "many\n");
    for (const auto* text : {"0::/\n", "nothing\n", ":\n", "\n\n", "0:"})
        BOOST_TEST_CONTEXT(text) BOOST_TEST(!cgroup_quota(text, at.root()).has_value());
}

BOOST_AUTO_TEST_CASE(a_part_of_a_cpu_counts_whole_and_none_is_one) {
    BOOST_TEST(cut_by_quota(8, {}) == 8u);
    BOOST_TEST(cut_by_quota(8, 2.0) == 2u);
    BOOST_TEST(cut_by_quota(8, 1.5) == 2u);
    BOOST_TEST(cut_by_quota(8, 0.08) == 1u);
    BOOST_TEST(cut_by_quota(2, 16.0) == 2u);
    BOOST_TEST(cut_by_quota(0, {}) == 1u);
}

BOOST_AUTO_TEST_CASE(affinity_limits_the_count) {
    unsigned count = 0;
    // On a thread of its own, whose affinity nobody misses.
    std::thread([&count] {
        cpu_set_t allowed;
        sched_getaffinity(0, sizeof allowed, &allowed);
        int first = 0;
        while (!CPU_ISSET(first, &allowed)) ++first;
        CPU_ZERO(&allowed);
        CPU_SET(first, &allowed);
        sched_setaffinity(0, sizeof allowed, &allowed);
        count = usable_cpus();
    }).join();
    BOOST_TEST(count == 1u);
    BOOST_TEST(usable_cpus() >= 1u);
}

BOOST_AUTO_TEST_SUITE_END()
