#include "vault/sqlite_store.hpp"

#include "vault/group_commit.hpp"
#include "vault/sqlite_records.hpp"
#include "vault/sqlite_schema.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace byot::vault {
namespace {

using records = std::vector<key_record>;
using owned_records = std::vector<owned_record>;

// Each call names its job first: g++ 12 destroys a lambda temporary of a co_await statement too early.
class sqlite_store final : public key_store {
public:
    explicit sqlite_store(std::unique_ptr<sqlite_database> database) : jobs_(std::move(database)) {}

    task<result<records>> load(net::reactor& here, user_id who) override {
        const auto job = [&who](sqlite_database& database) { return load_records(database, who); };
        co_return co_await jobs_.read<records>(here, job);
    }

    task<result<bool>> save(net::reactor& here, user_id who, key_record record) override {
        const auto job = [&who, &record](sqlite_database& database) {
            return save_record(database, who, record);
        };
        const auto ended = co_await jobs_.write<save_end>(here, job);
        if (!ended) co_return ended.error();
        if (*ended == save_end::user_removed) co_return removed_meanwhile();
        co_return *ended == save_end::saved;
    }

    task<result<bool>> remove(net::reactor& here, user_id who, std::string provider) override {
        const auto job = [&who, &provider](sqlite_database& database) {
            return remove_record(database, who, provider);
        };
        co_return co_await jobs_.write<bool>(here, job);
    }

    task<result<void>> remove_user(net::reactor& here, user_id who, wall_time at) override {
        const auto job = [&who, at](sqlite_database& database) {
            remove_records(database, who, at);
            return true;
        };
        const auto answer = co_await jobs_.write<bool>(here, job);
        co_return done(answer);
    }

    task<result<bool>> change(net::reactor& here, user_id who, key_change what) override {
        const auto job = [&who, &what](sqlite_database& database) {
            return change_record(database, who, what);
        };
        co_return co_await jobs_.write<bool>(here, job);
    }

    task<result<bool>> replace(net::reactor& here, user_id who, key_record record,
                               std::string old_key_id) override {
        const auto job = [&](sqlite_database& database) {
            return replace_record(database, who, record, old_key_id);
        };
        co_return co_await jobs_.write<bool>(here, job);
    }

    task<result<owned_records>> list_not_under(net::reactor& here, std::string newest_key_id,
                                               std::optional<user_id> after, std::size_t limit) override {
        const auto job = [&](sqlite_database& database) {
            return list_records_not_under(database, newest_key_id, after, limit);
        };
        co_return co_await jobs_.read<owned_records>(here, job);
    }

    task<result<void>> close_entry(net::reactor& here, std::string key_id) override {
        const auto job = [&key_id](sqlite_database& database) {
            close_stored_entry(database, key_id, wall_now());
            return true;
        };
        const auto answer = co_await jobs_.write<bool>(here, job);
        co_return done(answer);
    }

    task<result<bool>> is_closed(net::reactor& here, std::string key_id) override {
        const auto job = [&key_id](sqlite_database& database) { return is_entry_closed(database, key_id); };
        co_return co_await jobs_.read<bool>(here, job);
    }

    task<result<void>> announce(net::reactor& here, saver who) override {
        const auto job = [&who](sqlite_database& database) {
            put_saver(database, who);
            return true;
        };
        const auto answer = co_await jobs_.write<bool>(here, job);
        co_return done(answer);
    }

    task<result<void>> withdraw(net::reactor& here, std::string saver_id) override {
        const auto job = [&saver_id](sqlite_database& database) {
            take_saver(database, saver_id);
            return true;
        };
        const auto answer = co_await jobs_.write<bool>(here, job);
        co_return done(answer);
    }

    task<result<std::vector<saver>>> savers(net::reactor& here) override {
        const auto job = [](sqlite_database& database) { return load_savers(database); };
        co_return co_await jobs_.read<std::vector<saver>>(here, job);
    }

    task<result<void>> probe(net::reactor& here) override {
        const auto job = [](sqlite_database& database) {
            return database.prepare("SELECT count(*) FROM sqlite_schema").step();
        };
        const auto answer = co_await jobs_.read<bool>(here, job);
        co_return done(answer);
    }

    void stop_waiting() noexcept override { jobs_.stop_waiting(); }

    /// Writes come last, in their order.
    task<void> settle(net::reactor& here) override {
        const auto nothing = [](sqlite_database&) { return true; };
        const auto answered = co_await jobs_.write<bool>(here, nothing);
        static_cast<void>(answered);
    }

private:
    static result<void> done(const result<bool>& answer) {
        if (!answer) return answer.error();
        return {};
    }

    group_commit jobs_;
};

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

std::unique_ptr<key_store> open_sqlite_store(const std::string& path, std::uint32_t max_pages) {
    return std::make_unique<sqlite_store>(open_sqlite_database(path, max_pages));
}

std::unique_ptr<key_store> open_sqlite_store(const std::string& path) {
    return open_sqlite_store(path, 0);
}

std::optional<std::string> why_no_sqlite_store(const std::string& path) {
    const auto parent = std::filesystem::path(path).parent_path().string();
    if (auto problem = look_at_folder(parent.empty() ? "." : parent)) return problem;
    for (const auto* beside : {"", "-wal", "-shm"}) {
        if (auto problem = look_at_file(path + beside)) return problem;
    }
    return look_inside(path);
}

} // namespace byot::vault
