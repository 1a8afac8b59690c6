#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace byot::config {

/// CPUs this process may use: affinity, cut by the cgroup's quota (v2 and v1), at least 1.
unsigned usable_cpus();

/// The CPU time that control groups allow, in CPUs (0.5 is half of one): the least along the way from this
/// process's group to the root; nothing when none sets a limit. `membership` is the text of
/// /proc/self/cgroup, `mount` where the hierarchies are mounted (/sys/fs/cgroup). Reads v2's `cpu.max` and
/// v1's `cpu.cfs_quota_us` and `cpu.cfs_period_us`.
std::optional<double> cgroup_quota(std::string_view membership, const std::filesystem::path& mount);

/// CPUs to use of `allowed` ones under that quota: a part of a CPU counts whole, so that the quota can be
/// used up; at least 1.
unsigned cut_by_quota(unsigned allowed, std::optional<double> quota) noexcept;

} // namespace byot::config
