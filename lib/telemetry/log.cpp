#include "telemetry/log.hpp"

#include "telemetry/line_memory.hpp"
#include "telemetry/log_writer.hpp"

#include <utility>

namespace byot::telemetry {

log::log(log_format format, level least, int descriptor)
    : format_(format), least_(least), writer_(std::make_shared<log_writer>(format, descriptor)) {
    log_writer::begin(writer_);
}

log::~log() {
    writer_->close();
}

log_line log::line(level severity, std::string_view message) const {
    return log_line(format_, severity, wall_now(), message);
}

void log::write(log_line line) {
    auto text = std::move(line).finish();
    writer_->append(text);
    give_line_memory_back(std::move(text));
}

void log::drop() noexcept {
    writer_->drop();
}

void log::write(level severity, std::string_view message) {
    if (takes(severity)) write(line(severity, message));
}

} // namespace byot::telemetry
