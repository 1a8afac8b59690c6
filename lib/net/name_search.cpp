#include "net/name_search.hpp"

#include "core/blocked_signals.hpp"
#include "net/reactor.hpp"

#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include <netdb.h>

namespace byot::net {
namespace {

using outcome = found_names::outcome;
using boost::asio::ip::tcp;

struct list_freeing {
    void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};

outcome outcome_of(int error) noexcept {
    // The resolver may hide it behind EAI_AGAIN: it could not ask, and nobody told it so.
    const bool is_out_of_descriptors = errno == EMFILE || errno == ENFILE;
    return error == EAI_MEMORY || is_out_of_descriptors ? outcome::no_means : outcome::unknown;
}

std::vector<tcp::endpoint> endpoints_of(const addrinfo* list) {
    std::vector<tcp::endpoint> all;
    for (; list; list = list->ai_next) {
        tcp::endpoint one;
        if (list->ai_addrlen > one.capacity()) continue;
        std::memcpy(one.data(), list->ai_addr, list->ai_addrlen);
        one.resize(list->ai_addrlen);
        all.push_back(one);
    }
    return all;
}

found_names resolve(const std::string& host) noexcept {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    errno = 0;
    const auto error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    if (error != 0) return {outcome_of(error), {}};
    const std::unique_ptr<addrinfo, list_freeing> held(list);
    try {
        return {outcome::found, endpoints_of(list)};
    } catch (const std::bad_alloc&) {
        return {outcome::no_means, {}};
    }
}

} // namespace

void name_search::begin(std::shared_ptr<way_home> way) {
    const auto self = shared_from_this();
    thread_without_signals([self, way = std::move(way)] { self->carry_out(*way); }).detach();
}

void name_search::carry_out(way_home& way) noexcept {
    answer_ = resolve(host_);
    const std::lock_guard held(way.guard);
    if (!way.home) return;
    self_ = shared_from_this();
    way.home->post(*this);
}

// From the beginning after each: who is told may end others.
void name_search::end_waiting(steady_time now) noexcept {
    const auto self = shared_from_this();
    for (auto* link = waiting_.next; link != &waiting_;) {
        auto& one = link->self();
        link = link->next;
        if (one.limit > now) continue;
        one.leave();
        one.done.notify();
        link = waiting_.next;
    }
}

void name_search::arrive() noexcept {
    const auto self = std::move(self_);
    is_done_ = true;
    while (!waiting_.is_alone()) {
        auto& next = waiting_.next->self();
        next.leave();
        next.answer.what = answer_.what;
        try {
            next.answer.endpoints = answer_.endpoints;
        } catch (const std::bad_alloc&) {
            next.answer.what = outcome::no_means;
        }
        next.done.notify();
    }
}

} // namespace byot::net
