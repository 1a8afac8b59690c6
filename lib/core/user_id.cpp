#include "core/user_id.hpp"

#include <stdexcept>

namespace byot {
namespace {

constexpr char mark = '\0';
constexpr std::size_t prefix = 2; // the mark and the length

std::size_t tenant_length(std::string_view canonical) noexcept {
    return static_cast<unsigned char>(canonical[1]);
}

} // namespace

user_id::user_id(std::string_view tenant, std::string_view uid) {
    if (tenant.size() > longest_tenant) throw std::length_error("a tenant has at most 255 bytes");
    if (tenant.empty() && !uid.starts_with(mark)) {
        canonical_ = uid;
        return;
    }
    canonical_.reserve(prefix + tenant.size() + uid.size());
    canonical_.push_back(mark);
    canonical_.push_back(static_cast<char>(tenant.size()));
    canonical_.append(tenant).append(uid);
}

std::string_view user_id::tenant() const noexcept {
    const std::string_view text = canonical_;
    return text.starts_with(mark) ? text.substr(prefix, tenant_length(text)) : std::string_view();
}

std::string_view user_id::uid() const noexcept {
    const std::string_view text = canonical_;
    return text.starts_with(mark) ? text.substr(prefix + tenant_length(text)) : text;
}

} // namespace byot
