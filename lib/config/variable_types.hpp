#pragma once

#include "config/addresses.hpp"
#include "config/quantities.hpp"
#include "config/variables.hpp"
#include "core/provider_table.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <type_traits>

// What a variable can be: each type reads a text into one member of the configuration and prints it back in
// the form that it reads.
namespace byot::config {

template <class Struct, class Value>
Value member_value(Value Struct::*);

/// Nothing when it is no whole number within the bounds.
inline std::optional<std::uint64_t> parse_number_within(std::string_view text, std::uint64_t low,
                                                        std::uint64_t high) {
    const auto value = parse_number(text);
    return value && *value >= low && *value <= high ? value : std::nullopt;
}

template <auto Member, std::uint64_t Low, std::uint64_t High>
struct number {
    static complaint read(std::string_view text, configuration& into) {
        const auto value = parse_number_within(text, Low, High);
        if (!value) return fmt::format("must be a whole number from {} to {}", Low, High);
        into.*Member = static_cast<decltype(member_value(Member))>(*value);
        return {};
    }
    static std::string print(const configuration& from) { return std::to_string(from.*Member); }
};

/// Bounds in milliseconds.
template <auto Member, std::int64_t Low, std::int64_t High>
struct duration {
    static complaint read(std::string_view text, configuration& into) {
        const auto value = parse_duration(text);
        if (!value || value->count() < Low || value->count() > High)
            return fmt::format("must be from {} to {}: a whole number with ms, s, m or h, such as 30s",
                               format_duration(std::chrono::milliseconds(Low)),
                               format_duration(std::chrono::milliseconds(High)));
        into.*Member = *value;
        return {};
    }
    static std::string print(const configuration& from) { return format_duration(from.*Member); }
};

/// A number alone, as OpenTelemetry's variables have it. Bounds in milliseconds.
template <auto Member, std::uint64_t Low, std::uint64_t High>
struct milliseconds {
    static complaint read(std::string_view text, configuration& into) {
        const auto value = parse_number_within(text, Low, High);
        if (!value) return fmt::format("must be a whole number of milliseconds from {} to {}", Low, High);
        into.*Member = std::chrono::milliseconds(*value);
        return {};
    }
    static std::string print(const configuration& from) { return std::to_string((from.*Member).count()); }
};

/// Bounds in bytes.
template <auto Member, std::uint64_t Low, std::uint64_t High>
struct size {
    static complaint read(std::string_view text, configuration& into) {
        const auto value = parse_size(text);
        if (!value || *value < Low || *value > High)
            return fmt::format("must be from {} to {}: a whole number with k or m, such as 64k",
                               format_size(Low), format_size(High));
        into.*Member = *value;
        return {};
    }
    static std::string print(const configuration& from) { return format_size(from.*Member); }
};

template <auto Member>
struct rate_or_off {
    static complaint read(std::string_view text, configuration& into) {
        const auto value = parse_rate(text);
        if (!value && text != "off")
            return "must be N/s, N/m or N/h with N from 1 to 1000000, such as 60/m, or off";
        into.*Member = value;
        return {};
    }
    static std::string print(const configuration& from) { return format_rate(from.*Member); }
};

template <auto Member>
struct on_off {
    static complaint read(std::string_view text, configuration& into) {
        if (text != "on" && text != "off") return "must be on or off, in lower case";
        into.*Member = text == "on";
        return {};
    }
    static std::string print(const configuration& from) { return from.*Member ? "on" : "off"; }
};

/// One of the words of an enumeration; `Words` is an array in the enumeration's order. `Equals` tells whether
/// two words are the same one.
inline bool is_same_word(std::string_view a, std::string_view b) noexcept {
    return a == b;
}

template <auto Member, const auto& Words,
          bool (*Equals)(std::string_view, std::string_view) noexcept = is_same_word>
struct choice {
    static complaint read(std::string_view text, configuration& into) {
        for (std::size_t i = 0; i < Words.size(); ++i) {
            if (!Equals(text, Words[i])) continue;
            into.*Member = static_cast<decltype(member_value(Member))>(i);
            return {};
        }
        return fmt::format("must be one of: {}", fmt::join(Words, ", "));
    }
    static std::string print(const configuration& from) {
        return std::string(Words[static_cast<std::size_t>(from.*Member)]);
    }
};

inline complaint check_nothing(std::string_view) {
    return {};
}

template <auto Member, complaint (*Check)(std::string_view) = check_nothing>
struct text_field {
    static complaint read(std::string_view text, configuration& into) {
        if (auto wrong = Check(text)) return wrong;
        into.*Member = text;
        return {};
    }
    static std::string print(const configuration& from) { return from.*Member; }
};

inline std::string print_url(const url_setting& member) {
    return mask_url(member.text);
}
inline std::string print_url(const std::optional<url_setting>& member) {
    return member ? mask_url(member->text) : std::string();
}

/// A member of type url_setting, or one that may be missing. `Read` reads it, or complains.
template <auto Member, complaint (*Read)(std::string_view, url_setting&)>
struct url_field {
    static complaint read(std::string_view text, configuration& into) {
        url_setting given;
        if (auto wrong = Read(text, given)) return wrong;
        into.*Member = std::move(given);
        return {};
    }
    static std::string print(const configuration& from) { return print_url(from.*Member); }
};

/// Where the provider of that place in the table is asked.
template <std::size_t Place>
struct provider_url {
    static constexpr std::string_view name = provider_table[Place].name;

    static complaint read(std::string_view text, configuration& into) {
        url_setting given;
        if (auto wrong = read_base_override(text, given)) return wrong;
        into.provider_urls.insert_or_assign(std::string(name), std::move(given));
        return {};
    }
    static std::string print(const configuration& from) {
        const auto found = from.provider_urls.find(std::string(name));
        return found == from.provider_urls.end() ? std::string() : print_url(found->second);
    }
};

} // namespace byot::config
