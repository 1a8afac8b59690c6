#include "net/connection_state.hpp"

#include <utility>

namespace byot::net {

io_status connection::state::read_operation::perform() {
    const auto step = self->read_some();
    if (step.what == io_step::kind::would_block) return io_status::not_done;
    // Drained: the next read waits without trying. An end is never drained, so it is found by trying.
    return step.is_drained ? io_status::done_and_exhausted : io_status::done;
}

void connection::state::read_operation::complete(bool is_told) {
    const auto whose = std::exchange(self, nullptr);
    if (is_told) whose->on_read();
}

io_status connection::state::write_operation::perform() {
    auto& s = *self;
    while (s.unsent_begin < s.unsent_size) {
        const std::string_view rest(s.unsent.get() + s.unsent_begin, s.unsent_size - s.unsent_begin);
        const auto step = s.write_some(rest);
        if (step.what == io_step::kind::would_block) return io_status::not_done;
        if (step.what != io_step::kind::moved) return io_status::done;
        s.unsent_begin += step.count;
    }
    return io_status::done;
}

void connection::state::write_operation::complete(bool is_told) {
    const auto whose = std::exchange(self, nullptr);
    if (is_told) whose->on_written();
}

} // namespace byot::net
