#include "api/key_check_answer.hpp"

#include "api/json_answers.hpp"

namespace byot::api {

vault::key_state state_after(providers::verdict said, vault::key_state before) noexcept {
    switch (said) {
    case providers::verdict::accepted:
        return vault::key_state::verified;
    case providers::verdict::refused:
        return vault::key_state::rejected;
    case providers::verdict::exhausted:
        return vault::key_state::exhausted;
    case providers::verdict::unreachable:
        return before;
    }
    return before;
}

http::response checked_key_answer(const vault::key_record& record, std::optional<providers::verdict> said,
                                  wall_time now) {
    auto answer = private_answer(key_object(record, now));
    if (said) answer.fields.emplace_back("x-byot-key-check", providers::name_of(*said));
    return answer;
}

} // namespace byot::api
