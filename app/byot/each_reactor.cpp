#include "each_reactor.hpp"

#include "core/async_event.hpp"

namespace byot::app {
namespace {

struct progress {
    explicit progress(std::size_t count) : left(count) {}
    std::size_t left;
    async_event one_less;
};

task<void> do_one(const work_of_reactor& work, std::size_t index, net::reactor& home, progress& all) {
    co_await work(index);
    home.post([&all] {
        --all.left;
        all.one_less.notify();
    });
}

} // namespace

task<void> on_each(const reactor_list& reactors, const work_of_reactor& work) {
    progress all(reactors.size());
    for (std::size_t i = 0; i < reactors.size(); ++i) {
        reactors[i]->post([&, i] { spawn(do_one(work, i, *reactors.front(), all)); });
    }
    while (all.left > 0) co_await all.one_less.wait();
}

} // namespace byot::app
