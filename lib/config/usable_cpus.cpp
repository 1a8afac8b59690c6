#include "config/cgroup_quota.hpp"
#include "config/configuration.hpp"

#include <sched.h>

#include <fstream>
#include <iterator>
#include <thread>

namespace byot::config {
namespace {

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

unsigned usable_cpus() {
    return cut_by_quota(allowed_cpus(), cgroup_quota(read_file("/proc/self/cgroup"), "/sys/fs/cgroup"));
}

} // namespace byot::config
