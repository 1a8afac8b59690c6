#include "net/connection_state.hpp"

#include <utility>

namespace byot::net {

using status = boost::asio::detail::reactor_op::status;

// Asio calls `perform` when the descriptor became ready (or may be), and `complete` when that was enough;
// with no owner when the reactor is taken apart and nobody is to be told.

status connection::state::operation::read(reactor_op* base) {
    const auto step = static_cast<operation*>(base)->self->read_some();
    if (step.what == io_step::kind::would_block) return not_done;
    // Drained: the next read waits without trying. An end is never drained, so it is found by trying.
    return step.is_drained ? done_and_exhausted : done;
}

void connection::state::operation::complete_read(void* owner, scheduler_operation* base,
                                                 const boost::system::error_code&, std::size_t) {
    const auto self = std::exchange(static_cast<operation*>(base)->self, nullptr);
    if (owner) self->on_read();
}

status connection::state::operation::write(reactor_op* base) {
    auto& s = *static_cast<operation*>(base)->self;
    while (s.unsent_begin < s.unsent_size) {
        const std::string_view rest(s.unsent.get() + s.unsent_begin, s.unsent_size - s.unsent_begin);
        const auto step = s.write_some(rest);
        if (step.what == io_step::kind::would_block) return not_done;
        if (step.what != io_step::kind::moved) return done;
        s.unsent_begin += step.count;
    }
    return done;
}

void connection::state::operation::complete_write(void* owner, scheduler_operation* base,
                                                  const boost::system::error_code&, std::size_t) {
    const auto self = std::exchange(static_cast<operation*>(base)->self, nullptr);
    if (owner) self->on_written();
}

} // namespace byot::net
