#pragma once

#include "telemetry/log.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace byot::telemetry {

/// The thread that writes a log's lines, and those that wait for it; private to `log`.
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

private:
    void run();
    /// Waits for a batch and swaps it out; false when the log closes and nothing is left.
    bool take(std::string& batch);
    void tell_dropped() noexcept;

    const log_format format_;
    const int descriptor_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::string waiting_;
    std::size_t in_flight_ = 0;
    std::uint64_t dropped_ = 0;
    bool is_closing_ = false;
    bool has_ended_ = false;
    std::thread thread_;
};

} // namespace byot::telemetry
