// What the key store does when the answer to a write was lost: a scripted Firestore plays both outcomes.
#include "google/firestore_key_store.hpp"
#include "google/key_document.hpp"
#include "http/scripted_server.hpp"
#include "vault/key_store_contract.hpp"

using namespace byot;
using namespace byot::google;
using http::test::answer_of;
using http::test::scripted_server;
using http::test::turn;
using vault::key_record;
using vault::testing::full_record;

namespace {

const std::string name = "projects/p/databases/(default)/documents/byotUsers/ann";

std::string found(const std::vector<key_record>& records, std::string_view version) {
    firestore_fields keys;
    for (const auto& record : records) {
        const auto write = save_write(name, user_id("ann"), record);
        const auto& saved = *write.fields.at("keys").as<firestore_fields>();
        keys.emplace(record.provider, saved.at(record.provider));
    }
    firestore_fields fields;
    fields.emplace("keys", firestore_value(std::move(keys)));
    std::string json;
    append_fields(json, fields);
    return fmt::format(R"([{{"found":{{"name":"{}","fields":{},"createTime":"2026-01-02T03:04:05.000001Z",)"
                       R"("updateTime":"{}"}},"readTime":"2026-01-02T03:04:06.000001Z"}}])",
                       name, json, version);
}

turn reads(const std::vector<key_record>& records, std::string_view version) {
    return {answer_of(found(records, version))};
}
turn reads_nothing() {
    return {answer_of(fmt::format(R"([{{"missing":"{}","readTime":"2026-01-02T03:04:05Z"}}])", name))};
}
turn loses_answer() {
    return {"", turn::after::reset};
}
turn makes() {
    return {answer_of(
        R"({"writeResults":[{"updateTime":"2026-01-02T03:04:09Z"}],"commitTime":"2026-01-02T03:04:09Z"})")};
}
turn refuses(std::string_view status = "FAILED_PRECONDITION") {
    const auto body = fmt::format(R"({{"error":{{"code":400,"message":"no","status":"{}"}}}})", status);
    return {fmt::format("HTTP/1.1 400 No\r\nContent-Length: {}\r\n\r\n{}", body.size(), body)};
}

constexpr std::string_view v1 = "2026-01-02T03:04:05.000001Z";
constexpr std::string_view v2 = "2026-01-02T03:04:05.000002Z";

struct store_fixture : net::testing::reactor_fixture {
    net::connector open{home, net::make_client_tls()};
    net::connection_pool pool{home, open};
    std::vector<std::string> verbs; ///< of the requests that the last call made

    template <class Answer, class Call>
    Answer play(std::deque<std::vector<turn>> scripts, Call make) {
        scripted_server server(home, std::move(scripts));
        firestore_settings settings;
        settings.base = parse_url(fmt::format("http://127.0.0.1:{}", server.port())).value();
        settings.database = "projects/p/databases/(default)";
        token_access tokens;
        tokens.get = []() -> task<result<std::shared_ptr<const secret>>> {
            co_return std::make_shared<const secret>(secret::copy_of("owner"));
        };
        firestore_client client(home, pool, settings, tokens);
        const auto store = make_firestore_store({&client});
        std::optional<Answer> got;
        run(answer_into<Answer>(got, make(*store)));
        verbs.clear();
        for (const auto& request : server.requests) {
            const auto colon = request.find(':');
            verbs.push_back(request.substr(colon + 1, request.find(' ', colon) - colon - 1));
        }
        pool.clear();
        return std::move(*got);
    }

    result<bool> save(std::deque<std::vector<turn>> scripts, const key_record& record) {
        return play<result<bool>>(std::move(scripts), [&](vault::key_store& store) {
            return store.save(home, user_id("ann"), record);
        });
    }
    result<bool> remove(std::deque<std::vector<turn>> scripts) {
        return play<result<bool>>(std::move(scripts), [&](vault::key_store& store) {
            return store.remove(home, user_id("ann"), "googleai");
        });
    }
    void verbs_are(const std::vector<std::string>& expected) {
        BOOST_TEST(verbs == expected, boost::test_tools::per_element());
    }

private:
    template <class Answer>
    static task<void> answer_into(std::optional<Answer>& got, task<Answer> call) {
        auto answer = co_await std::move(call);
        got.emplace(std::move(answer));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(lost_answers, store_fixture)

BOOST_AUTO_TEST_CASE(a_save_that_was_made_although_its_answer_was_lost_is_recognised_by_its_credential) {
    const auto record = full_record("googleai");
    const auto saved =
        save({{reads_nothing(), loses_answer()}, {refuses("ALREADY_EXISTS"), reads({record}, v2)}}, record);
    BOOST_TEST(saved.has_value());
    verbs_are({"batchGet", "commit", "commit", "batchGet"});
}

BOOST_AUTO_TEST_CASE(a_save_that_was_not_made_is_made_by_its_repetition) {
    const auto saved = save({{reads_nothing(), loses_answer()}, {makes()}}, full_record("googleai"));
    BOOST_TEST(saved.has_value());
    verbs_are({"batchGet", "commit", "commit"});
}

BOOST_AUTO_TEST_CASE(a_save_that_is_not_there_after_a_lost_answer_is_not_made_again) {
    const auto record = full_record("googleai");
    for (const auto& there :
         {std::vector<key_record>(), {full_record("googleai")}, {full_record("openai")}}) {
        const auto saved =
            save({{reads_nothing(), loses_answer()}, {refuses(), reads(there, v2), makes()}}, record);
        BOOST_TEST_REQUIRE(saved.has_error());
        BOOST_TEST((saved.error().why() == reason::store_unavailable));
        verbs_are({"batchGet", "commit", "commit", "batchGet"});
    }
}

BOOST_AUTO_TEST_CASE(a_save_that_another_write_overtook_is_decided_anew) {
    const auto record = full_record("googleai");
    const auto other = full_record("openai");
    const auto saved =
        save({{reads_nothing(), refuses("ALREADY_EXISTS"), reads({other}, v2), makes()}}, record);
    BOOST_TEST(saved.has_value());
    verbs_are({"batchGet", "commit", "batchGet", "commit"});
}

BOOST_AUTO_TEST_CASE(a_removal_after_a_lost_answer_is_made_while_its_credential_is_there) {
    const auto record = full_record("googleai");
    const auto gone = remove({{reads({record}, v1), loses_answer()}, {refuses(), reads({}, v2)}});
    BOOST_TEST(gone.value());
    verbs_are({"batchGet", "commit", "commit", "batchGet"});
    const auto replaced =
        remove({{reads({record}, v1), loses_answer()}, {refuses(), reads({full_record("googleai")}, v2)}});
    BOOST_TEST(replaced.value()); // a newer save is not this removal's to undo
    verbs_are({"batchGet", "commit", "commit", "batchGet"});
    const auto still_there =
        remove({{reads({record}, v1), loses_answer()}, {refuses(), reads({record}, v2), makes()}});
    BOOST_TEST(still_there.value());
    verbs_are({"batchGet", "commit", "commit", "batchGet", "commit"});
}

BOOST_AUTO_TEST_CASE(a_removal_of_what_is_not_there_writes_nothing) {
    BOOST_TEST(!remove({{reads_nothing()}}).value());
    BOOST_TEST(!remove({{reads({full_record("openai")}, v1)}}).value());
    verbs_are({"batchGet"});
}

BOOST_AUTO_TEST_CASE(a_change_of_what_was_just_read_needs_no_read) {
    const auto record = full_record("googleai");
    vault::key_change change{"googleai", record.credential_id, vault::key_state::rejected, {},
                             {},         std::string(v1)};
    const auto change_now = [&](vault::key_store& store) {
        return store.change(home, user_id("ann"), change);
    };
    BOOST_TEST(play<result<bool>>({{makes()}}, change_now).value());
    verbs_are({"commit"});
    BOOST_TEST(play<result<bool>>({{refuses(), reads({record}, v2), makes()}}, change_now).value());
    verbs_are({"commit", "batchGet", "commit"});
    BOOST_TEST(!play<result<bool>>({{refuses(), reads({full_record("googleai")}, v2)}}, change_now).value());
    verbs_are({"commit", "batchGet"});
}

BOOST_AUTO_TEST_CASE(a_rewrap_whose_answer_was_lost_is_recognised_by_its_signature) {
    auto moved = full_record("googleai", "key_bbbbbbbbbbbb");
    moved.version = v1;
    auto old = moved;
    old.key_id = "key_aaaaaaaaaaaa";
    old.signature = "another";
    const auto replace = [&](vault::key_store& store) {
        return store.replace(home, user_id("ann"), moved, "key_aaaaaaaaaaaa");
    };
    BOOST_TEST(play<result<bool>>({{loses_answer()}, {makes()}}, replace).value());
    BOOST_TEST(play<result<bool>>({{loses_answer()}, {refuses(), reads({moved}, v2)}}, replace).value());
    verbs_are({"commit", "commit", "batchGet"});
    BOOST_TEST(
        play<result<bool>>({{loses_answer()}, {refuses(), reads({old}, v2), makes()}}, replace).value());
    verbs_are({"commit", "commit", "batchGet", "commit"});
}

BOOST_AUTO_TEST_SUITE_END()
