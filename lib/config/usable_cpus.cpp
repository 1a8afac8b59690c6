#include "config/usable_cpus.hpp"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

namespace byot::config {
namespace {

namespace fs = std::filesystem;

std::optional<double> least(std::optional<double> a, std::optional<double> b) {
    return a && b ? std::min(*a, *b) : a ? a : b;
}

std::optional<double> ratio(double quota, double period) {
    if (quota <= 0 || period <= 0) return {}; // v1 says -1 for no limit
    return quota / period;
}

std::optional<double> read_v2(const fs::path& group) {
    std::ifstream file(group / "cpu.max");
    double quota = 0;
    double period = 0;
    if (!(file >> quota >> period)) return {}; // "max" for no limit
    return ratio(quota, period);
}

std::optional<double> read_v1(const fs::path& group) {
    std::ifstream quota_file(group / "cpu.cfs_quota_us");
    std::ifstream period_file(group / "cpu.cfs_period_us");
    double quota = 0;
    double period = 0;
    if (!(quota_file >> quota) || !(period_file >> period)) return {};
    return ratio(quota, period);
}

// Inside a container the path may be the host's: then only the mount's root is there, and it is ours.
template <class Read>
std::optional<double> least_up_from(const fs::path& mount, std::string_view path, Read read) {
    std::optional<double> quota;
    auto group = fs::path(path).relative_path();
    while (!group.empty()) {
        quota = least(quota, read(mount / group));
        group = group.parent_path();
    }
    return least(quota, read(mount));
}

bool lists_cpu(std::string_view controllers) {
    return ("," + std::string(controllers) + ",").find(",cpu,") != std::string::npos;
}

// A line is "0::/path" in v2 and "4:cpu,cpuacct:/path" in v1.
std::optional<double> quota_of(std::string_view line, const fs::path& mount) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) return {};
    const auto controllers = line.substr(first + 1, second - first - 1);
    const auto path = line.substr(second + 1);
    if (controllers.empty()) return least_up_from(mount, path, read_v2);
    if (!lists_cpu(controllers)) return {};
    return least(least_up_from(mount / "cpu", path, read_v1),
                 least_up_from(mount / std::string(controllers), path, read_v1));
}

unsigned allowed_cpus() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0) return static_cast<unsigned>(CPU_COUNT(&set));
    return std::thread::hardware_concurrency(); // more CPUs than a cpu_set_t holds
}

std::string read_file(const char* path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

} // namespace

std::optional<double> cgroup_quota(std::string_view membership, const fs::path& mount) {
    std::optional<double> quota;
    while (!membership.empty()) {
        const auto end = std::min(membership.find('\n'), membership.size());
        quota = least(quota, quota_of(membership.substr(0, end), mount));
        membership.remove_prefix(std::min(end + 1, membership.size()));
    }
    return quota;
}

unsigned cut_by_quota(unsigned allowed, std::optional<double> quota) noexcept {
    const auto cpus = std::max(allowed, 1u);
    if (!quota || *quota >= cpus) return cpus;
    return std::max(1u, static_cast<unsigned>(std::ceil(*quota)));
}

unsigned usable_cpus() {
    return cut_by_quota(allowed_cpus(), cgroup_quota(read_file("/proc/self/cgroup"), "/sys/fs/cgroup"));
}

} // namespace byot::config
