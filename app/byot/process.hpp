#pragma once

namespace byot::app {

/// What a process that holds keys must do before it touches one: no core dumps, no other process of its user
/// that looks into its memory (a pipe of core_pattern ignores the limit on cores), libsodium ready, as many
/// descriptors and as much locked memory as it may have. A closed pipe and a file at its size limit are
/// errors and no signals; an exception that nobody catches ends it without its text. What OpenSSL frees is
/// overwritten, as what `operator delete` frees is from the start (process.cpp). Throws std::runtime_error
/// when libsodium cannot start, std::logic_error when OpenSSL has taken memory already.
void prepare_process();

/// The end is under way: from now on SIGTERM and SIGINT do not make a death by signal of it. For the first
/// thread, the only one that takes signals.
void ignore_ending_signals() noexcept;

} // namespace byot::app
