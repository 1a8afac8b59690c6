#pragma once

#include <cstddef>
#include <iosfwd>
#include <span>
#include <string_view>

namespace byot {

/// Bytes that nobody may see: locked in memory where the system allows it, fenced by guard pages, wiped when
/// they go. Moves, never copies by itself; has no way into a stream, a format or a comparison.
class secret {
public:
    secret() = default;
    /// Room for `capacity` bytes, empty. Throws std::bad_alloc when there is no memory to lock away.
    explicit secret(std::size_t capacity);
    static secret copy_of(std::string_view bytes); ///< of exactly that capacity

    secret(secret&& other) noexcept;
    secret& operator=(secret&& other) noexcept;
    ~secret();

    /// The bytes, for the one who must use them. Valid until the secret changes.
    std::string_view expose() const noexcept { return {data_, size_}; }
    std::span<unsigned char> expose_writable() noexcept;

    std::size_t size() const noexcept { return size_; }
    std::size_t capacity() const noexcept { return capacity_; }
    bool empty() const noexcept { return size_ == 0; }

    /// Adds bytes; precondition: they fit in the capacity.
    void append(std::string_view bytes) noexcept;
    /// Sets the size; precondition: at most the capacity. Bytes cut off are wiped.
    void resize(std::size_t size) noexcept;

private:
    char* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

std::ostream& operator<<(std::ostream&, const secret&) = delete;
bool operator==(const secret&, const secret&) = delete;

/// Overwrites memory that held a secret, in a way the compiler does not drop, and the registers that it may
/// have been copied through.
void wipe(void* memory, std::size_t size) noexcept;

/// Overwrites the vector registers, which hold what was copied, compared or hashed last until another does,
/// and which an image of a waiting process shows. Of x86-64; nothing elsewhere.
void wipe_registers() noexcept;

/// Overwrites the stack below the caller, where a library may have left parts of a secret.
void wipe_stack() noexcept;

} // namespace byot
