#pragma once

namespace byot::app {

/// From here on OpenSSL overwrites each block of memory that it gives back: a signature and what it decrypted
/// lie in many of them. Throws std::logic_error when OpenSSL has taken memory already.
///
/// For the rest of the program no call is needed: its `operator delete` does the same (freed_memory.cpp), so
/// that what a freed string held cannot be found in an image of the process.
void wipe_what_openssl_frees();

} // namespace byot::app
