#include "vault/sqlite_schema.hpp"
#include "vault/sqlite_store.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace byot::vault {
namespace {

using maybe_problem = std::optional<std::string>;

std::string last_error() {
    return std::strerror(errno);
}

bool may(const std::string& path, int how) {
    return ::faccessat(AT_FDCWD, path.c_str(), how, AT_EACCESS) == 0;
}

// SQLite makes two files beside a database, so the folder must be writable even where the file is there.
maybe_problem look_at_folder(const std::string& folder) {
    struct stat about{};
    if (::stat(folder.c_str(), &about) != 0) return folder + ": is no folder that is there: " + last_error();
    if (!S_ISDIR(about.st_mode)) return folder + ": is no folder";
    if (!may(folder, W_OK | X_OK)) return folder + ": no file can be made in this folder: " + last_error();
    return std::nullopt;
}

maybe_problem look_at_file(const std::string& file) {
    struct stat about{};
    if (::stat(file.c_str(), &about) != 0) {
        if (errno == ENOENT) return std::nullopt; // it is made at the start
        return file + ": cannot be looked at: " + last_error();
    }
    if (!S_ISREG(about.st_mode)) return file + ": is not a regular file";
    if (!may(file, R_OK | W_OK)) return file + ": cannot be read and written: " + last_error();
    if (about.st_uid != ::geteuid() && ::geteuid() != 0)
        return file + ": is another user's, so its mode cannot be set";
    return std::nullopt;
}

maybe_problem look_inside(const std::string& path) {
    if (!std::filesystem::exists(path)) return std::nullopt;
    try {
        const auto database = sqlite_database::open_unchanging(path);
        static_cast<void>(schema_version_of(*database));
        return std::nullopt;
    } catch (const std::exception& error) {
        return path + ": " + error.what();
    }
}

} // namespace

std::optional<std::string> why_no_sqlite_store(const std::string& path) {
    const auto parent = std::filesystem::path(path).parent_path().string();
    if (auto problem = look_at_folder(parent.empty() ? "." : parent)) return problem;
    for (const auto* beside : {"", "-wal", "-shm"}) {
        if (auto problem = look_at_file(path + beside)) return problem;
    }
    return look_inside(path);
}

} // namespace byot::vault
