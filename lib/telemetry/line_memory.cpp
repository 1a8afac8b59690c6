#include "telemetry/line_memory.hpp"

#include <utility>

namespace byot::telemetry {
namespace {

constexpr std::size_t most_kept = 16 * 1024;

thread_local std::string kept;

} // namespace

std::string take_line_memory() noexcept {
    auto line = std::exchange(kept, {});
    line.clear();
    return line;
}

void give_line_memory_back(std::string&& line) noexcept {
    if (line.capacity() <= most_kept) kept = std::move(line);
}

} // namespace byot::telemetry
