#include "vault/keyring_file.hpp"

#include "core/encoding.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace byot::vault {
namespace {

constexpr off_t largest_file = 1024 * 1024;
constexpr mode_t owner_only = 0600;
constexpr std::string_view too_large = "is larger than a keyring can be";

keyring_problem problem_of(const std::filesystem::path& file, std::string_view what) {
    return {file.string() + ": " + std::string(what)};
}

keyring_problem system_problem(const std::filesystem::path& file, const std::string& verb) {
    return problem_of(file, "cannot " + verb + ": " + std::strerror(errno));
}

// Looks at what was opened, not at what the name says now; a name may be a link, as mounted secrets are.
std::optional<std::string_view> unfitness(const struct stat& about, keyring_place place) {
    if (!S_ISREG(about.st_mode)) return "is not a regular file";
    if (const auto why = why_unfit(about.st_mode & 07777, about.st_uid, ::geteuid(), place)) return why;
    if (about.st_size > largest_file) return too_large;
    return std::nullopt;
}

// To its end, whatever size it was said to have: a mounted secret changes under its reader.
std::optional<secret> read_whole(int descriptor, off_t said) {
    for (auto room = static_cast<std::size_t>(said) + 1;; room *= 2) {
        secret text(room);
        text.resize(room);
        if (::lseek(descriptor, 0, SEEK_SET) != 0 || !read_all(descriptor, text)) return std::nullopt;
        if (text.size() < room || room > std::size_t{largest_file}) return text;
    }
}

bool write_new_file(const std::string& name, std::string_view bytes) {
    const file_descriptor file(::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, owner_only));
    return file && ::fchmod(file.get(), owner_only) == 0 && write_all(file.get(), bytes) &&
           ::fsync(file.get()) == 0;
}

// Without this a crash could undo the rename.
void sync_directory_of(const std::filesystem::path& file) {
    const auto parent = file.parent_path().empty() ? std::filesystem::path(".") : file.parent_path();
    const file_descriptor directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory) ::fsync(directory.get());
}

bool put_in_place(const std::string& from, const std::filesystem::path& to, bool may_replace) {
    const unsigned flags = may_replace ? 0U : unsigned{RENAME_NOREPLACE};
    return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0;
}

int open_lock_file(const std::string& name) {
    return ::open(name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
}

} // namespace

std::optional<std::string_view> why_unfit(unsigned mode, unsigned owner, unsigned own, keyring_place place) {
    constexpr unsigned root = 0;
    const bool is_owners_only = mode == 0600 || mode == 0400;
    if (place == keyring_place::disk) {
        if (is_owners_only) return std::nullopt;
        return "must be readable by its owner only (chmod 600)";
    }
    if (owner != root && owner != own) return "belongs to another user than root and this program's";
    const bool is_roots_to_read = owner == root && (mode == 0444 || mode == 0440);
    if (is_owners_only || is_roots_to_read) return std::nullopt;
    return "must be readable by its owner only (mode 0400 or 0600), or be root's with mode 0444 or 0440";
}

keyring_result load_keyring(const std::filesystem::path& file, keyring_place place) {
    // Without O_NONBLOCK a named pipe would keep the program waiting for a writer.
    const file_descriptor opened(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!opened) return system_problem(file, "be opened");
    struct stat about{};
    if (::fstat(opened.get(), &about) != 0) return system_problem(file, "be looked at");
    if (const auto why = unfitness(about, place)) return problem_of(file, *why);
    const auto text = read_whole(opened.get(), about.st_size);
    if (!text) return system_problem(file, "be read");
    if (text->size() > std::size_t{largest_file}) return problem_of(file, too_large);
    auto parsed = parse_keyring(text->expose());
    if (!parsed) return problem_of(file, parsed.error().message);
    return parsed;
}

std::optional<keyring_problem> write_keyring(const std::filesystem::path& file, const secret& text,
                                             bool may_replace) {
    struct stat about{};
    const bool exists = ::lstat(file.c_str(), &about) == 0;
    if (exists && !may_replace) return problem_of(file, "exists already");
    if (exists && !S_ISREG(about.st_mode)) return problem_of(file, "is not a regular file");
    const auto fresh = file.string() + ".new-" + random_alphanumeric(8);
    if (!write_new_file(fresh, text.expose()) || !put_in_place(fresh, file, may_replace)) {
        auto problem = system_problem(file, "be written");
        ::unlink(fresh.c_str());
        return problem;
    }
    sync_directory_of(file);
    return std::nullopt;
}

keyring_lock::keyring_lock(const std::filesystem::path& keyring_file)
    : file_(open_lock_file(keyring_file.string() + ".lock")) {
    int locked = file_ ? ::flock(file_.get(), LOCK_EX) : -1;
    while (locked != 0 && file_ && errno == EINTR) locked = ::flock(file_.get(), LOCK_EX);
    if (locked != 0)
        throw std::runtime_error(keyring_file.string() + ".lock: cannot be locked: " + std::strerror(errno));
}

} // namespace byot::vault
