#include "net/connection_state.hpp"

namespace byot::net {

void reactor::state::sweep(steady_time now) {
    // First all are looked at, then some are told: telling one may end any other.
    std::vector<std::shared_ptr<connection::state>> told;
    for (auto* link = connections.next; link != &connections; link = link->next) {
        auto& s = *static_cast<connection::state*>(&link->self());
        if (!s.is_expired && s.deadline <= now) s.is_expired = true;
        if (s.has_news_for_sweep()) told.push_back(s.shared_from_this());
    }
    for (const auto& s : told) {
        s->tell_expired();
        s->look_behind();
    }
}

} // namespace byot::net
