#include "core/frame_memory.hpp"
#include "net/connection_state.hpp"

namespace byot::net {

void reactor::state::sweep(steady_time now) {
    // First all are looked at, then some are told: telling one may end any other.
    std::vector<std::shared_ptr<connection::state>> told;
    std::size_t open = 0;
    for (auto* link = connections.next; link != &connections; link = link->next) {
        ++open;
        auto& s = *static_cast<connection::state*>(&link->self());
        if (!s.is_expired && s.deadline <= now) s.is_expired = true;
        if (s.has_news_for_sweep()) told.push_back(s.shared_from_this());
    }
    for (const auto& s : told) {
        s->tell_expired();
        s->look_behind();
    }
    trim_if_due(open);
}

// In two sweeps: between them all handlers run that the first found queued.
void reactor::state::trim_if_due(std::size_t open) {
    if (closed) {
        closed.reset();
        give_spare_memory_back();
    }
    if (!crowd_gone.is_due(open)) return;
    for (const auto& free_spare : on_trim) free_spare();
    blocks.free_spare();
    free_spare_frames();
    closed.emplace(events);
}

} // namespace byot::net
