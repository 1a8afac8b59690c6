#include "net/connection_pool.hpp"

#include <algorithm>
#include <utility>

namespace byot::net {
namespace {

void drop(detail::idle_shelf& shelf, const connection* gone) {
    const auto found = std::ranges::find(shelf.idle, gone, &std::unique_ptr<connection>::get);
    if (found != shelf.idle.end()) shelf.idle.erase(found);
}

} // namespace

void lease::give_back() {
    if (connection_) shelf_->pool->take_back(*shelf_, std::move(connection_));
}

connection_pool::connection_pool(reactor& home, connector& open) : connection_pool(home, open, idle_limit) {}

connection_pool::connection_pool(reactor& home, connector& open, std::chrono::milliseconds idle_for)
    : home_(home), open_(open), idle_for_(idle_for) {}

detail::idle_shelf& connection_pool::shelf_of(const origin& where) {
    auto& shelf = shelves_[where];
    shelf.pool = this;
    shelf.idle.reserve(idle_per_origin); // so that giving a connection back cannot fail
    return shelf;
}

task<result<lease>> connection_pool::acquire(const origin& where, steady_time limit) {
    if (auto idle = take_idle(where)) co_return std::move(idle);
    auto& shelf = shelf_of(where);
    auto opened = co_await open_.connect(where, limit);
    if (!opened) co_return opened.error();
    co_return lease(shelf, std::move(*opened), false);
}

lease connection_pool::take_idle(const origin& where) {
    auto& shelf = shelf_of(where);
    while (!shelf.idle.empty()) {
        auto last = std::move(shelf.idle.back());
        shelf.idle.pop_back();
        last->watch_peer(nullptr);
        if (!last->is_quiet() || last->is_expired()) continue;
        last->never_expire();
        return lease(shelf, std::move(last), true);
    }
    return {};
}

// Past its limit it is dropped by the reactor's sweep, which the watch is called by too.
void connection_pool::take_back(detail::idle_shelf& shelf, std::unique_ptr<connection> c) {
    if (!c->is_quiet()) return;
    c->shrink();
    c->expire_at(home_.coarse_now() + idle_for_);
    auto* const held = c.get();
    if (shelf.idle.size() == idle_per_origin) shelf.idle.erase(shelf.idle.begin());
    shelf.idle.push_back(std::move(c));
    held->watch_idle([&shelf, held] { drop(shelf, held); });
}

std::size_t connection_pool::idle() const noexcept {
    std::size_t count = 0;
    for (const auto& [where, shelf] : shelves_) count += shelf.idle.size();
    return count;
}

void connection_pool::clear() noexcept {
    for (auto& [where, shelf] : shelves_) shelf.idle.clear();
}

} // namespace byot::net
