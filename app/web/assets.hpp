#pragma once

#include <span>
#include <string_view>

namespace byot::web {

/// One file of the console or the docs reader, as it is served. Views into the program's own image.
struct asset {
    std::string_view path;         ///< of the URL: "/", "/docs", "/assets/console.css" …
    std::string_view content_type; ///< "text/html; charset=utf-8" …
    std::string_view body;
    std::string_view etag; ///< strong, with its quotes, from the content
};

/// What the pages' answers carry as Content-Security-Policy: everything from here, nothing inline, no frame.
inline constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Every file of the pages.
std::span<const asset> web_assets();

} // namespace byot::web
