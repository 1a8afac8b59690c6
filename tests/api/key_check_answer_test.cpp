#include "api/json_answers.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot;
using namespace byot::api;
using providers::verdict;
using vault::key_state;

BOOST_AUTO_TEST_SUITE(key_check_answers)

BOOST_AUTO_TEST_CASE(a_verdict_is_the_keys_state_and_silence_leaves_it) {
    for (const auto before : {key_state::unverified, key_state::verified, key_state::rejected}) {
        BOOST_CHECK(state_after(verdict::accepted, before) == key_state::verified);
        BOOST_CHECK(state_after(verdict::refused, before) == key_state::rejected);
        BOOST_CHECK(state_after(verdict::exhausted, before) == key_state::exhausted);
        BOOST_CHECK(state_after(verdict::unreachable, before) == before);
    }
}

BOOST_AUTO_TEST_CASE(the_answer_says_what_the_provider_said_only_when_it_was_asked) {
    vault::key_record record;
    record.provider = "openai";
    const auto said = checked_key_answer(record, verdict::exhausted, wall_time());
    const std::pair<std::string, std::string> field("x-byot-key-check", "exhausted");
    BOOST_TEST((std::count(said.fields.begin(), said.fields.end(), field) == 1));
    const auto silent = checked_key_answer(record, std::nullopt, wall_time());
    for (const auto& [name, value] : silent.fields) BOOST_TEST(name != "x-byot-key-check");
    for (const auto& answer : {said, silent}) {
        const std::pair<std::string, std::string> unstored("Cache-Control", "no-store");
        BOOST_TEST((std::count(answer.fields.begin(), answer.fields.end(), unstored) == 1));
    }
}

BOOST_AUTO_TEST_SUITE_END()
