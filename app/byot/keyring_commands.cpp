#include "commands.hpp"
#include "core/clock.hpp"
#include "start_checks.hpp"
#include "store_parts.hpp"
#include "vault/entry_removal.hpp"
#include "vault/keyring_file.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace byot::app {
namespace {

using vault::keyring;
using vault::keyring_entry;
using vault::keyring_part;
using vault::keyring_problem;

constexpr int succeeded = 0;
constexpr int failed = 1;

struct output_file {
    std::string path;
    keyring_part part;
};

int report(const keyring_problem& problem) {
    fmt::print(stderr, "byot keyring: {}\n", problem.message);
    return failed;
}

// Whoever opens keys learns of an entry before those who seal under it.
std::vector<output_file> role_files(const std::string& file) {
    return {{file + ".ai", keyring_part::ai_role}, {file + ".keys", keyring_part::keys_role}};
}

// Any file there counts, readable or not: it would be out of step, or overwritten.
bool exists(const std::string& path) {
    std::error_code error;
    return std::filesystem::symlink_status(path, error).type() != std::filesystem::file_type::not_found;
}

std::optional<keyring_problem> write(const output_file& to, const keyring& ring, bool may_replace) {
    const auto text = vault::serialize_keyring(ring, to.part);
    if (auto problem = vault::write_keyring(to.path, text, may_replace)) return problem;
    fmt::print("{} {}\n", may_replace ? "rewrote" : "wrote", to.path);
    return std::nullopt;
}

// Adding and retiring need all halves: what a role file lacks would be lost.
vault::keyring_result load_whole(const std::string& file) {
    auto ring = vault::load_keyring(file);
    if (ring && !(ring->can_open() && ring->can_sign())) {
        return keyring_problem{file + ": is a role file; change the whole keyring it was made from"};
    }
    return ring;
}

// The whole keyring goes first: from it the role files can be made again, should the rest not succeed.
int rewrite(const std::string& file, const keyring& ring) {
    std::vector<output_file> files{{file, keyring_part::whole}};
    for (auto& role_file : role_files(file)) {
        if (exists(role_file.path)) files.push_back(std::move(role_file));
    }
    for (const auto& one : files) {
        if (const auto problem = write(one, ring, true)) return report(*problem);
    }
    return succeeded;
}

/// Runs a change of the file while nobody else changes it.
template <class Change>
int change_alone(const std::string& file, Change change) {
    if (!exists(file)) return report({file + ": does not exist"});
    try {
        const vault::keyring_lock alone(file);
        return change();
    } catch (const std::runtime_error& error) {
        return report({error.what()});
    }
}

std::string halves_of(const keyring_entry& entry) {
    if (entry.sign_secret.empty()) return "opens";
    return entry.box_secret.empty() ? "signs" : "opens, signs";
}

// Never older than what is there, or a clock set back would make the new entry not the newest.
wall_time next_creation(const keyring& ring) {
    return std::max(wall_now(), ring.entries().back().created_at + std::chrono::milliseconds(1));
}

int add_entry(const std::string& file) {
    auto old_ring = load_whole(file);
    if (!old_ring) return report(old_ring.error());
    auto entry = vault::make_entry(next_creation(*old_ring));
    auto entries = std::move(*old_ring).release();
    entries.push_back(std::move(entry));
    const keyring ring(std::move(entries));
    const auto outcome = rewrite(file, ring);
    if (outcome == succeeded) fmt::print("added entry {}; new keys use it\n", ring.newest().id);
    return outcome;
}

int retire_entry(const std::string& file, const std::string& id) {
    auto old_ring = load_whole(file);
    if (!old_ring) return report(old_ring.error());
    auto entries = std::move(*old_ring).release();
    const auto has_id = [&](const keyring_entry& entry) { return entry.id == id; };
    const auto is_active = [](const keyring_entry& entry) { return entry.is_active; };
    const auto found = std::ranges::find_if(entries, has_id);
    if (found == entries.end()) return report({file + ": has no such entry"});
    if (!found->is_active) return report({file + ": the entry is retired already"});
    if (std::ranges::count_if(entries, is_active) == 1) {
        return report({file + ": the last active entry cannot be retired; add one first"});
    }
    found->is_active = false;
    const auto outcome = rewrite(file, keyring(std::move(entries)));
    if (outcome == succeeded) {
        fmt::print("retired entry {}; it still opens old keys: byot rewrap moves them on, and byot keyring "
                   "remove takes the entry out when nothing needs it\n",
                   id);
    }
    return outcome;
}

/// Which entry of the ring may be taken out; else why not.
std::optional<keyring_problem> why_kept(const std::string& file, const keyring& ring, const std::string& id) {
    if (ring.newest().id != id) return std::nullopt;
    return keyring_problem{file + ": new keys are sealed under this entry; add another one first"};
}

// The role files are made from the whole keyring once more: an earlier try may have been interrupted.
int finish_removal(const std::string& file, keyring ring, const std::string& id) {
    auto entries = std::move(ring).release();
    std::erase_if(entries, [&](const keyring_entry& entry) { return entry.id == id; });
    const auto outcome = rewrite(file, keyring(std::move(entries)));
    if (outcome == succeeded) fmt::print("entry {} is removed\n", id);
    return outcome;
}

using vault::entry_use;

/// What the store says of an entry that is to be taken out.
struct store_answer {
    std::vector<std::string> complaints; ///< what is in the way, a sentence each; none: nothing is
    bool is_closed = false;              ///< no key can be saved under the entry any more
};

std::vector<std::string> complaints_about(const entry_use& use) {
    std::vector<std::string> all;
    if (use.records > 0) {
        all.push_back(
            fmt::format("{} stored keys are under this entry, and nothing else opens them: run byot "
                        "rewrap, then this again",
                        use.records));
    }
    for (const auto& one : use.savers) {
        all.push_back(
            fmt::format("{} saves new keys under this entry: give it the new keyring file; if it has "
                        "ended without a word, this holds until {}",
                        one.id, format_rfc3339(one.until)));
    }
    return all;
}

store_answer answer_of(const result<entry_use>& use) {
    store_answer answer;
    if (use) {
        answer.complaints = complaints_about(*use);
        answer.is_closed = use->is_closed;
    } else {
        answer.complaints.push_back(
            fmt::format("{} The entry stays in the file: run this again.", use.error().message()));
    }
    return answer;
}

/// `may_close` makes sure, when nothing needs the entry, that nothing will.
store_answer ask_store(const config::configuration& values, const std::string& id, bool may_close) {
    store_session session(values);
    std::optional<result<entry_use>> use;
    // It is named and outlives its coroutine, which is waited for here.
    // NOLINTNEXTLINE(cppcoreguidelines-avoid-capturing-lambda-coroutines)
    const auto ask = [&]() -> task<void> {
        auto& store = session.store();
        auto looking = may_close ? vault::close_unused(session.home(), store, id, wall_now())
                                 : vault::look_at_use(session.home(), store, id, wall_now());
        auto seen = co_await looking;
        use.emplace(std::move(seen));
    };
    session.run(ask());
    auto answer = answer_of(*use);
    if (!may_close && use->has_value()) answer.complaints.clear(); // it is not in the file any more
    return answer;
}

int remove_entry(const std::string& file, const std::string& id, const config::configuration& values) {
    auto ring = load_whole(file);
    if (!ring) return report(ring.error());
    if (const auto kept = why_kept(file, *ring, id)) return report(*kept);
    const bool is_there = ring->find(id);
    if (!is_there && !vault::is_entry_id(id)) return report({file + ": has no such entry"});
    const auto answer = ask_store(values, id, is_there);
    if (!answer.complaints.empty()) {
        for (const auto& complaint : answer.complaints) report({complaint});
        return failed;
    }
    if (!answer.is_closed) return report({file + ": has no such entry"});
    return finish_removal(file, std::move(*ring), id);
}

std::vector<output_file> files_to_make(const std::string& out, bool split) {
    std::vector<output_file> files{{out, keyring_part::whole}};
    if (split) std::ranges::move(role_files(out), std::back_inserter(files));
    return files;
}

} // namespace

int keyring_new(const std::string& out, bool split) {
    const auto files = files_to_make(out, split);
    for (const auto& one : files) {
        if (exists(one.path)) return report({one.path + ": exists already; nothing was written"});
    }
    std::vector<keyring_entry> entries;
    entries.push_back(vault::make_entry(wall_now()));
    const keyring ring(std::move(entries));
    for (const auto& one : files) {
        if (const auto problem = write(one, ring, false)) return report(*problem);
    }
    fmt::print("made entry {}\n", ring.newest().id);
    return succeeded;
}

int keyring_new_if_missing(const std::string& out, bool split) {
    const auto files = files_to_make(out, split);
    if (!std::ranges::all_of(files, exists, &output_file::path)) return keyring_new(out, split);
    for (const auto& one : files) {
        if (const auto ring = vault::load_keyring(one.path); !ring) return report(ring.error());
    }
    fmt::print("kept {}\n", out);
    return succeeded;
}

int keyring_add(const std::string& file) {
    return change_alone(file, [&] { return add_entry(file); });
}

int keyring_list(const std::string& file) {
    const auto ring = vault::load_keyring(file);
    if (!ring) return report(ring.error());
    fmt::print("{:<16}  {:<24}  {:<7}  {}\n", "ID", "CREATED", "STATE", "CAN");
    for (const auto& entry : ring->entries()) {
        fmt::print("{:<16}  {:<24}  {:<7}  {}\n", entry.id, format_rfc3339(entry.created_at),
                   entry.is_active ? "active" : "retired", halves_of(entry));
    }
    return succeeded;
}

int keyring_retire(const std::string& file, const std::string& id) {
    return change_alone(file, [&] { return retire_entry(file, id); });
}

int keyring_remove(const std::string& file, const std::string& id) {
    const auto [values, problems] = read_store_configuration(file);
    if (!problems.empty()) {
        print(problems);
        return EX_CONFIG;
    }
    return change_alone(file, [&, &store = values] { return remove_entry(file, id, store); });
}

} // namespace byot::app
