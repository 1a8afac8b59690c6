#include "vault/keyring_lock.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <sys/file.h>

namespace byot::vault {
namespace {

int open_lock_file(const std::string& name) {
    return ::open(name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
}

} // namespace

keyring_lock::keyring_lock(const std::filesystem::path& keyring_file)
    : file_(open_lock_file(keyring_file.string() + ".lock")) {
    int locked = file_ ? ::flock(file_.get(), LOCK_EX) : -1;
    while (locked != 0 && file_ && errno == EINTR) locked = ::flock(file_.get(), LOCK_EX);
    if (locked != 0)
        throw std::runtime_error(keyring_file.string() + ".lock: cannot be locked: " + std::strerror(errno));
}

} // namespace byot::vault
