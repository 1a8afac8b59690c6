#include "telemetry_gatherer.hpp"

#include "core/file_descriptor.hpp"
#include "version.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace byot::app {
namespace {

using telemetry::metric;

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// Resident memory in bytes: the second number of /proc/self/statm, in pages (proc_pid_statm(5)); 0 where it
/// cannot be read.
double resident_memory() {
    const file_descriptor file(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC));
    std::array<char, 128> text{};
    const auto size = ::read(file.get(), text.data(), text.size());
    if (size <= 0) return 0;
    const char* const end = text.data() + size;
    const char* const second = std::find<const char*>(text.data(), end, ' ');
    std::uint64_t pages = 0;
    if (second != end) std::from_chars(second + 1, end, pages);
    return static_cast<double>(pages) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

void add_process(telemetry::metric_values& to) {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    to.set(metric::process_cpu_time, seconds_of(used.ru_utime) + seconds_of(used.ru_stime));
    to.set(metric::process_memory, resident_memory());
}

} // namespace

task<telemetry::metric_values> telemetry_gatherer::gather_metrics() {
    telemetry::metric_values all;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        const auto& part = *parts_[i];
        // It is named and outlives its coroutine, which is waited for here.
        // NOLINTNEXTLINE(cppcoreguidelines-avoid-capturing-lambda-coroutines)
        const auto copy = [&part]() -> task<telemetry::metric_values> { co_return part.metrics(); };
        const auto values =
            co_await net::run_on<telemetry::metric_values>(*reactors_[i], *reactors_.front(), copy);
        all.add(values);
    }
    add_shared(all);
    add_process(all);
    co_return all;
}

task<std::vector<telemetry::span>> telemetry_gatherer::take_spans() {
    std::vector<telemetry::span> all;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        auto& part = *parts_[i];
        // NOLINTNEXTLINE(cppcoreguidelines-avoid-capturing-lambda-coroutines)
        const auto take = [&part]() -> task<std::vector<telemetry::span>> { co_return part.take_spans(); };
        auto some =
            co_await net::run_on<std::vector<telemetry::span>>(*reactors_[i], *reactors_.front(), take);
        std::move(some.begin(), some.end(), std::back_inserter(all));
    }
    co_return all;
}

void telemetry_gatherer::add_shared(telemetry::metric_values& to) const {
    to.set(metric::open_connections,
           static_cast<double>(shared_.open_connections->load(std::memory_order_relaxed)));
    to.set(metric::active_streams, static_cast<double>(shared_.limits->streams()));
    to.set(metric::log_lines_lost, static_cast<double>(shared_.log.lost()));
    to.set(metric::build_info, 1, {program_version, program_commit});
    to.set(metric::process_uptime, std::chrono::duration<double>(steady_now() - started_).count());
    if (shared_.certificates) {
        if (const auto fetched = shared_.certificates->fetched_at())
            to.set(metric::certificate_age, std::chrono::duration<double>(wall_now() - *fetched).count());
    }
    if (!pushed_) return;
    to.count(metric::export_losses, {"spans"}, static_cast<double>(pushed_->lost_spans()));
    to.count(metric::export_losses, {"metrics"}, static_cast<double>(pushed_->lost_rounds()));
}

} // namespace byot::app
