#include "core/secret.hpp"

namespace byot {

#if defined(__x86_64__)

namespace {

const bool has_avx = __builtin_cpu_supports("avx");
const bool has_avx512 = __builtin_cpu_supports("avx512vl");

// The compiler takes every register below for lost at a call (System V ABI §3.2.1), so nothing is saved for
// it.
void wipe_first_sixteen() noexcept {
    if (has_avx) {
        asm volatile("vzeroall" ::
                         : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
                           "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
        return;
    }
    asm volatile(
        "pxor %%xmm0, %%xmm0; pxor %%xmm1, %%xmm1; pxor %%xmm2, %%xmm2; pxor %%xmm3, %%xmm3;"
        "pxor %%xmm4, %%xmm4; pxor %%xmm5, %%xmm5; pxor %%xmm6, %%xmm6; pxor %%xmm7, %%xmm7;"
        "pxor %%xmm8, %%xmm8; pxor %%xmm9, %%xmm9; pxor %%xmm10, %%xmm10; pxor %%xmm11, %%xmm11;"
        "pxor %%xmm12, %%xmm12; pxor %%xmm13, %%xmm13; pxor %%xmm14, %%xmm14; pxor %%xmm15, %%xmm15" ::
            : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
              "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}

// The C library copies through these where they are; this program is not compiled for them. Writing the low
// part of one clears the rest.
void wipe_last_sixteen() noexcept {
    asm volatile(
        "vpxord %xmm16, %xmm16, %xmm16; vpxord %xmm17, %xmm17, %xmm17; vpxord %xmm18, %xmm18, %xmm18;"
        "vpxord %xmm19, %xmm19, %xmm19; vpxord %xmm20, %xmm20, %xmm20; vpxord %xmm21, %xmm21, %xmm21;"
        "vpxord %xmm22, %xmm22, %xmm22; vpxord %xmm23, %xmm23, %xmm23; vpxord %xmm24, %xmm24, %xmm24;"
        "vpxord %xmm25, %xmm25, %xmm25; vpxord %xmm26, %xmm26, %xmm26; vpxord %xmm27, %xmm27, %xmm27;"
        "vpxord %xmm28, %xmm28, %xmm28; vpxord %xmm29, %xmm29, %xmm29; vpxord %xmm30, %xmm30, %xmm30;"
        "vpxord %xmm31, %xmm31, %xmm31");
}

} // namespace

void wipe_registers() noexcept {
    wipe_first_sixteen();
    if (has_avx512) wipe_last_sixteen();
}

#else

void wipe_registers() noexcept {}

#endif

} // namespace byot
