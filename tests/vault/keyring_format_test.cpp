#include "test_data.hpp"
#include "vault/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <initializer_list>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

namespace {

std::string sample_text(keyring_part part = keyring_part::whole) {
    const auto text = serialize_keyring(*sample_ring(), part);
    return std::string(text.expose());
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto found = text.find(from);
    BOOST_TEST_REQUIRE(found != std::string::npos, from);
    return text.replace(found, from.size(), to);
}

// The value of the first member of that name.
std::string value_of(const std::string& text, std::string_view name) {
    const auto begin = text.find("\"" + std::string(name) + "\": \"") + name.size() + 5;
    return text.substr(begin, text.find('"', begin) - begin);
}

std::string with_value(const std::string& text, std::string_view name, std::string_view value) {
    return replaced(text, value_of(text, name), value);
}

std::string without(const std::string& text, std::string_view name) {
    const auto member = "\"" + std::string(name) + "\": \"" + value_of(text, name) + "\"";
    return replaced(text, ",\n      " + member, "");
}

/// A text that is no keyring, and what its problem says.
using refusal = std::pair<std::string, std::string_view>;

/// Each is refused with its problem, which has nothing of the file's content in it.
void check_refusals(std::initializer_list<refusal> table) {
    const auto good = sample_text();
    for (const auto& [text, problem] : table) {
        const auto ring = parse_keyring(text);
        BOOST_TEST_CONTEXT(problem) {
            BOOST_TEST_REQUIRE(!ring.has_value());
            BOOST_TEST(ring.error().message.find(problem) != std::string::npos, ring.error().message);
            for (const auto name : {"boxSecret", "signSecret", "boxPublic"}) {
                BOOST_TEST(ring.error().message.find(value_of(good, name)) == std::string::npos);
            }
        }
    }
}

std::string base64_of(const std::string& bytes) {
    return base64_encode(as_bytes(bytes));
}

/// A file as some version of this program wrote it; all of the same two entries.
std::string text_of_version(std::size_t version) {
    return read_text(test_data("vault/keyring_versions/" + std::to_string(version) + ".json"));
}

void check_is_sample(const keyring& ring) {
    const auto expected = sample_ring();
    BOOST_TEST_REQUIRE(ring.entries().size() == 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        const auto& read = ring.entries()[i];
        const auto& wanted = expected->entries()[i];
        BOOST_TEST(read.id == wanted.id);
        BOOST_TEST((read.created_at == wanted.created_at));
        BOOST_TEST((read.box_public == wanted.box_public && read.sign_public == wanted.sign_public));
        BOOST_TEST(read.box_secret.expose() == wanted.box_secret.expose());
        BOOST_TEST(read.sign_secret.expose() == wanted.sign_secret.expose());
        BOOST_TEST(read.is_active == wanted.is_active);
    }
    BOOST_TEST(ring.can_open());
    BOOST_TEST(ring.can_sign());
}

} // namespace

BOOST_AUTO_TEST_SUITE(keyring_format_suite)

BOOST_AUTO_TEST_CASE(a_keyring_that_was_not_read_says_why_to_whoever_uses_it) {
    const auto says_why = [](const std::runtime_error& error) {
        return error.what() == parse_keyring("{}").error().message;
    };
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_keyring("{}").value()), std::runtime_error, says_why);
}

BOOST_AUTO_TEST_CASE(what_is_written_reads_back) {
    const auto ring = parse_keyring(sample_text());
    BOOST_TEST_REQUIRE(ring.has_value());
    check_is_sample(*ring);
}

BOOST_AUTO_TEST_CASE(a_made_entry_is_one_that_can_be_read) {
    std::vector<keyring_entry> entries;
    entries.push_back(make_entry(now()));
    entries.push_back(make_entry(now()));
    BOOST_TEST(entries[0].id != entries[1].id);
    BOOST_TEST((entries[0].box_public != entries[1].box_public));
    const keyring ring(std::move(entries));
    BOOST_TEST(parse_keyring(serialize_keyring(ring, keyring_part::whole).expose()).has_value());
}

BOOST_AUTO_TEST_CASE(a_role_lacks_its_forbidden_half_in_every_entry) {
    const auto keys_role = parse_keyring(sample_text(keyring_part::keys_role));
    BOOST_TEST_REQUIRE(keys_role.has_value());
    BOOST_TEST(!keys_role->can_open());
    BOOST_TEST(keys_role->can_sign());
    BOOST_TEST(sample_text(keyring_part::keys_role).find("boxSecret") == std::string::npos);
    const auto ai_role = parse_keyring(sample_text(keyring_part::ai_role));
    BOOST_TEST_REQUIRE(ai_role.has_value());
    BOOST_TEST(ai_role->can_open());
    BOOST_TEST(!ai_role->can_sign());
    BOOST_TEST(sample_text(keyring_part::ai_role).find("signSecret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_text_that_is_not_the_frame_of_a_keyring_is_refused) {
    const auto good = sample_text();
    check_refusals({
        {"", "not JSON"},
        {"\n", "not JSON"},
        {"sk-not-json", "not JSON"},
        {good + "x", "not JSON"},
        {good.substr(0, good.size() - 3), "not JSON"},
        {replaced(good, "\"version\": 1", "\"version\": 1.0"), "version is not 1"},
        {"[]", "is not a JSON object"},
        {"\"x\"", "is not a JSON object"},
        {"7", "is not a JSON object"},
        {"{}", "version is missing"},
        {R"({"version":1})", "entries is missing"},
        {R"({"entries":[]})", "version is missing"},
        {R"({"version":1,"entries":[]})", "no entry is active"},
        {R"({"version":1,"entries":{}})", "entries is not an array"},
        {R"({"version":1,"entries":"x"})", "entries is not an array"},
        {R"({"version":1,"entries":["x"]})", "entry 1: is not an object"},
        {R"({"version":"1","entries":[]})", "version is not 1"},
        {R"({"version":[],"entries":[]})", "version is not 1"},
        {R"({"version":{},"entries":[]})", "version is not 1"},
        {R"({"version":1,"version":1,"entries":[]})", "version is there twice"},
        {R"({"version":1,"entries":[],"entries":[]})", "entries is there twice"},
        {replaced(good, "\"version\": 1", "\"version\": 2"), "version is not 1"},
        {replaced(good, "\"version\": 1", "\"version\": 1, \"note\": \"x\""), "does not know"},
        {replaced(replaced(good, "\"active\"", "\"retired\""), "\"active\"", "\"retired\""),
         "no entry is active"},
    });
}

BOOST_AUTO_TEST_CASE(an_entry_without_just_its_members_is_refused) {
    const auto good = sample_text();
    check_refusals({
        {replaced(good, "\"active\"", "true"), "entry 1: state is not a string"},
        {R"({"version":1,"entries":[{}]})", "entry 1: id is missing"},
        {replaced(good, "\"createdAt\"", "\"createdat\""), "entry 1: has a member"},
        {replaced(good, "\"createdAt\"", "\"id\""), "entry 1: id is there twice"},
        {replaced(good, "\"" + value_of(good, "state") + "\"", "1"), "entry 1: state is not a string"},
        {replaced(good, "\"" + value_of(good, "state") + "\"", "[]"), "entry 1: state is not a string"},
        {without(good, "createdAt"), "entry 1: createdAt is missing"},
        {without(good, "boxPublic"), "entry 1: boxPublic is missing"},
        {without(good, "signPublic"), "entry 1: signPublic is missing"},
        {without(good, "state"), "entry 1: state is missing"},
        {without(without(good, "boxSecret"), "signSecret"), "entry 1: neither"},
        {without(good, "boxSecret"), "entry 2: has other private halves"},
        {without(good, "signSecret"), "entry 2: has other private halves"},
        {with_value(good, "id", "key_newnewnewnew"), "entry 2: has the id"},
    });
}

BOOST_AUTO_TEST_CASE(an_id_a_time_or_a_state_that_none_can_be_is_refused) {
    const auto good = sample_text();
    check_refusals({
        {with_value(good, "id", "key_short"), "entry 1: id is not"},
        {with_value(good, "id", "kex_oldoldoldold"), "entry 1: id is not"},
        {with_value(good, "id", "key_oldoldoldo-d"), "entry 1: id is not"},
        {with_value(good, "createdAt", "yesterday"), "entry 1: createdAt"},
        {with_value(good, "state", "Active"), "entry 1: state is neither"},
        {with_value(good, "state", ""), "entry 1: state is neither"},
    });
}

BOOST_AUTO_TEST_CASE(a_box_pair_that_is_none_is_refused) {
    const auto good = sample_text();
    const auto ai_role = sample_text(keyring_part::ai_role);
    const auto other_box = base64_encode(as_bytes(fixed_entry(9, "key_other0000000").box_secret.expose()));
    const auto zeros = base64_of(std::string(32, '\0'));
    check_refusals({
        {with_value(good, "boxPublic", ""), "entry 1: boxPublic is not 32"},
        {with_value(good, "boxPublic", base64_of(std::string(31, 'x'))), "boxPublic is not 32"},
        {with_value(good, "boxPublic", base64_of(std::string(33, 'x'))), "boxPublic is not 32"},
        {with_value(good, "boxPublic", value_of(good, "boxPublic") + "\\n"), "boxPublic is not 32"},
        {with_value(good, "boxPublic", value_of(good, "boxPublic").substr(0, 43)), "boxPublic is not 32"},
        {with_value(good, "boxPublic", std::string(40, 'A') + "ïA="), "boxPublic is not 32"},
        {with_value(ai_role, "boxPublic", zeros), "boxPublic is not a usable"},
        {with_value(good, "boxSecret", ""), "entry 1: boxSecret is not 32"},
        {with_value(good, "boxSecret", "sk-plain"), "entry 1: boxSecret is not 32"},
        {with_value(good, "boxSecret", other_box), "entry 1: boxSecret does not belong"},
    });
}

BOOST_AUTO_TEST_CASE(a_signing_pair_that_is_none_is_refused) {
    const auto good = sample_text();
    const auto other = fixed_entry(9, "key_other0000000");
    const auto other_box = base64_encode(as_bytes(other.box_secret.expose()));
    const auto other_sign = base64_encode(as_bytes(other.sign_secret.expose()));
    // The right seed with another public half behind it.
    const auto lying_sign = base64_of(
        std::string(sample_ring()->entries()[0].sign_secret.expose().substr(0, 32)) + std::string(32, 'x'));
    const auto zeros = base64_of(std::string(32, '\0'));
    check_refusals({
        {with_value(good, "signPublic", zeros), "entry 1: signPublic is not a usable"},
        {with_value(good, "signPublic", "x"), "entry 1: signPublic is not 32"},
        {with_value(good, "signSecret", other_box), "entry 1: signSecret is not 64"},
        {with_value(good, "signSecret", other_sign), "entry 1: signSecret does not belong"},
        {with_value(good, "signSecret", lying_sign), "entry 1: signSecret does not belong"},
    });
}

BOOST_AUTO_TEST_CASE(a_retired_entry_still_opens_but_may_not_be_the_last) {
    const auto text = replaced(sample_text(), "\"active\"", "\"retired\"");
    const auto ring = parse_keyring(text);
    BOOST_TEST_REQUIRE(ring.has_value());
    const auto& retired = ring->entries().front();
    BOOST_TEST(!retired.is_active);
    const auto sealed = seal_key(retired, user_id("u"), "p", secret::copy_of("sk"));
    BOOST_TEST(open_sealed(retired, user_id("u"), "p", sealed).has_value());
}

// Whoever adds a version adds a file of it here.
BOOST_AUTO_TEST_CASE(a_file_of_every_earlier_version_is_read) {
    const auto newest = keyring_versions().size();
    for (std::size_t version = 1; version <= newest; ++version) {
        BOOST_TEST_CONTEXT("version " << version) {
            const auto ring = parse_keyring(text_of_version(version));
            BOOST_TEST_REQUIRE(ring.has_value());
            check_is_sample(*ring);
        }
    }
    BOOST_TEST(text_of_version(newest + 1).empty());
}

// Instances of the program before this one read it, so it does not change by itself.
BOOST_AUTO_TEST_CASE(the_version_that_is_written_is_written_to_the_letter) {
    BOOST_TEST(sample_text() == text_of_version(written_keyring_version));
}

BOOST_AUTO_TEST_CASE(a_file_of_a_later_version_is_told_as_such_whatever_else_it_has) {
    const auto good = sample_text();
    const auto later = std::to_string(keyring_versions().size() + 1);
    const std::string text = R"({"version":)" + later;
    for (const auto& one : {text + R"(,"entries":[]})", text + R"(,"entries":{"a":{}},"more":[[1]]})",
                            text + "}", replaced(good, "\"version\": 1", "\"version\": " + later)}) {
        const auto ring = parse_keyring(one);
        BOOST_TEST_REQUIRE(!ring.has_value());
        BOOST_TEST(ring.error().message == "version is not 1: the file was written by a later byot");
    }
}

// Upgrades as they may come: version 2 renames a member, version 3 adds one that every entry has.
BOOST_AUTO_TEST_CASE(each_earlier_version_is_upgraded_step_by_step) {
    static constexpr std::array<std::string_view, 6> first{"key",       "createdAt",  "boxPublic",
                                                           "boxSecret", "signPublic", "signSecret"};
    static constexpr std::array<std::string_view, 6> second{"id",        "createdAt",  "boxPublic",
                                                            "boxSecret", "signPublic", "signSecret"};
    static constexpr std::array<std::string_view, 7> third{
        "id", "createdAt", "boxPublic", "boxSecret", "signPublic", "signSecret", "state"};
    const auto rename = [](entry_texts& entry) {
        for (auto& [name, text] : entry) {
            if (name == "key") name = "id";
        }
    };
    const auto add = [](entry_texts& entry) { entry.emplace_back("state", "active"); };
    const keyring_version history[] = {{first, rename}, {second, add}, {third, nullptr}};

    const auto text_3 = replaced(sample_text(), "\"version\": 1", "\"version\": 3");
    const auto text_2 = replaced(without(without(text_3, "state"), "state"), "3", "2");
    auto text_1 = replaced(text_2, "\"version\": 2", "\"version\": 1");
    for (int i = 0; i < 2; ++i) text_1 = replaced(text_1, "\"id\"", "\"key\"");
    for (const auto& text : {text_1, text_2, text_3}) {
        const auto ring = parse_keyring(text, history);
        BOOST_TEST_REQUIRE(ring.has_value());
        check_is_sample(*ring);
    }
    const auto mixed = parse_keyring(replaced(text_2, "\"id\"", "\"key\""), history);
    BOOST_TEST(mixed.error().message == "entry 1: has a member that this version does not know");
    const auto none = parse_keyring(R"({"version":0,"entries":[]})", history);
    BOOST_TEST(none.error().message == "version is not 1 to 3, which is what this program knows");
    const auto later = parse_keyring(R"({"version":4,"entries":[]})", history);
    BOOST_TEST(later.error().message == "version is not 1 to 3: the file was written by a later byot");
}

BOOST_AUTO_TEST_SUITE_END()
