#pragma once

#include "core/task.hpp"
#include "net/reactor.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace byot::app {

using reactor_list = std::vector<std::unique_ptr<net::reactor>>;
using work_of_reactor = std::function<task<void>(std::size_t index)>;

/// Has `work` done on each reactor at once and waits for all. On the first one; `work` must not throw.
task<void> on_each(const reactor_list& reactors, const work_of_reactor& work);

} // namespace byot::app
