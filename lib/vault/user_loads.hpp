#pragma once

#include "core/async_event.hpp"
#include "core/task.hpp"
#include "core/user_id.hpp"
#include "vault/key_store.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace byot::vault {

/// One read of a user's records, under way or done.
struct user_load {
    std::uint64_t epoch;  ///< of the user when it began
    steady_time began_at; ///< what it says was true then, or later
    std::optional<result<std::vector<key_record>>> answer;
    std::list<async_event*> waiting;
};

/// The reads of one reactor; those who want the same user at the same time share one.
class user_loads {
public:
    /// Without `shares` each caller gets a read that began after it asked.
    user_loads(net::reactor& here, key_store& store, bool shares);

    /// The read, done. A read that began in another `epoch` of the user is not joined.
    task<std::shared_ptr<const user_load>> load(user_id who, std::uint64_t epoch);

private:
    std::shared_ptr<user_load> join_or_begin(const user_id& who, std::uint64_t epoch);
    task<void> carry_out(user_id who, std::shared_ptr<user_load> one);

    net::reactor& here_;
    key_store& store_;
    bool shares_;
    std::unordered_map<user_id, std::shared_ptr<user_load>> under_way_;
};

} // namespace byot::vault
