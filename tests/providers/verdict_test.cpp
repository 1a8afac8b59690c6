#include "core/provider_table.hpp"
#include "providers/verdict.hpp"
#include "test_data.hpp"

#include <boost/test/unit_test.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace byot;
using namespace byot::providers;

/// What was answered, and what it says of the key.
struct sample {
    const provider* asked = nullptr;
    unsigned status = 0;
    std::string body;
    std::string said;
    std::string what;
};

void add_samples(const char* name, std::vector<sample>& all) {
    std::ifstream file(test_data(std::string("providers/") + name));
    std::stringstream text;
    text << file.rdbuf();
    const auto rows = boost::json::parse(text.str());
    for (const auto& each : rows.as_array()) {
        const auto& row = each.as_object();
        sample one;
        one.asked = find_provider(std::string_view(row.at("provider").as_string()));
        one.status = static_cast<unsigned>(row.at("status").as_int64());
        one.body = row.contains("text") ? std::string(row.at("text").as_string())
                                        : boost::json::serialize(row.at("json"));
        one.said = row.at("verdict").as_string();
        one.what = row.at("what").as_string();
        all.push_back(std::move(one));
    }
}

/// Answers that were seen or documented, and for each statement the least that says so and the nearest that
/// does not.
std::vector<sample> samples() {
    std::vector<sample> all;
    add_samples("answers.json", all);
    add_samples("made_answers.json", all);
    return all;
}

std::string_view said_of(const sample& one, std::string_view body) {
    return name_of(judge(*one.asked, one.status, body));
}

std::vector<provider_statement> copy_of(const provider& of) {
    return {of.statements.begin(), of.statements.end()};
}

/// Whether an answer of that provider says something else by these statements.
bool is_told_apart(const provider& asked, const std::vector<provider_statement>& statements) {
    static const auto all = samples();
    auto other = asked;
    other.statements = statements;
    return std::any_of(all.begin(), all.end(), [&](const sample& each) {
        return each.asked == &asked && name_of(judge(other, each.status, each.body)) != each.said;
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(verdicts)

BOOST_AUTO_TEST_CASE(each_answer_says_what_it_says) {
    const auto all = samples();
    BOOST_TEST(all.size() > 400u);
    for (const auto& each : all) {
        BOOST_REQUIRE(each.asked);
        BOOST_TEST(said_of(each, each.body) == each.said,
                   each.asked->name << ": " << each.what << ": " << each.body);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_cut_short_or_no_longer_text_says_nothing) {
    for (const auto& each : samples()) {
        if (each.body.size() < 2) continue;
        BOOST_TEST(said_of(each, each.body.substr(0, each.body.size() - 1)) == "unreachable", each.body);
        auto broken = each.body;
        broken.insert(broken.size() / 2, "\xff");
        BOOST_TEST(said_of(each, broken) == "unreachable", each.body);
        BOOST_TEST(said_of(each, each.body + "}") == "unreachable", each.body);
        BOOST_TEST(said_of(each, "\xef\xbb\xbf" + each.body) == "unreachable", each.body);
    }
}

BOOST_AUTO_TEST_CASE(what_condemns_a_key_does_so_under_its_status_alone) {
    for (const auto& each : samples()) {
        if (each.said != "refused") continue;
        for (const unsigned status : {200u, 201u, 302u, 404u, 407u, 409u, 429u, 500u, 502u, 503u, 511u})
            BOOST_TEST(name_of(judge(*each.asked, status, each.body)) == "unreachable", each.body);
    }
}

BOOST_AUTO_TEST_CASE(no_provider_speaks_for_another_of_its_keys) {
    for (const auto& each : samples()) {
        if (each.said != "refused") continue;
        for (const auto& other : provider_table) {
            // DeepSeek's words are Anthropic's type inside OpenAI's form.
            const bool share_a_type = each.asked->name == "deepseek" || other.name == "deepseek";
            if (&other == each.asked || share_a_type) continue;
            BOOST_TEST(name_of(judge(other, each.status, each.body)) == "unreachable",
                       other.name << each.body);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_verdict_of_every_provider_has_an_answer_that_was_seen) {
    std::set<std::pair<std::string_view, std::string>> seen;
    for (const auto& each : samples()) seen.emplace(each.asked->name, each.said);
    for (const auto& each : provider_table) {
        for (const auto* said : {"accepted", "refused", "exhausted", "unreachable"})
            BOOST_TEST(seen.contains({each.name, said}), each.name << ' ' << said);
    }
}

BOOST_AUTO_TEST_CASE(every_statement_names_its_source) {
    for (const auto& each : provider_table) {
        BOOST_TEST(!each.statements.empty());
        for (const auto& row : each.statements) {
            BOOST_TEST(row.source.starts_with("https://"), each.name);
            BOOST_TEST(!row.when[0].member.empty(), each.name);
        }
    }
}

BOOST_AUTO_TEST_CASE(without_any_statement_an_answer_would_say_something_else) {
    for (const auto& each : provider_table) {
        for (std::size_t i = 0; i < each.statements.size(); ++i) {
            auto statements = copy_of(each);
            statements.erase(statements.begin() + static_cast<std::ptrdiff_t>(i));
            BOOST_TEST(is_told_apart(each, statements), each.name << "'s statement " << i);
        }
    }
}

BOOST_AUTO_TEST_CASE(and_without_any_of_its_conditions) {
    for (const auto& each : provider_table) {
        for (std::size_t i = 0; i < each.statements.size(); ++i) {
            for (std::size_t j = 0; j < each.statements[i].when.size(); ++j) {
                if (each.statements[i].when[j].member.empty()) continue;
                auto looser = copy_of(each);
                looser[i].when[j] = {};
                BOOST_TEST(is_told_apart(each, looser),
                           each.name << "'s statement " << i << ", condition " << j);
                auto shorter = copy_of(each); // any text
                if (shorter[i].when[j].text.empty()) continue;
                shorter[i].when[j] = {shorter[i].when[j].member, answer_condition::form::beginning, {}};
                BOOST_TEST(is_told_apart(each, shorter), each.name << "'s statement " << i << ", text " << j);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
