#pragma once

#include "smoke_service.hpp"
#include "smoke_stream.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace byot::app {

/// Of what changes within a bound, a removed key's use say.
constexpr std::chrono::seconds between_looks{2};

/// What came of a step, with a word for a person.
struct smoke_verdict {
    enum class kind : std::uint8_t { passed, skipped, failed };
    kind what = kind::passed;
    std::string note;

    static smoke_verdict passed(std::string note = {}) { return {kind::passed, std::move(note)}; }
    static smoke_verdict skipped(std::string why) { return {kind::skipped, std::move(why)}; }
    static smoke_verdict failed(std::string why) { return {kind::failed, std::move(why)}; }
};

/// The steps of a smoke test. Each relies on those before it.
class smoke_steps {
public:
    smoke_steps(const smoke_inputs& inputs, smoke_state& state, smoke_service& service) noexcept
        : inputs_(inputs), state_(state), service_(service) {}

    using verdict = smoke_verdict;
    /// One step of the list.
    struct step {
        std::string_view name;
        task<verdict> (smoke_steps::*carry_out)();
    };
    /// All of them, in order.
    static std::span<const step> in_order() noexcept;

    /// Removes what a test that failed may have stored.
    task<verdict> tidy_up();

private:
    // The service
    task<verdict> identity();
    task<verdict> live();
    task<verdict> ready();
    task<verdict> refusal();
    task<verdict> cors();
    // Whose request it takes ours for
    task<verdict> keys_address();
    task<verdict> ai_address();
    // The key
    task<verdict> nothing_stored();
    task<verdict> stored();
    task<verdict> listed();
    task<verdict> removed();
    task<verdict> not_listed();
    task<verdict> no_longer_used();
    // The flow
    task<verdict> answered();
    task<verdict> streamed();

    /// A path of both services, or of the one that there is; empty when all is well.
    task<std::string> probe(std::string path);
    task<std::string> refusal_at(std::string method, std::string path, bool is_ai);
    task<std::string> preflight(std::string path, bool is_ai);
    verdict judge_address(const smoke_answer& answer) const;
    /// The key of the provider as the status shows it; nothing when there is none. Else what is wrong.
    struct stored_key {
        std::string problem;
        std::optional<boost::json::object> key;
    };
    task<stored_key> look_up_key();
    task<std::string> save(std::string key_id, std::string sealed);
    task<std::string> remove_and_look();
    smoke_question flow_question(std::string_view flow, std::string_view accept) const;
    /// Asked again while an earlier key pays.
    task<smoke_answer> ask_flow(std::string flow, std::string accept, stream_arrivals& events);
    /// Whether the answer was paid by the key of this test; empty when it was.
    std::string wrong_receipt(const http::client_answer& answer) const;

    const smoke_inputs& inputs_;
    smoke_state& state_;
    smoke_service& service_;
};

} // namespace byot::app
