#pragma once

#include "core/async_event.hpp"
#include "core/task.hpp"

#include <optional>

namespace byot::testing {

inline task<int> at_once(int number) {
    co_return number;
}

inline task<int> after(byot::async_event& event, int number) {
    co_await event.wait();
    co_return number;
}

/// Awaits `work` and keeps its value.
template <class T>
task<void> store(task<T> work, std::optional<T>& answer) {
    answer.emplace(co_await work);
}

/// Notifies until nobody waits any more.
inline void notify_while_awaited(byot::async_event& event) {
    while (event.is_awaited()) event.notify();
}

} // namespace byot::testing
