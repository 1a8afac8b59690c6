#pragma once

#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/serializer.hpp>

#include <string>
#include <string_view>

namespace byot::http {

/// Beast's view as the standard's.
inline std::string_view view(boost::beast::string_view text) noexcept {
    return {text.data(), text.size()};
}

/// Adds what the buffers hold and gives their size.
template <class Buffers>
std::size_t append_buffers(std::string& text, const Buffers& buffers) {
    const auto before = text.size();
    for (const boost::asio::const_buffer part : boost::beast::buffers_range_ref(buffers))
        text.append(static_cast<const char*>(part.data()), part.size());
    return text.size() - before;
}

/// The text of a message, or of its head alone when the serializer was told to split. For .cpp files: Beast
/// is in no header that others include.
template <class Serializer>
std::string text_of(Serializer& message) {
    std::string text;
    boost::system::error_code error;
    const auto is_over = [&] { return message.is_done() || (message.split() && message.is_header_done()); };
    while (!is_over() && !error)
        message.next(error, [&](boost::system::error_code&, const auto& buffers) {
            message.consume(append_buffers(text, buffers));
        });
    return text;
}

} // namespace byot::http
