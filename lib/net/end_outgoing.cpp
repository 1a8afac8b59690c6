#include "net/connect_operation.hpp"
#include "net/connection_state.hpp"

namespace byot::net {

// First all are found, then they are told: telling one may end any other.
void reactor::state::end_outgoing() {
    is_outgoing_ended = true;
    std::vector<std::shared_ptr<connection::state>> open;
    for (auto* link = connections.next; link != &connections; link = link->next) {
        auto& s = static_cast<connection::state&>(link->self());
        if (s.is_outgoing) open.push_back(s.shared_from_this());
    }
    std::vector<std::shared_ptr<connect_operation>> under_way;
    for (auto* link = connects.next; link != &connects; link = link->next) {
        under_way.push_back(link->self().shared_from_this());
    }
    for (const auto& s : open) {
        s->take_apart(false);
        s->tell_closed();
    }
    for (const auto& one : under_way) one->break_off();
    asleep.wake_all();
}

} // namespace byot::net
