#pragma once

namespace byot::app {

/// What a process that holds keys must do before it touches one: no core dumps, libsodium ready, as many
/// descriptors as it may have, a closed pipe is an error and not a signal. Throws std::runtime_error when
/// libsodium cannot start.
void prepare_process();

} // namespace byot::app
