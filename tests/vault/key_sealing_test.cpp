#include "vault/samples.hpp"
#include "vault/sealed_payload.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

namespace {

constexpr std::string_view entry_id = "key_newnewnewnew";

std::string seal_text(const keyring_entry& entry, std::string_view text) {
    std::string sealed(text.size() + crypto_box_SEALBYTES, '\0');
    crypto_box_seal(reinterpret_cast<unsigned char*>(sealed.data()), as_bytes(text).data(), text.size(),
                    entry.box_public.data());
    return sealed;
}

std::optional<reason> fault_of(const keyring_entry& entry, std::string_view sealed) {
    const auto opened = open_sealed(entry, user_id("user-1"), "googleai", sealed);
    return opened ? std::nullopt : std::optional(opened.error().why());
}

bool opens(const keyring_entry& entry, std::string_view sealed) {
    const auto fault = fault_of(entry, sealed);
    if (fault) BOOST_TEST((fault == reason::key_undecryptable));
    return !fault;
}

} // namespace

BOOST_AUTO_TEST_SUITE(key_sealing_suite)

BOOST_AUTO_TEST_CASE(nothing_is_sealed_for_a_public_key_that_seals_for_everybody) {
    auto entry = fixed_entry(2, std::string(entry_id));
    entry.box_public.fill(0); // of small order: its shared secret is known without any private half
    BOOST_CHECK_THROW(seal_key(entry, user_id("user-1"), "googleai", secret::copy_of("sk-1")),
                      std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_sealed_key_opens_for_its_user_and_provider_only) {
    const auto entry = fixed_entry(2, std::string(entry_id));
    const auto sealed = seal_key(entry, user_id("user-1"), "googleai", secret::copy_of("sk-test-0123456789"));
    const auto opened = open_sealed(entry, user_id("user-1"), "googleai", sealed);
    BOOST_TEST_REQUIRE(opened.has_value());
    BOOST_TEST(opened->expose() == "sk-test-0123456789");
    BOOST_TEST(!open_sealed(entry, user_id("user-2"), "googleai", sealed).has_value());
    BOOST_TEST(!open_sealed(entry, user_id("user-1"), "openai", sealed).has_value());
    BOOST_TEST(sealed.find("sk-test") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_box_names_the_entry_that_it_was_sealed_for) {
    auto entry = fixed_entry(2, std::string(entry_id));
    const auto sealed = seal_key(entry, user_id("user-1"), "googleai", secret::copy_of("sk"));
    entry.id = "key_otherother00"; // the same pair under another name
    BOOST_TEST(!opens(entry, sealed));
    BOOST_TEST(!opens(fixed_entry(1, std::string(entry_id)), sealed));
}

BOOST_AUTO_TEST_CASE(every_single_flipped_bit_of_a_box_is_refused) {
    const auto entry = fixed_entry(2, std::string(entry_id));
    const auto sealed = seal_key(entry, user_id("user-1"), "googleai", secret::copy_of("sk-test-0123456789"));
    std::size_t opened = 0;
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        auto bad = sealed;
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
        opened += open_sealed(entry, user_id("user-1"), "googleai", bad).has_value();
    }
    BOOST_TEST(opened == 0U);
}

BOOST_AUTO_TEST_CASE(a_box_cut_short_or_made_longer_is_refused) {
    const auto entry = fixed_entry(2, std::string(entry_id));
    const auto sealed = seal_key(entry, user_id("user-1"), "googleai", secret::copy_of("sk"));
    for (std::size_t size = 0; size < sealed.size(); ++size)
        BOOST_TEST(!opens(entry, sealed.substr(0, size)));
    BOOST_TEST(!opens(entry, sealed + '\0'));
}

BOOST_AUTO_TEST_CASE(a_box_whose_key_could_break_a_header_is_refused_as_no_key) {
    const auto entry = fixed_entry(2, std::string(entry_id));
    const auto of_key = [&](std::string_view key) {
        return seal_text(entry, write_payload(user_id("user-1"), "googleai", entry_id, key).expose());
    };
    BOOST_TEST(opens(entry, of_key("sk")));
    for (const auto key : {"", "a\r\nx-byot-uid: b", "a b", "sch\xc3\xb6n"})
        BOOST_TEST((fault_of(entry, of_key(key)) == reason::key_required));
    BOOST_TEST(!opens(entry, seal_text(entry, "")));
    BOOST_TEST(!opens(entry, seal_text(entry, "sk-not-a-payload")));
}

BOOST_AUTO_TEST_CASE(an_entry_without_its_private_half_opens_nothing_but_seals) {
    const auto whole = sample_ring();
    const auto keys_role = role_ring(*whole, keyring_part::keys_role);
    const auto sealed = seal_key(keys_role->newest(), user_id("user-1"), "googleai", secret::copy_of("sk"));
    BOOST_TEST(!opens(keys_role->newest(), sealed));
    BOOST_TEST(opens(whole->newest(), sealed));
}

BOOST_AUTO_TEST_CASE(a_box_that_libsodium_made_elsewhere_opens) {
    // Made by libsodium 1.0.18 and by libsodium-wrappers in Node for the seed of 32 sevens.
    const auto entry = fixed_entry(7, std::string(entry_id));
    BOOST_TEST(base64_encode(entry.box_public) == "dh2I7IMEE5Gd/p1NHVbxfmU8jJlAgt9bE3uQoK5u33Q=");
    BOOST_TEST(base64_encode(as_bytes(entry.box_secret.expose())) ==
               "L605/v1/o+IAqcYm7vWZ5hotBVxIqCiKTn5MS8o5KPg=");
    const std::pair<std::string_view, std::string_view> table[] = {
        {"Gb09r6n2+7b1ZTn/LI0VD0XOOqJGTaTRbRNPrKLOE2+pKfPA+kc7g89oKUslZI2uTAJ7SLRm4JWa7N5WphSOVaEb",
         "sk-test-0123456789"},
        {"ODphftOa/bdkqnZGKagrb0d7Fa2x3vb09zlRT7XieBZ5R739sG3y63yAk5QProtkrj2oT71Vi0n9eUzvmb7WrHwZhoPz",
         "from-browser-ключ"},
    };
    for (const auto& [box, message] : table) {
        const auto sealed = base64_decode(box).value();
        std::string text(sealed.size() - crypto_box_SEALBYTES, '\0');
        BOOST_TEST(crypto_box_seal_open(reinterpret_cast<unsigned char*>(text.data()),
                                        as_bytes(sealed).data(), sealed.size(), entry.box_public.data(),
                                        as_bytes(entry.box_secret.expose()).data()) == 0);
        BOOST_TEST(text == message);
        BOOST_TEST(!opens(entry, sealed)); // a box, but of no payload
    }
}

BOOST_AUTO_TEST_CASE(a_record_copied_to_another_user_is_refused) {
    const auto ring = sample_ring();
    const auto record = sample_record(*ring, user_id("user-1"));
    BOOST_TEST(open_record(*ring, user_id("user-1"), record).has_value());
    BOOST_TEST(!open_record(*ring, user_id("user-2"), record).has_value());
    // Even when whoever copied it could sign: the box itself names its user.
    auto signed_again = record;
    sign(ring->newest(), user_id("user-2"), signed_again);
    BOOST_TEST(is_authentic(*ring, user_id("user-2"), signed_again));
    BOOST_TEST(!open_record(*ring, user_id("user-2"), signed_again).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
