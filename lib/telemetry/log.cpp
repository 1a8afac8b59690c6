#include "telemetry/log.hpp"

#include "core/blocked_signals.hpp"
#include "core/file_descriptor.hpp"

#include <condition_variable>
#include <mutex>
#include <new>
#include <thread>
#include <utility>

namespace byot::telemetry {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_waiting = 8 * 1024 * 1024;
constexpr std::size_t full_batch = 64 * 1024;
constexpr std::size_t most_kept = 2 * full_batch;
// A batch is left open this long: at most a hundred wake-ups a second, whatever is logged.
constexpr auto batch_time = 10ms;
/// A pipe that nobody reads must not keep the process from its end.
constexpr auto closing_time = 1s;

} // namespace

/// The thread that writes a log's lines, and those that wait for it.
class log_writer {
public:
    log_writer(log_format format, int descriptor) : format_(format), descriptor_(descriptor) {}
    log_writer(const log_writer&) = delete;
    log_writer& operator=(const log_writer&) = delete;

    static void begin(const std::shared_ptr<log_writer>& self);
    /// Has the thread end, and waits for it unless it cannot write: then it is left to itself.
    void close();
    /// Any thread. Without room or memory the line is counted as dropped.
    void append(std::string_view line);
    void drop() noexcept;
    std::uint64_t lost() noexcept;

private:
    void run();
    /// Waits for a batch and swaps it out; false when the log closes and nothing is left.
    bool take(std::string& batch);
    void note_dropped() noexcept {
        ++dropped_;
        ++lost_;
    }
    void tell_dropped() noexcept;

    const log_format format_;
    const int descriptor_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::string waiting_;
    std::size_t in_flight_ = 0;
    std::uint64_t dropped_ = 0; ///< since they were told last
    std::uint64_t lost_ = 0;    ///< in all
    bool is_closing_ = false;
    bool has_ended_ = false;
    std::thread thread_;
};

void log_writer::begin(const std::shared_ptr<log_writer>& self) {
    self->thread_ = thread_without_signals([self] { self->run(); });
}

void log_writer::close() {
    std::unique_lock lock(mutex_);
    is_closing_ = true;
    changed_.notify_all();
    const bool has_ended = changed_.wait_for(lock, closing_time, [this] { return has_ended_; });
    lock.unlock();
    has_ended ? thread_.join() : thread_.detach();
}

void log_writer::append(std::string_view line) {
    std::unique_lock lock(mutex_);
    if (waiting_.size() + in_flight_ + line.size() > most_waiting) {
        note_dropped();
        return;
    }
    const bool was_empty = waiting_.empty();
    const bool was_full = waiting_.size() >= full_batch;
    try {
        waiting_ += line;
    } catch (const std::bad_alloc&) {
        note_dropped();
        return;
    }
    const bool is_full = waiting_.size() >= full_batch;
    lock.unlock();
    if (was_empty || (is_full && !was_full)) changed_.notify_one();
}

void log_writer::drop() noexcept {
    const std::lock_guard lock(mutex_);
    note_dropped();
}

std::uint64_t log_writer::lost() noexcept {
    const std::lock_guard lock(mutex_);
    return lost_;
}

void log_writer::run() {
    std::string batch;
    while (take(batch)) {
        write_all(descriptor_, batch);
        batch.clear();
        if (batch.capacity() > most_kept) batch.shrink_to_fit();
    }
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
    changed_.notify_all();
}

bool log_writer::take(std::string& batch) {
    std::unique_lock lock(mutex_);
    in_flight_ = 0;
    changed_.wait(lock, [&] { return is_closing_ || !waiting_.empty() || dropped_ > 0; });
    changed_.wait_for(lock, batch_time, [&] { return is_closing_ || waiting_.size() >= full_batch; });
    tell_dropped();
    std::swap(batch, waiting_);
    in_flight_ = batch.size();
    return !batch.empty() || !is_closing_;
}

void log_writer::tell_dropped() noexcept {
    if (dropped_ == 0) return;
    try {
        log_line line(format_, level::warning, wall_now(),
                      "log lines were dropped: nobody reads them in time, or there is no memory");
        line.add("dropped", dropped_);
        waiting_ += std::move(line).finish();
        dropped_ = 0;
    } catch (const std::bad_alloc&) {
        // They are told with those that are dropped next.
    }
}

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
    log_line::reuse(std::move(text));
}

void log::drop() noexcept {
    writer_->drop();
}

std::uint64_t log::lost() const noexcept {
    return writer_->lost();
}

void log::write(level severity, std::string_view message) {
    if (takes(severity)) write(line(severity, message));
}

} // namespace byot::telemetry
